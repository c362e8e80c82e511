import { OffhookError, type Subscription, type TenantId, type TenantStatus } from '@offhook/contract';
import { sql, type Selectable } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import { isCountry } from '../directory/country.ts';
import type { Schema } from '../database/schema.ts';

export type TenantRow = Selectable<Schema['tenants']>;

/** The tenant of the transaction, locked to its end. @throws OffhookError `not_found`, also for the provider's own */
export async function lockTenant(trx: TenantTransaction): Promise<TenantRow> {
  const row = await trx
    .selectFrom('tenants')
    .selectAll()
    .where('kind', '=', 'customer')
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new OffhookError('not_found');
  return row;
}

/** No two customers have one name. Held to the end of the transaction. @throws OffhookError `name_taken` */
export async function takeName(trx: TenantTransaction, tenantId: TenantId, name: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('names of tenants', 0))`.execute(trx);
  const { rows } = await sql<{
    taken: boolean;
  }>`SELECT is_tenant_name_taken(${name}, ${tenantId}) AS taken`.execute(trx);
  if (rows[0]?.taken === true) throw new OffhookError('name_taken');
}

/** @throws OffhookError `bad_request`: there is no such zone */
export function requireTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new OffhookError('bad_request', { cause, fields: ['body.timeZone'] });
  }
}

/** @throws OffhookError `bad_request`: nobody knows how numbers are dialled there */
export function requireCountry(country: string): void {
  if (!isCountry(country)) throw new OffhookError('bad_request', { fields: ['body.country'] });
}

export async function readSubscription(trx: TenantTransaction): Promise<Subscription | undefined> {
  const row = await trx.selectFrom('subscriptions').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  const { platform, seats, price_amount: amount, currency, starts_on: startsOn } = row;
  return { platform, seats, price: { amount, currency }, startsOn };
}

export async function writeSubscription(
  trx: TenantTransaction,
  tenantId: TenantId,
  { platform, seats, price, startsOn }: Subscription,
): Promise<void> {
  const row = {
    platform,
    seats,
    price_amount: price.amount,
    currency: price.currency,
    starts_on: startsOn,
  };
  await trx
    .insertInto('subscriptions')
    .values({ tenant_id: tenantId, ...row })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(row))
    .execute();
}

/** What a tenant is when it is neither suspended nor going: `invited` until somebody of its own has come in. */
export async function ordinaryStatus(
  trx: TenantTransaction,
): Promise<Extract<TenantStatus, 'invited' | 'active'>> {
  const somebody = await trx
    .selectFrom('users')
    .select('user_id')
    .where('activated_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return somebody === undefined ? 'invited' : 'active';
}
