import type { UserId } from '@offhook/contract';
import { numberKeys, refusedNumbers, type StoredLine } from '../users/lines.ts';

/** A row that wants numbers that its person does not have yet. */
export type Wanted = {
  row: number;
  /** Of a person who is not there yet something that no user is called. */
  userId: UserId;
  isNew: boolean;
  line: Pick<StoredLine, 'connector_id' | 'number' | 'main_number' | 'short_number'>;
};
export type Holder = { key: string; userId: UserId };

export type NumbersVerdict = {
  refused: Map<number, 'number_twice' | 'number_taken'>;
  /** Rows that must be written at once, as one takes what another gives up. */
  linked: number[];
};

/**
 * Which rows cannot have the numbers that they want, seen over the whole file: by the writer's own rule, so that what is previewed is what can be
 * applied. Pure.
 */
export function judgeNumbers(wanted: readonly Wanted[], holders: readonly Holder[]): NumbersVerdict {
  const movers = new Set(wanted.filter(({ isNew }) => !isNew).map(({ userId }) => userId));
  const refusedIds = refusedNumbers(wanted, holders, movers);
  const stays = new Map(
    holders
      .filter(({ userId }) => !movers.has(userId) || refusedIds.has(userId))
      .map(({ key, userId }) => [key, userId]),
  );
  const givenUp = new Map(
    holders
      .filter(({ userId }) => movers.has(userId) && !refusedIds.has(userId))
      .map(({ key, userId }) => [key, userId]),
  );
  const refused: NumbersVerdict['refused'] = new Map();
  const linkedIds = new Set<UserId>();
  for (const { row, userId, isNew, line } of wanted) {
    const keys = numberKeys(line);
    if (refusedIds.has(userId)) {
      const isTaken = keys.some((key) => stays.has(key) && stays.get(key) !== userId);
      refused.set(row, isTaken ? 'number_taken' : 'number_twice');
      continue;
    }
    // Who is new is written after all who change.
    if (isNew) continue;
    for (const key of keys) {
      const giver = givenUp.get(key);
      if (giver !== undefined && giver !== userId) linkedIds.add(giver).add(userId);
    }
  }
  return { refused, linked: wanted.filter(({ userId }) => linkedIds.has(userId)).map(({ row }) => row) };
}
