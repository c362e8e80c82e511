import {
  CallStep,
  Party,
  type CallRecord,
  type ConnectorId,
  type HistoryEntry,
  type RecordId,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { Schema } from '../database/schema.ts';

export type RecordRow = Selectable<Schema['call_records']>;

const Details = z.object({ divertedBy: Party, members: z.array(Party), steps: z.array(CallStep) }).partial();
export type Details = z.infer<typeof Details>;

export function toRow(tenantId: TenantId, connectorId: ConnectorId, record: CallRecord) {
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
    details: detailsColumn(record),
  };
}

export function detailsColumn({ divertedBy, members, steps }: Details): string | null {
  if (divertedBy === undefined && members === undefined && steps === undefined) return null;
  return JSON.stringify({ divertedBy, members, steps });
}

/** What a newer build wrote and this one cannot read is nothing. */
export const detailsOf = (row: Pick<RecordRow, 'details'>): Details => {
  const { divertedBy, members, steps } = Details.safeParse(row.details ?? {}).data ?? {};
  return {
    ...(divertedBy === undefined ? {} : { divertedBy }),
    ...(members === undefined ? {} : { members }),
    ...(steps === undefined ? {} : { steps }),
  };
};

export function toEntry(row: RecordRow): HistoryEntry {
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
    ...detailsOf(row),
    ...(row.note === null ? {} : { note: row.note }),
  };
}
