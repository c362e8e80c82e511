import type { Party } from '@offhook/contract';

/**
 * [CM-26] The PBX and its control link may write one number differently: with and without what stands before the
 * extension, and with zeros for the way out. A number that is withheld is the same only as another that is.
 */
export function isSameNumber(left: Party, right: Party): boolean {
  if (left.number === right.number) return true;
  const digits = [left.number, right.number].map((number) =>
    number.replaceAll(/[^0-9*#]/gu, '').replace(/^0+/u, ''),
  );
  const [shorter = '', longer = ''] = digits.toSorted((a, b) => a.length - b.length);
  return shorter.length >= 3 && longer.endsWith(shorter);
}

export const isSameParty = (left: Party, right: Party): boolean =>
  left.number === right.number && left.name === right.name && left.userId === right.userId;
