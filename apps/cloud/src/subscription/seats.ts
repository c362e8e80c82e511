import { OffhookError, type TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';

/** How many seats are taken: a seat is a user with a line, neither disabled nor deleted. */
export async function seatsTaken(trx: TenantTransaction): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    SELECT count(*) AS taken FROM lines JOIN users USING (tenant_id, user_id)
      WHERE disabled_at IS NULL AND deleted_at IS NULL`.execute(trx);
  return rows[0]?.taken ?? 0;
}

/**
 * Is there room for so many more? A tenant without a subscription has no limit. The subscription stays locked until the transaction ends: of two
 * that ask for the last seat at once the second sees what the first has taken.
 * @throws OffhookError `seats_exhausted`
 */
export async function requireSeat(trx: TenantTransaction, tenantId: TenantId, howMany = 1): Promise<void> {
  const subscription = await trx
    .selectFrom('subscriptions')
    .select('seats')
    .where('tenant_id', '=', tenantId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (subscription === undefined) return;
  if ((await seatsTaken(trx)) + howMany > subscription.seats) throw new OffhookError('seats_exhausted');
}
