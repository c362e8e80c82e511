import type { CallRecord, ConnectorId, HistoryEntry, RecordId, TenantId, UserId } from '@offhook/contract';
import type { Selectable } from 'kysely';
import { addSample, callsByHour } from '../connectors/hours.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';

export type HistoryStore = ReturnType<typeof createHistoryStore>;

export type Appended = {
  /** In the database now, whether written by this call or before. */
  accepted: RecordId[];
  refused: RecordId[];
  added: CallRecord[];
};

export function createHistoryStore(database: Database) {
  return {
    /** Newest first. `before` is the entry to go on from; an unknown one is an empty page. */
    page: (tenantId: TenantId, userId: UserId, limit: number, before?: RecordId) =>
      database.inTenant(tenantId, async (trx): Promise<HistoryEntry[]> => {
        let query = trx
          .selectFrom('call_records')
          .selectAll()
          .where('user_id', '=', userId)
          .orderBy('started_at', 'desc')
          .orderBy('record_id', 'desc')
          .limit(limit);
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
        for (const { hour, calls } of callsByHour(added, Date.now())) {
          await addSample(trx, { tenantId, connectorId }, { hour, calls });
        }
        return {
          accepted: valid.map((record) => record.recordId),
          refused: refused.map((record) => record.recordId),
          added,
        };
      }),
  };
}

function toRow(tenantId: TenantId, connectorId: ConnectorId, record: CallRecord) {
  return {
    tenant_id: tenantId,
    record_id: record.recordId,
    user_id: record.userId,
    connector_id: connectorId,
    call_id: record.callId,
    correlation_id: record.correlationId,
    direction: record.direction,
    remote_number: record.remote.number,
    remote_name: record.remote.name ?? null,
    remote_user_id: record.remote.userId ?? null,
    started_at: record.startedAt,
    answered_at: record.answeredAt ?? null,
    ended_at: record.endedAt,
    cause: record.cause,
  };
}

function toEntry(row: Selectable<Schema['call_records']>): HistoryEntry {
  return {
    recordId: row.record_id as RecordId,
    callId: row.call_id as HistoryEntry['callId'],
    correlationId: row.correlation_id as HistoryEntry['correlationId'],
    direction: row.direction,
    remote: {
      number: row.remote_number,
      ...(row.remote_name === null ? {} : { name: row.remote_name }),
      ...(row.remote_user_id === null ? {} : { userId: row.remote_user_id as UserId }),
    },
    startedAt: row.started_at,
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
    endedAt: row.ended_at,
    cause: row.cause as HistoryEntry['cause'],
  };
}
