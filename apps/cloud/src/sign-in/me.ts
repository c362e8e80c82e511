import type { Me, TenantId, UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';

/** Undefined for whoever may not be let in: disabled, deleted, or of a tenant that is being deleted. */
export async function readMe(
  trx: TenantTransaction,
  tenantId: TenantId,
  userId: UserId,
): Promise<Me | undefined> {
  const row = await trx
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.tenant_id', 'users.tenant_id')
    .leftJoin('lines', (join) =>
      join.onRef('lines.tenant_id', '=', 'users.tenant_id').onRef('lines.user_id', '=', 'users.user_id'),
    )
    .select(['users.email', 'users.name', 'users.role', 'tenants.name as tenantName', 'lines.number'])
    .where('users.user_id', '=', userId)
    .where('users.disabled_at', 'is', null)
    .where('users.deleted_at', 'is', null)
    .where('tenants.status', '<>', 'deleting')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { email, name, role, tenantName, number } = row;
  return { userId, tenantId, tenantName, email, name, role, ...(number === null ? {} : { number }) };
}
