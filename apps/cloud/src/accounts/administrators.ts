import {
  OffhookError,
  type Administrator,
  type InviteAdministrator,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import type { UserWriter } from '../users/writer.ts';
import type { Invitations } from './invitations.ts';

/** Those who administer a tenant: of the provider's own its people. */
type Administering = 'admin' | 'provider';

export async function listAdministrators(
  trx: TenantTransaction,
  role: Administering = 'admin',
): Promise<Administrator[]> {
  const rows = await trx
    .selectFrom('users')
    .leftJoin('one_time_links', (join) =>
      join
        .onRef('one_time_links.user_id', '=', 'users.user_id')
        .on('one_time_links.kind', '=', 'invitation')
        .on('one_time_links.used_at', 'is', null),
    )
    .select([
      'users.user_id',
      'users.email',
      'users.name',
      'users.disabled_at',
      'users.activated_at',
      'one_time_links.expires_at',
    ])
    .where('users.role', '=', role)
    .where('users.deleted_at', 'is', null)
    .orderBy('users.name')
    .orderBy('users.user_id')
    .execute();
  return rows.map((row) => ({
    userId: row.user_id,
    email: row.email,
    name: row.name,
    status:
      row.disabled_at !== null
        ? ('disabled' as const)
        : row.activated_at === null
          ? ('invited' as const)
          : ('active' as const),
    ...(row.activated_at === null && row.expires_at !== null ? { invitationExpiresAt: row.expires_at } : {}),
  }));
}

/** @throws OffhookError `not_found`: there is nobody, or it is no administrator */
export async function findAdministrator(
  trx: TenantTransaction,
  userId: UserId,
  role: Administering = 'admin',
): Promise<Administrator> {
  const found = (await listAdministrators(trx, role)).find((one) => one.userId === userId);
  if (found === undefined) throw new OffhookError('not_found');
  return found;
}

/** What writes people, and what invites them. */
export type Naming = { writer: UserWriter; invitations: Invitations };

/** @throws OffhookError `email_taken` */
export async function inviteAdministrator(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  { writer, invitations }: Naming,
  { email, name, language }: InviteAdministrator,
  role: Administering = 'admin',
): Promise<Administrator> {
  const person = { email, name, role, language, source: 'portal' } as const;
  const userId = await writer.create(trx, tenantId, actor, person);
  await invitations.invite(trx, tenantId, actor, userId);
  await writer.finish(trx, tenantId);
  return findAdministrator(trx, userId, role);
}

/** @throws OffhookError `not_found`, `conflict`: has come in already, or is disabled */
export async function inviteAgain(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  { invitations }: Pick<Naming, 'invitations'>,
  userId: UserId,
  role: Administering = 'admin',
): Promise<Administrator> {
  await findAdministrator(trx, userId, role);
  await invitations.invite(trx, tenantId, actor, userId);
  return findAdministrator(trx, userId, role);
}

/**
 * Somebody administers no more. Who has a line stays as a user; who has none leaves, and can be taken back for the tenant's days of grace.
 * One who has come in before and may come in must be left, for else nobody could name another: the writer of people sees to that.
 * @throws OffhookError `not_found`, `last_administrator`
 */
export async function removeAdministrator(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  { writer }: Pick<Naming, 'writer'>,
  userId: UserId,
): Promise<void> {
  await findAdministrator(trx, userId);
  const line = await trx
    .selectFrom('lines')
    .select('line_id')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (line === undefined) await writer.remove(trx, tenantId, actor, userId);
  else await writer.change(trx, tenantId, actor, userId, { role: 'user' });
  await writer.finish(trx, tenantId);
}
