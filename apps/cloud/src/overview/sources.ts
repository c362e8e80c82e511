import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import type { OverviewSources } from './store.ts';

/** Is there such a table? Features come with their own migrations; the overview shows of them what is there. */
async function isThere(trx: TenantTransaction, table: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT to_regclass(${`public.${table}`}) IS NOT NULL AS found`.execute(trx);
  return rows[0]?.found === true;
}

export const overviewSources: OverviewSources = {
  seatLimit: async (trx) => {
    if (!(await isThere(trx, 'subscriptions'))) return undefined;
    const { rows } = await sql<{ seats: number | null }>`
      SELECT sum(seats)::int AS seats FROM subscriptions`.execute(trx);
    return rows[0]?.seats ?? undefined;
  },
  seatDays: async (trx, from) => {
    if (!(await isThere(trx, 'seat_days'))) return [];
    const { rows } = await sql<{ day: string; used: number }>`
      SELECT day::text AS day, sum(used)::int AS used FROM seat_days
       WHERE day::text >= ${from} GROUP BY day ORDER BY day`.execute(trx);
    return rows;
  },
  hasSingleSignOn: async (trx) => {
    if (!(await isThere(trx, 'sso_connections'))) return false;
    const { rows } = await sql`SELECT 1 FROM sso_connections WHERE enabled LIMIT 1`.execute(trx);
    return rows.length > 0;
  },
};
