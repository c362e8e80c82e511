import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import type { Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import type { UserWriter } from '../users/writer.ts';
import type { Connection } from './connections.ts';
import { SsoProblem } from './fault.ts';
import type { Identity } from './identity.ts';

/**
 * Whose account it is: the tenant's person with this address. Who is not among them becomes one where the tenant wants it so: with neither
 * line nor seat nor rights, which administrators give.
 * @returns undefined: nobody yet, and `isTest` leaves it at that
 * @throws SsoProblem `user_unknown`, `user_disabled`
 */
export async function findOrCreate(
  trx: TenantTransaction,
  writer: UserWriter,
  { tenantId, justInTime, name }: Connection,
  identity: Identity,
  { isTest, address, requestId }: { isTest: boolean; address: string; requestId: string },
): Promise<UserId | undefined> {
  const found = await trx
    .selectFrom('users')
    .select(['user_id', 'disabled_at', 'deleted_at'])
    .where('email', '=', identity.email)
    .executeTakeFirst();
  if (found !== undefined) {
    if (found.disabled_at !== null || found.deleted_at !== null)
      throw new SsoProblem('user_disabled', `${identity.email} is disabled or deleted.`);
    return found.user_id as UserId;
  }
  if (!justInTime)
    throw new SsoProblem('user_unknown', `There is nobody with the address ${identity.email}.`);
  if (isTest) return undefined;
  const actor: Actor = { kind: 'system', id: '', name, address, requestId };
  return create(trx, writer, tenantId, actor, identity);
}

async function create(
  trx: TenantTransaction,
  writer: UserWriter,
  tenantId: TenantId,
  actor: Actor,
  { email, name }: Identity,
): Promise<UserId> {
  try {
    const userId = await writer.create(trx, tenantId, actor, { email, name, role: 'user', source: 'sso' });
    await writer.finish(trx, tenantId);
    return userId;
  } catch (error) {
    // An address is one person's in the whole service. Whose it is, is not said.
    if (error instanceof OffhookError && error.code === 'email_taken')
      throw new SsoProblem('user_unknown', `${email} cannot be added here.`, error);
    throw error;
  }
}
