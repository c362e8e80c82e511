import { Language, OffhookError, type TenantId, type UserId } from '@offhook/contract';
import { writeAudit, type Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { enqueueMail } from '../mail/outbox.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { createLink, linkUrl } from './links.ts';

/** A language as the database keeps it; one that we do not have is English. */
export const languageOf = (stored: string): Language => Language.catch('en').parse(stored);

/** Mails that bring somebody in. Both write link and mail in the transaction of the act that wants them. */
export type Invitations = {
  /**
   * Invite somebody who has an account and has never come in, again if need be: an older invitation works no more.
   * @returns when the link ends, in milliseconds since the epoch
   * @throws OffhookError `not_found`, `conflict`: the person is disabled, deleted, or has come in already
   */
  invite: (trx: TenantTransaction, tenantId: TenantId, actor: Actor, userId: UserId) => Promise<number>;
  /**
   * Send somebody a link with which they choose a new password; who has never come in gets an invitation instead.
   * @throws OffhookError `not_found`, `conflict`: the person is disabled or deleted
   */
  sendReset: (trx: TenantTransaction, tenantId: TenantId, actor: Actor, userId: UserId) => Promise<void>;
};

/** @param origin where people open the pages, e.g. `https://phone.example.com`; asked when a mail is written */
export function createInvitations(secrets: SecretBox, origin: () => string): Invitations {
  const invite: Invitations['invite'] = async (trx, tenantId, actor, userId) => {
    const user = await personOf(trx, userId);
    if (user.activated_at !== null) throw new OffhookError('conflict');
    const { token, expiresAt } = await createLink(trx, tenantId, { kind: 'invitation', userId });
    await trx.updateTable('users').set({ invited_at: Date.now() }).where('user_id', '=', userId).execute();
    await enqueueMail(trx, secrets, tenantId, {
      kind: invitationOf[user.role],
      to: user.email,
      language: languageOf(user.language),
      params: {
        name: user.name,
        tenantName: user.tenantName,
        inviter: actor.kind === 'person' ? nameOf(actor.name) : '',
        url: linkUrl(origin(), 'invitation', token),
        expiresAt,
      },
    });
    const subject = { kind: 'user', id: userId, name: user.email };
    await writeAudit(trx, tenantId, actor, { action: 'user.invite', subject });
    return expiresAt;
  };

  const sendReset: Invitations['sendReset'] = async (trx, tenantId, actor, userId) => {
    const user = await personOf(trx, userId);
    if (user.activated_at === null) return void (await invite(trx, tenantId, actor, userId));
    const { token, expiresAt } = await createLink(trx, tenantId, { kind: 'password_reset', userId });
    await enqueueMail(trx, secrets, tenantId, {
      kind: 'password_reset',
      to: user.email,
      language: languageOf(user.language),
      params: { name: user.name, url: linkUrl(origin(), 'password_reset', token), expiresAt },
    });
    const subject = { kind: 'user', id: userId, name: user.email };
    await writeAudit(trx, tenantId, actor, { action: 'user.send_reset', subject });
  };

  return { invite, sendReset };
}

/** By what they are invited to be. */
const invitationOf = {
  user: 'invitation',
  admin: 'administrator_invitation',
  provider: 'provider_invitation',
} as const;

/** The audit log names people with their address; a mail names them as people do. */
const nameOf = (actor: string): string => actor.replace(/ <[^>]*>$/u, '');

/** @throws OffhookError `not_found`, `conflict` */
async function personOf(trx: TenantTransaction, userId: UserId) {
  const user = await trx
    .selectFrom('users')
    .innerJoin('tenants', 'tenants.tenant_id', 'users.tenant_id')
    .select([
      'users.email',
      'users.name',
      'users.role',
      'users.language',
      'users.activated_at',
      'users.disabled_at',
      'users.deleted_at',
      'tenants.name as tenantName',
    ])
    .where('users.user_id', '=', userId)
    .executeTakeFirst();
  if (user === undefined) throw new OffhookError('not_found');
  if (user.disabled_at !== null || user.deleted_at !== null) throw new OffhookError('conflict');
  return user;
}
