import {
  OffhookError,
  type CallRecord,
  type ConnectorId,
  type HistoryChange,
  type HistoryEntry,
  type RecordId,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { sql } from 'kysely';
import { addSample, callsByHour } from '../connectors/hours.ts';
import type { Database } from '../database/database.ts';
import { conditions, type Wanted } from './find.ts';
import { joinParts, type Joined } from './join.ts';
import { toEntry, toRow } from './rows.ts';

export type HistoryStore = ReturnType<typeof createHistoryStore>;

export type Appended = {
  /** In the database now, whether written by this call or before. */
  accepted: RecordId[];
  refused: RecordId[];
  added: CallRecord[];
  /** Those of `added` that go on from an earlier one. */
  joined: Joined[];
};

const everything: Wanted = { filter: 'all', search: '' };

export function createHistoryStore(database: Database) {
  return {
    /** Newest first. `before` is the entry to go on from, also where it was deleted since; an unknown one is an empty page. */
    page: (
      tenantId: TenantId,
      userId: UserId,
      limit: number,
      before?: RecordId,
      wanted: Wanted = everything,
    ) =>
      database.inTenant(tenantId, async (trx): Promise<HistoryEntry[]> => {
        let query = trx
          .selectFrom('call_records')
          .selectAll()
          .where('user_id', '=', userId)
          .orderBy('started_at', 'desc')
          .orderBy('record_id', 'desc')
          .limit(limit);
        for (const condition of conditions(wanted)) query = query.where(condition);
        if (before !== undefined) {
          const from = await trx
            .selectFrom('call_records')
            .select(['started_at', 'record_id'])
            .where('record_id', '=', before)
            .where('user_id', '=', userId)
            .executeTakeFirst();
          if (from === undefined) return [];
          query = query.where((eb) =>
            eb(eb.refTuple('started_at', 'record_id'), '<', eb.tuple(from.started_at, from.record_id)),
          );
        }
        return (await query.execute()).map(toEntry);
      }),

    /** Missed calls that the person has not looked at, on any device. */
    unseen: (tenantId: TenantId, userId: UserId) =>
      database.inTenant(tenantId, async (trx): Promise<number> => {
        const { rows } = await sql<{ count: number }>`
          SELECT count(*)::int AS count FROM call_records
           WHERE user_id = ${userId} AND missed AND NOT seen AND deleted_at IS NULL`.execute(trx);
        return rows[0]?.count ?? 0;
      }),

    /** @returns whether there was anything that they had not seen */
    markSeen: (tenantId: TenantId, userId: UserId) =>
      database.inTenant(tenantId, async (trx): Promise<boolean> => {
        const done = await trx
          .updateTable('call_records')
          .set({ seen: true })
          .where('user_id', '=', userId)
          .where(sql<boolean>`missed AND NOT seen`)
          .executeTakeFirst();
        return done.numUpdatedRows > 0n;
      }),

    /** @throws OffhookError `not_found` */
    change: (tenantId: TenantId, userId: UserId, recordId: RecordId, { note, deleted }: HistoryChange) =>
      database.inTenant(tenantId, async (trx): Promise<HistoryEntry> => {
        const row = await trx
          .updateTable('call_records')
          .set({
            // Also where nothing is to be changed, one column must be named.
            ...(note === undefined ? { note: sql`note` } : { note: note === '' ? null : note }),
            ...(deleted === undefined ? {} : { deleted_at: deleted ? Date.now() : null }),
          })
          .where('record_id', '=', recordId)
          .where('user_id', '=', userId)
          .where('part_of', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw new OffhookError('not_found');
        return toEntry(row);
      }),

    /**
     * Write records once each. Resolves when they are committed: only then may they be acknowledged. Refused are those
     * of users who never had a line at this connector: it knows nothing of their calls.
     */
    append: (tenantId: TenantId, connectorId: ConnectorId, records: CallRecord[]): Promise<Appended> =>
      database.inTenant(tenantId, async (trx) => {
        const users = await trx
          .selectFrom('line_places')
          .select('user_id')
          .where('connector_id', '=', connectorId)
          .where('user_id', 'in', [...new Set(records.map((record) => record.userId))])
          .execute();
        const known = new Set(users.map((user) => user.user_id));
        const valid = records.filter((record) => known.has(record.userId));
        const refused = records.filter((record) => !known.has(record.userId));
        const written =
          valid.length === 0
            ? []
            : await trx
                .insertInto('call_records')
                .values(valid.map((record) => toRow(tenantId, connectorId, record)))
                .onConflict((conflict) => conflict.columns(['tenant_id', 'record_id']).doNothing())
                .returning('record_id')
                .execute();
        const fresh = new Set(written.map((row) => row.record_id));
        const added = valid.filter((record) => fresh.delete(record.recordId));
        const joined = await joinParts(trx, added);
        const parts = new Set(joined.map(({ part }) => part));
        const calls = added.filter((record) => !parts.has(record.recordId));
        for (const { hour, calls: count } of callsByHour(calls, Date.now())) {
          await addSample(trx, { tenantId, connectorId }, { hour, calls: count });
        }
        return {
          accepted: valid.map((record) => record.recordId),
          refused: refused.map((record) => record.recordId),
          added,
          joined,
        };
      }),
  };
}
