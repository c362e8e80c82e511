import type { Party } from '@offhook/contract';
import { readableNumber } from './number-format.ts';

export { readableNumber } from './number-format.ts';

export interface PartyWords {
  /** A name, else a number; undefined where the other side withholds both. */
  readonly title: string | undefined;
  /** The number, where the title is a name. */
  readonly detail: string | undefined;
}

export function partyWords(party: Party): PartyWords {
  const number = party.number === '' ? undefined : readableNumber(party.number);
  if (party.name === undefined || party.name === '' || party.name === party.number) {
    return { title: number, detail: undefined };
  }
  return { title: party.name, detail: number };
}

/** Whether a person typed a number rather than a name. */
export function looksLikeNumber(text: string): boolean {
  return /^[\d\s+*#().\-/]+$/u.test(text) && /[\d*#]/u.test(text);
}
