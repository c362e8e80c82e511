import { Limits, type CallRecord, type HistoryEntry, type RecordId, type UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';
import { detailsColumn, detailsOf, toEntry } from './rows.ts';

/** A call that had two records is one entry: the earlier one, which goes on. */
export type Joined = { part: RecordId; userId: UserId; entry: HistoryEntry };

/** Milliseconds for which a connector may have been away while a call went on at a desk phone. */
const AWAY = 30 * 60_000;
/** Milliseconds by which the clock of a connector may have been set back meanwhile. */
const SET_BACK = 10_000;

/**
 * A call at a desk phone outlives a restart of the connector, which records what it saw as cut off (`connector_lost`) and finds the call again,
 * connected already. Put the two together: the same user, connector, direction and other side, one after the other.
 */
export async function joinParts(trx: TenantTransaction, added: readonly CallRecord[]): Promise<Joined[]> {
  const joined: Joined[] = [];
  const found = added
    .filter(({ foundRunning, remote }) => foundRunning === true && remote.number !== '')
    .toSorted((one, other) => one.startedAt - other.startedAt);
  for (const record of found) {
    const part = await trx
      .selectFrom('call_records')
      .selectAll()
      .where('record_id', '=', record.recordId)
      .executeTakeFirstOrThrow();
    const first = await trx
      .selectFrom('call_records')
      .selectAll()
      .where('user_id', '=', record.userId)
      .where('connector_id', '=', part.connector_id)
      .where('direction', '=', record.direction)
      .where('remote_number', '=', record.remote.number)
      .where('cause', '=', 'connector_lost')
      .where('part_of', 'is', null)
      // What its person has deleted stays so, and the rest of it is an entry of its own.
      .where('deleted_at', 'is', null)
      .where('record_id', '!=', record.recordId)
      // The platform may say when the call truly began: before its first record ended.
      .where('started_at', '<=', record.startedAt + SET_BACK)
      .where('ended_at', '<=', record.endedAt)
      .where('ended_at', '>=', record.startedAt - AWAY)
      .orderBy('ended_at', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirst();
    if (first === undefined) continue;
    const [before, after] = [detailsOf(first), detailsOf(part)];
    const members = [
      ...new Map(
        [...(before.members ?? []), ...(after.members ?? [])].map((one) => [one.number, one]),
      ).values(),
    ];
    const steps = [...(before.steps ?? []), ...(after.steps ?? [])].slice(0, Limits.recordSteps);
    const row = await trx
      .updateTable('call_records')
      .set({
        answered_at: first.answered_at ?? part.answered_at,
        ended_at: part.ended_at,
        cause: part.cause,
        details: detailsColumn({
          ...after,
          ...before,
          ...(members.length === 0 ? {} : { members: members.slice(0, Limits.recordMembers) }),
          ...(steps.length === 0 ? {} : { steps }),
        }),
      })
      .where('record_id', '=', first.record_id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await trx
      .updateTable('call_records')
      .set({ part_of: first.record_id })
      .where('record_id', '=', record.recordId)
      .execute();
    joined.push({ part: record.recordId, userId: record.userId, entry: toEntry(row) });
  }
  return joined;
}
