import { fold, type HistoryFilter } from '@offhook/contract';
import { sql, type RawBuilder } from 'kysely';

type Condition = RawBuilder<boolean>;

/** What a person may look for; `search` as typed. */
export type Wanted = { filter: HistoryFilter; search: string };

/** A number as people write them, and nothing else. */
const NUMBER = /^[\d\s+*#().\-/]+$/u;
/** Digits that two numbers must share to be the same, written with and without their country. */
const SAME_DIGITS = 6;

/** Conditions of SQL on `call_records`: which of a person's entries are shown. */
export function conditions({ filter, search }: Wanted): Condition[] {
  return [sql<boolean>`deleted_at IS NULL AND part_of IS NULL`, ...ofFilter(filter), ...ofSearch(search)];
}

function ofFilter(filter: HistoryFilter): Condition[] {
  switch (filter) {
    case 'all':
      return [];
    case 'missed':
      return [sql<boolean>`missed`];
    case 'incoming':
    case 'outgoing':
      return [sql<boolean>`direction = ${filter}`];
  }
}

function ofSearch(search: string): Condition[] {
  const text = search.trim();
  if (text === '') return [];
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const number = numberWanted(text);
  const all = words.map((word) => sql<boolean>`(folded LIKE ${`% ${word}%`} OR digits LIKE ${`%${word}%`})`);
  // Signs alone are found nowhere.
  const byWords = all.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(all, sql` AND `)})`;
  return [number === undefined ? byWords : sql<boolean>`(${byWords} OR ${isNumber(number)})`];
}

/** The digits that matter of a number in whatever format: `+49 (0)89 701`, `0049-89-701`, `089 701`. */
export function numberWanted(text: string): string | undefined {
  if (!NUMBER.test(text)) return undefined;
  const digits = text.replaceAll('(0)', '').replaceAll(/[^\d*#]/gu, '');
  const core = digits.replace(/^0+(?=\d)/u, '');
  return core === '' ? undefined : core;
}

/** It is in the entry's number, or, with its country, ends as that does without. */
const isNumber = (core: string): Condition => sql<boolean>`(
  digits LIKE ${`%${core}%`}
  OR (length(ltrim(digits, '0')) >= ${SAME_DIGITS} AND right(${core}::text, length(ltrim(digits, '0'))) = ltrim(digits, '0')))`;
