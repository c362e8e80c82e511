import {
  bareNumber,
  fold,
  wordsOf,
  type ConnectorId,
  type DirectoryEntry,
  type UserId,
} from '@offhook/contract';

export type DirectoryUser = {
  userId: UserId;
  name: string;
  email: string;
  /** That people call. */
  number: string | undefined;
  /** What colleagues dial for short. */
  shortNumber?: string | undefined;
  /** Further numbers of the user's devices: calls may come from them. */
  devices: string[];
  connectorId: ConnectorId | undefined;
  /** Departments and the like. */
  groups?: string[];
};

/** A user with what is searched, prepared once. */
export type SearchableUser = DirectoryUser & { words: string[]; text: string; digits: string; short: string };

export function searchable(user: DirectoryUser): SearchableUser {
  const text = fold(user.name);
  return {
    ...user,
    text,
    words: [...wordsOf(text), ...wordsOf(fold(user.email.split('@', 1)[0] ?? ''))],
    digits: bareNumber(user.number ?? ''),
    short: bareNumber(user.shortNumber ?? ''),
  };
}

/**
 * Users that match every word of the query by the beginning of a word of theirs, of their e-mail address or of
 * their number. Best first: the very number or name, then names that begin so, then the rest by name.
 */
export function searchDirectory(
  users: readonly SearchableUser[],
  query: string,
  limit: number,
): DirectoryEntry[] {
  const folded = fold(query).trim();
  const wanted = wordsOf(folded);
  const number = bareNumber(query);
  const ranked = users.flatMap((user) => {
    const rank = rankOf(user, folded, wanted, number);
    return rank === undefined ? [] : [{ rank, user }];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.user.name.localeCompare(b.user.name));
  return ranked.slice(0, limit).map(({ user: { userId, name, number } }) => ({
    userId,
    name,
    ...(number === undefined ? {} : { number }),
  }));
}

function rankOf(user: SearchableUser, folded: string, wanted: string[], number: string): number | undefined {
  if (folded === '') return 5;
  if (number !== '' && (user.digits === number || user.short === number)) return 0;
  if (user.text === folded || user.email === folded) return 1;
  if (number !== '' && (user.digits.startsWith(number) || user.short.startsWith(number))) return 2;
  if (user.text.startsWith(folded)) return 2;
  if (user.email.startsWith(folded)) return 3;
  if (wanted.length > 0 && wanted.every((part) => user.words.some((word) => word.startsWith(part)))) return 4;
  return undefined;
}
