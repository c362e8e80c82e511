import {
  OffhookError,
  type Administrator,
  type ConnectorId,
  type InviteAdministrator,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { sql } from 'kysely';
import { difference, writeAudit, type Actor } from '../audit/audit.ts';
import { notifyChange, notifyDirectory } from '../database/changes.ts';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { Invitations } from './invitations.ts';

const DAY = 24 * 3_600_000;

export async function listAdministrators(trx: TenantTransaction): Promise<Administrator[]> {
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
    .where('users.role', '=', 'admin')
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
export async function findAdministrator(trx: TenantTransaction, userId: UserId): Promise<Administrator> {
  const found = (await listAdministrators(trx)).find((one) => one.userId === userId);
  if (found === undefined) throw new OffhookError('not_found');
  return found;
}

/** @throws OffhookError `email_taken` */
export async function inviteAdministrator(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  invitations: Invitations,
  { email, name, language }: InviteAdministrator,
): Promise<Administrator> {
  const userId = newId('usr') as UserId;
  const inserted = await trx
    .insertInto('users')
    .values({ tenant_id: tenantId, user_id: userId, email, name, role: 'admin', language, source: 'portal' })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (inserted === undefined) throw new OffhookError('email_taken');
  await writeAudit(trx, tenantId, actor, {
    action: 'administrator.create',
    subject: { kind: 'user', id: userId, name: email },
    after: { email, name, role: 'admin', language },
  });
  await invitations.invite(trx, tenantId, actor, userId);
  await notifyDirectory(trx, tenantId, []);
  return findAdministrator(trx, userId);
}

/** @throws OffhookError `not_found`, `conflict`: has come in already, or is disabled */
export async function inviteAgain(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  invitations: Invitations,
  userId: UserId,
): Promise<Administrator> {
  await findAdministrator(trx, userId);
  await invitations.invite(trx, tenantId, actor, userId);
  return findAdministrator(trx, userId);
}

/**
 * Somebody administers no more. Who has a line stays as a user; who has none leaves, and can be taken back for the tenant's days of grace.
 * One who has come in before and may come in must be left, for else nobody could name another.
 * @throws OffhookError `not_found`, `last_administrator`
 */
export async function removeAdministrator(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userId: UserId,
): Promise<void> {
  // The lock of whoever writes people: two who remove each other at the same time do not both succeed.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`people of ${tenantId}`}, 0))`.execute(trx);
  const { email, status } = await findAdministrator(trx, userId);
  const others = (await listAdministrators(trx)).filter((one) => one.userId !== userId);
  const isLast = status === 'active' ? others.every((one) => one.status !== 'active') : others.length === 0;
  if (isLast) throw new OffhookError('last_administrator');
  const line = await trx
    .selectFrom('lines')
    .select('connector_id')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  const subject = { kind: 'user', id: userId, name: email };
  await trx.deleteFrom('sessions').where('user_id', '=', userId).execute();
  await notifyChange(trx, { kind: 'sessions_revoked', tenantId, userId });
  if (line !== undefined) {
    await trx.updateTable('users').set({ role: 'user' }).where('user_id', '=', userId).execute();
    const change = difference({ role: 'admin' }, { role: 'user' });
    await writeAudit(trx, tenantId, actor, { action: 'administrator.remove', subject, ...change });
    return notifyDirectory(trx, tenantId, [line.connector_id as ConnectorId]);
  }
  const now = Date.now();
  const { deletion_grace_days: days } = await trx
    .selectFrom('tenants')
    .select('deletion_grace_days')
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('users')
    .set((eb) => ({
      deleted_at: now,
      gone_at: now + days * DAY,
      disabled_at: eb.fn.coalesce('disabled_at', eb.val(now)),
    }))
    .where('user_id', '=', userId)
    .execute();
  await trx.deleteFrom('one_time_links').where('user_id', '=', userId).execute();
  await writeAudit(trx, tenantId, actor, { action: 'administrator.remove', subject });
  await notifyDirectory(trx, tenantId, []);
}
