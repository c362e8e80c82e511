import type { Overview, TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { HOUR_MS, hourOf } from '../connectors/hours.ts';
import { storedConnectors, type StoredConnector } from '../connectors/store.ts';
import type { Database, TenantTransaction } from '../database/database.ts';

export type OverviewStore = ReturnType<typeof createOverviewStore>;
export type StoredOverview = Omit<Overview, 'connectors'> & { connectors: StoredConnector[] };

const HOURS = 48;
const DAYS = 90;

export function createOverviewStore(database: Database) {
  return {
    /** Counted and summed by the database, so that 50,000 users cost some milliseconds. */
    read: (tenantId: TenantId, now: number): Promise<StoredOverview> =>
      database.inTenant(tenantId, async (trx) => {
        const tenant = await trx
          .selectFrom('tenants')
          .select(['support_address', 'second_factor_for', 'time_zone'])
          .executeTakeFirstOrThrow();
        const connectors = await storedConnectors(trx);
        const people = await countPeople(trx);
        const hours = await readHours(trx, now);
        const subscription = await trx.selectFrom('subscriptions').select('seats').executeTakeFirst();
        const today = dayIn(tenant.time_zone, now);
        const kept = await readSeatDays(trx, dayIn(tenant.time_zone, now - (DAYS - 1) * 24 * HOUR_MS));
        const signsIn =
          people.othersCame > 0 || tenant.second_factor_for !== 'nobody' || (await hasSingleSignOn(trx));
        return {
          guide: [
            { step: 'platform', done: connectors.some(({ kind }) => kind !== undefined) },
            { step: 'connector', done: connectors.some(({ seen }) => seen !== undefined) },
            { step: 'users', done: people.seats > 0 },
            { step: 'sign_in', done: signsIn },
            { step: 'support', done: tenant.support_address !== null },
          ],
          connectors,
          seats: { used: people.seats, ...(subscription === undefined ? {} : { of: subscription.seats }) },
          users: { active: people.active, invited: people.invited, disabled: people.disabled },
          hours,
          seatDays: [
            ...kept.filter(({ day }) => day < today),
            // Today is not over: what is taken now, or was at most.
            {
              day: today,
              used: Math.max(
                people.seats,
                ...kept.filter(({ day }) => day === today).map(({ used }) => used),
              ),
            },
          ],
        };
      }),
  };
}

/** A seat is a user with a line who is neither disabled nor deleted. */
async function countPeople(trx: TenantTransaction) {
  const { rows } = await sql<{
    active: number;
    invited: number;
    disabled: number;
    seats: number;
    othersCame: number;
  }>`
    SELECT count(*) FILTER (WHERE u.disabled_at IS NULL AND u.activated_at IS NOT NULL) AS active,
           count(*) FILTER (WHERE u.disabled_at IS NULL AND u.activated_at IS NULL) AS invited,
           count(*) FILTER (WHERE u.disabled_at IS NOT NULL) AS disabled,
           count(*) FILTER (WHERE u.disabled_at IS NULL AND l.user_id IS NOT NULL) AS seats,
           count(*) FILTER (WHERE u.role = 'user' AND u.last_seen_at IS NOT NULL)
             + (SELECT count(*) FROM sessions s JOIN users o ON o.tenant_id = s.tenant_id AND o.user_id = s.user_id
                 WHERE o.role = 'user') AS "othersCame"
      FROM users u LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id
     WHERE u.deleted_at IS NULL`.execute(trx);
  return rows[0] ?? { active: 0, invited: 0, disabled: 0, seats: 0, othersCame: 0 };
}

/** Seats taken by day, oldest first. */
const readSeatDays = (trx: TenantTransaction, from: string): Promise<Overview['seatDays']> =>
  trx.selectFrom('seat_days').select(['day', 'used']).where('day', '>=', from).orderBy('day').execute();

/** People sign in through their company. */
async function hasSingleSignOn(trx: TenantTransaction): Promise<boolean> {
  const row = await trx
    .selectFrom('sso_connections')
    .select('enabled')
    .where('enabled', '=', true)
    .executeTakeFirst();
  return row !== undefined;
}

async function readHours(trx: TenantTransaction, now: number): Promise<Overview['hours']> {
  const first = hourOf(now) - (HOURS - 1) * HOUR_MS;
  const { rows } = await sql<{ at: number; lines: number; registered: number; calls: number }>`
    SELECT hour AS at, sum(lines) AS lines, sum(registered) AS registered, sum(calls) AS calls
      FROM connector_hours WHERE hour >= ${first} GROUP BY hour`.execute(trx);
  const byHour = new Map(rows.map((row) => [row.at, row]));
  return Array.from({ length: HOURS }, (_, index) => {
    const at = first + index * HOUR_MS;
    return byHour.get(at) ?? { at, lines: 0, registered: 0, calls: 0 };
  });
}

/** The calendar day of an instant, `2026-11-24`. */
function dayIn(timeZone: string, at: number): string {
  // Sweden writes days as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}
