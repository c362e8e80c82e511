import type { TenantId, UsageLine } from '@offhook/contract';
import { sql } from 'kysely';
import type { Database, TenantTransaction } from '../database/database.ts';
import { beginWork } from '../users/work.ts';
import { amountOf, userMonths } from './user-months.ts';

export type UsageStore = ReturnType<typeof createUsageStore>;

/** A month as the tables and the functions of migration 0020 tell it. */
type MonthRow = {
  tenant_id: string;
  month: string;
  tenant_name: string;
  platform: UsageLine['platform'];
  time_zone: string;
  seats: number;
  user_days: number;
  days_in_month: number;
  price_amount: number;
  currency: string;
  closed: boolean;
};

/** Milliseconds that it is kept who had a seat: long enough to answer for a bill, no longer. */
const KEEP_SPANS = 400 * 86_400_000;

export function createUsageStore(database: Database) {
  return {
    /** The months of a tenant, newest first: the one that runs, and those that are over. */
    ofTenant: (tenantId: TenantId, now: number, month?: string): Promise<UsageLine[]> =>
      database.inTenant(tenantId, async (trx) => {
        const { rows } = await sql<MonthRow>`
          SELECT tenant_id, month, tenant_name, platform, time_zone, seats, user_days, days_in_month, price_amount,
                 currency, true AS closed
            FROM usage_months WHERE ${month ?? null}::text IS NULL OR month = ${month ?? null}
          UNION ALL
          SELECT tenant_id, month, tenant_name, platform, time_zone, seats, user_days, days_in_month, price_amount,
                 currency, false
            FROM open_usage(${tenantId}, ${now}) WHERE ${month ?? null}::text IS NULL OR month = ${month ?? null}
          ORDER BY month DESC`.execute(trx);
        return rows.map(toLine);
      }),

    /** One month of all tenants, also of those that have gone, by name. */
    ofAll: (now: number, month: string): Promise<UsageLine[]> =>
      database.asProvider(async (trx) => {
        const { rows } = await sql<MonthRow>`
          SELECT tenant_id, month, tenant_name, platform, time_zone, seats, user_days, days_in_month, price_amount,
                 currency, true AS closed
            FROM usage_months WHERE month = ${month}
          UNION ALL
          SELECT tenant_id, month, tenant_name, platform, time_zone, seats, user_days, days_in_month, price_amount,
                 currency, false
            FROM provider_open_usage(${now}) WHERE month = ${month}
          ORDER BY tenant_name, tenant_id`.execute(trx);
        return rows.map(toLine);
      }),

    /** The month that runs in the time zone of this tenant. */
    currentMonth: (tenantId: TenantId, now: number): Promise<string> =>
      database.inTenant(tenantId, async (trx) => {
        const { rows } = await sql<{ month: string }>`
          SELECT to_char(day_of(${now}, usage_zone(time_zone)), 'YYYY-MM') AS month FROM tenants
           WHERE tenant_id = ${tenantId}`.execute(trx);
        return rows[0]?.month ?? new Date(now).toISOString().slice(0, 7);
      }),

    /** Every customer there is. */
    customers: (): Promise<TenantId[]> =>
      database.asProvider(async (trx) => {
        const rows = await trx
          .selectFrom('tenants')
          .select('tenant_id')
          .where('kind', '=', 'customer')
          .orderBy('tenant_id')
          .execute();
        return rows.map((row) => row.tenant_id as TenantId);
      }),

    /**
     * Record the days of a tenant that are over and close its months that are, as of an instant that is not later than the database's clock.
     * Whatever was missed before is made up for; what is recorded stays.
     */
    record: (tenantId: TenantId, until: number): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        // Nobody writes people meanwhile: a change that began before midnight is committed, or comes after.
        await beginWork(trx, tenantId);
        await mendSpans(trx);
        await sql`SELECT record_usage(${tenantId}, ${until})`.execute(trx);
        await sql`DELETE FROM seat_spans WHERE freed_at < ${until - KEEP_SPANS}`.execute(trx);
      }),
  };
}

/** Whose span and seat do not agree, e.g. after tables were restored by hand: as it is now. */
async function mendSpans(trx: TenantTransaction): Promise<void> {
  await sql`
    SELECT sync_seats(array_agg(d.tenant_id), array_agg(d.user_id)) FROM (
      SELECT coalesce(s.tenant_id, l.tenant_id) AS tenant_id, coalesce(s.user_id, l.user_id) AS user_id
        FROM (SELECT tenant_id, user_id FROM seat_spans WHERE freed_at IS NULL) s
        FULL JOIN (
          SELECT l.tenant_id, l.user_id FROM lines l JOIN users u USING (tenant_id, user_id)
           WHERE u.disabled_at IS NULL AND u.deleted_at IS NULL
        ) l ON l.tenant_id = s.tenant_id AND l.user_id = s.user_id
       WHERE s.user_id IS NULL OR l.user_id IS NULL) d
     HAVING count(*) > 0`.execute(trx);
}

/** Seats taken on each of the last days, today included, oldest first: for charts. Days before anybody had a seat are 0. */
export async function seatDays(
  trx: TenantTransaction,
  tenantId: TenantId,
  days: number,
  now: number,
): Promise<{ day: string; used: number }[]> {
  const { rows } = await sql<{ day: string; used: number }>`
    SELECT d.day::text AS day, max(d.used) AS used
      FROM tenants t,
           LATERAL (SELECT usage_zone(t.time_zone) AS zone) z,
           LATERAL (SELECT day_of(${now}, z.zone) AS today) n,
           LATERAL (
             SELECT day, used FROM seats_by_day(t.tenant_id, z.zone, n.today - (${days}::integer - 1), n.today, ${now})
             UNION ALL
             SELECT g.t::date, 0 FROM generate_series((n.today - (${days}::integer - 1))::timestamp, n.today::timestamp, '1 day') g (t)
           ) d
     WHERE t.tenant_id = ${tenantId} GROUP BY d.day ORDER BY d.day`.execute(trx);
  return rows;
}

function toLine(row: MonthRow): UsageLine {
  const counted = { userDays: row.user_days, daysInMonth: row.days_in_month, price: row.price_amount };
  return {
    tenantId: row.tenant_id as TenantId,
    tenantName: row.tenant_name,
    month: row.month,
    platform: row.platform,
    timeZone: row.time_zone,
    seats: row.seats,
    userDays: row.user_days,
    daysInMonth: row.days_in_month,
    userMonths: userMonths(counted),
    price: { amount: row.price_amount, currency: row.currency },
    amount: amountOf(counted),
    closed: row.closed,
  };
}
