import type { Me, TenantId, UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';
import { hasSecondFactor } from './second-factor/factors.ts';

type Demand = 'nobody' | 'administrators' | 'everybody';

/** Undefined for whoever may not be let in: disabled, deleted, or of a tenant that is being deleted. */
export async function readMe(
  trx: TenantTransaction,
  tenantId: TenantId,
  userId: UserId,
): Promise<Me | undefined> {
  return (await readStanding(trx, tenantId, userId))?.me;
}

/**
 * Who holds a session, and whether the tenant demands a second factor of them that they have not set up. Who comes by single sign-on has proved what their
 * company asks for: its second factor is the company's affair.
 */
export async function readPerson(
  trx: TenantTransaction,
  tenantId: TenantId,
  { userId, sessionId }: { userId: UserId; sessionId: string },
): Promise<{ me: Me; secondFactorMissing: boolean } | undefined> {
  const standing = await readStanding(trx, tenantId, userId);
  if (standing === undefined) return undefined;
  const { me, demand } = standing;
  if (!isDemanded(demand, me.role)) return { me, secondFactorMissing: false };
  const session = await trx
    .selectFrom('sessions')
    .select(['method', 'second_factor'])
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  const isProved =
    session?.second_factor === true || session?.method === 'oidc' || session?.method === 'saml';
  return { me, secondFactorMissing: !isProved && !(await hasSecondFactor(trx, userId)) };
}

function isDemanded(demand: Demand, role: Me['role']): boolean {
  switch (demand) {
    case 'nobody':
      return false;
    case 'administrators':
      return role !== 'user';
    case 'everybody':
      return true;
  }
}

async function readStanding(
  trx: TenantTransaction,
  tenantId: TenantId,
  userId: UserId,
): Promise<{ me: Me; demand: Demand } | undefined> {
  const row = await trx
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.tenant_id', 'users.tenant_id')
    .leftJoin('lines', (join) =>
      join.onRef('lines.tenant_id', '=', 'users.tenant_id').onRef('lines.user_id', '=', 'users.user_id'),
    )
    .select([
      'users.email',
      'users.name',
      'users.role',
      'tenants.name as tenantName',
      'tenants.second_factor_for as demand',
      'lines.number',
    ])
    .where('users.user_id', '=', userId)
    .where('users.disabled_at', 'is', null)
    .where('users.deleted_at', 'is', null)
    .where('tenants.status', '<>', 'deleting')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { email, name, role, tenantName, number, demand } = row;
  const me = { userId, tenantId, tenantName, email, name, role, ...(number === null ? {} : { number }) };
  return { me, demand };
}
