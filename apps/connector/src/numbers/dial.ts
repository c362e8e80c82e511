import { OffhookError } from '@offhook/contract';

/** What people and address books write into numbers for the eye: spaces, dashes, dots, slashes, brackets. */
const DECORATION = /[\s\p{Pd}.,/()[\]\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
/** `+49 (0) 30 …`: the zero is for callers inside the country only. */
const TRUNK_PREFIX_HINT = /\(\s*0\s*\)/u;
/** A leading plus; digits, star and hash anywhere, as feature codes need them (`*21*200#`). */
const DIALLABLE = /^\+?[0-9*#]+$/u;
/** E.164 allows 15 digits; feature codes with a number inside are longer. */
const MAX_DIGITS = 40;

/** The digits to dial for what a person typed. Throws `number_invalid`. */
export function normaliseNumber(typed: string): string {
  const plain = typed.normalize('NFKC').trim();
  const international = plain.startsWith('+') ? plain.replace(TRUNK_PREFIX_HINT, '') : plain;
  const digits = international.replace(DECORATION, '');
  if (!DIALLABLE.test(digits) || digits.length > MAX_DIGITS || digits === '+') {
    throw new OffhookError('number_invalid');
  }
  return digits;
}
