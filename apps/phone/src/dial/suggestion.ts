import {
  bareNumber,
  fold,
  internationalDigits,
  wordsOf,
  type DirectoryEntry,
  type DirectoryPerson,
  type HistoryEntry,
  type Numbering,
  type Party,
  type Presence,
  type UserId,
} from '@offhook/contract';

/** Somebody who may be meant: a colleague, or a party of a call of the last days. */
export interface Suggestion {
  readonly key: string;
  readonly name: string | undefined;
  readonly number: string | undefined;
  readonly userId: UserId | undefined;
  /** As the cloud said with its answer. */
  readonly presence: Presence | undefined;
  /** Known from calls alone. */
  readonly isRecent: boolean;
}

export function suggestionOf(entry: DirectoryEntry | DirectoryPerson): Suggestion {
  const { userId, name, number } = entry;
  const presence = 'presence' in entry ? entry.presence : undefined;
  return { key: userId, name, number, userId, presence, isRecent: false };
}

/** Parties of the calls, newest first, each once; colleagues are found as colleagues. */
export function recentParties(entries: readonly HistoryEntry[]): readonly Party[] {
  const parties = new Map<string, Party>();
  for (const { remote } of entries) {
    const number = bareNumber(remote.number);
    if (number !== '' && remote.userId === undefined && !parties.has(number)) parties.set(number, remote);
  }
  return [...parties.values()];
}

/** Digits from which a number is also found by what is in its middle. */
const INNER_DIGITS = 4;

/** Whether the query are beginnings of words of the name, or digits of the number, however either is written. */
export function fitsParty(party: Party, query: string, numbering: Numbering | undefined): boolean {
  const wanted = wordsOf(fold(query));
  const words = wordsOf(fold(party.name ?? ''));
  if (wanted.length > 0 && wanted.every((part) => words.some((word) => word.startsWith(part)))) return true;
  if (!/^[\d\s+*#().\-/]+$/u.test(query)) return false;
  // What is typed may be a beginning.
  const digitsOf = (text: string, atLeast?: number): string[] => {
    const whole = numbering === undefined ? undefined : internationalDigits(text, numbering, atLeast);
    return [bareNumber(text).replace(/^\+/u, ''), ...(whole === undefined ? [] : [`+${whole}`])];
  };
  const has = digitsOf(party.number);
  return digitsOf(query, 3).some(
    (digits) =>
      digits !== '' &&
      has.some((own) => own.startsWith(digits) || (digits.length >= INNER_DIGITS && own.includes(digits))),
  );
}

export const recentSuggestion = ({ number, name }: Party): Suggestion => ({
  key: `recent ${number}`,
  name,
  number,
  userId: undefined,
  presence: undefined,
  isRecent: true,
});
