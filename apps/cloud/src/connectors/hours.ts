import type { ConnectorId, TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';

export const HOUR_MS = 3_600_000;
const KEPT_MS = 90 * 24 * HOUR_MS;

export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** What is added to an hour of a connector: lines at most, and calls that began in it. */
export type Sample = { hour: number; lines?: number; registered?: number; calls?: number };

/** Samples for the charts, kept for 90 days: the first of a new hour takes the place of the oldest. */
export async function addSample(
  trx: TenantTransaction,
  { tenantId, connectorId }: { tenantId: TenantId; connectorId: ConnectorId },
  { hour, lines = 0, registered = 0, calls = 0 }: Sample,
): Promise<void> {
  const { rows } = await sql<{ isNew: boolean }>`
    INSERT INTO connector_hours AS h (tenant_id, connector_id, hour, lines, registered, calls)
    VALUES (${tenantId}, ${connectorId}, ${hour}, ${lines}, ${registered}, ${calls})
    ON CONFLICT (tenant_id, connector_id, hour) DO UPDATE SET
      lines = greatest(h.lines, excluded.lines),
      registered = greatest(h.registered, excluded.registered),
      calls = h.calls + excluded.calls
    RETURNING xmax = 0 AS "isNew"`.execute(trx);
  if (rows[0]?.isNew !== true) return;
  await trx
    .deleteFrom('connector_hours')
    .where('connector_id', '=', connectorId)
    .where('hour', '<', hourOf(Date.now()) - KEPT_MS)
    .execute();
}

/** Calls by the hour in which they began, in order, so that two who write wait for each other. Older ones than are kept are left out. */
export function callsByHour(
  records: readonly { startedAt: number }[],
  now: number,
): { hour: number; calls: number }[] {
  const hours = new Map<number, number>();
  for (const { startedAt } of records) {
    const hour = hourOf(startedAt);
    if (hour < now - KEPT_MS || hour > now + HOUR_MS) continue;
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }
  return [...hours].map(([hour, calls]) => ({ hour, calls })).toSorted((a, b) => a.hour - b.hour);
}
