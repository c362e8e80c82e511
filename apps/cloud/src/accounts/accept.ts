import {
  OffhookError,
  TenantId,
  type AcceptLink,
  type AuditAction,
  type LinkInfo,
  type LinkPasskey as LinkPasskeyRequest,
  type PasskeyChallenge,
  type UserId,
} from '@offhook/contract';
import { writeAudit, type Actor } from '../audit/audit.ts';
import { notifyChange, notifyDirectory } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { enqueueMail } from '../mail/outbox.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { requireStrongPassword, type PasswordOwner } from '../sign-in/password-policy.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import { languageOf } from './invitations.ts';
import { findLink, openLink, useLink, type OpenLink } from './links.ts';
import {
  keepLinkPasskey,
  offerPasskey,
  readLinkPasskey,
  requireFirstTime,
  type LinkPasskey,
} from './link-passkeys.ts';
import type { Terms } from './terms.ts';

/** The tenant of whoever runs the service; migration 0006 makes it. */
export const PROVIDER_TENANT = TenantId.parse('provider');

export type AcceptDependencies = {
  database: Database;
  secrets: SecretBox;
  passwords: Pick<Passwords, 'hash'>;
  terms: Terms;
  publicOrigin: string | undefined;
};

/** Who has come in by a link. */
export type Accepted = {
  tenantId: TenantId;
  userId: UserId;
  kind: LinkInfo['kind'];
  /** A passkey that was made with it is both factors. */
  method: 'link' | 'passkey';
};

/** From where somebody follows a link: for the audit log, and the host that passkeys are bound to. */
export type LinkFrom = Pick<Actor, 'address' | 'requestId'> & {
  host: string;
  /** `Chrome on Windows`. */
  agent: string | undefined;
};

export type LinkService = ReturnType<typeof createLinkService>;

/** How somebody will sign in from now on. */
type Way = { kind: 'password'; hash: string } | { kind: 'passkey'; passkey: LinkPasskey };

/** An administrator who comes into a tenant that nobody has activated accepts the terms for it. */
const needsTerms = ({ kind, tenant, user }: OpenLink): boolean =>
  kind === 'invitation' && user?.role === 'admin' && tenant.status === 'invited';

export function createLinkService(dependencies: AcceptDependencies) {
  const { database, secrets, passwords, terms } = dependencies;

  /** @throws OffhookError `link_expired`, `link_used` */
  const inspect = async (token: string): Promise<LinkInfo> => {
    const found = await findLink(database, token);
    const link = await database.inTenant(found.tenantId, (trx) => openLink(trx, found));
    const language = languageOf(link.user?.language ?? link.tenant.language);
    return {
      kind: link.kind,
      email: link.user?.email ?? '',
      name: link.user?.name ?? '',
      ...(link.user === undefined ? {} : { role: link.user.role }),
      tenantName: link.tenant.name,
      language,
      expiresAt: link.expiresAt,
      ...(needsTerms(link) ? { terms: { version: terms.version, text: terms.texts[language] } } : {}),
    };
  };

  /**
   * A passkey in place of a password: the challenge, good for this link.
   * @throws OffhookError `link_expired`, `link_used`, `conflict` (a reset, or somebody who has been in before), `bad_request`
   */
  const passkeyOptions = async (
    { token, name, email }: LinkPasskeyRequest,
    { host }: Pick<LinkFrom, 'host'>,
  ): Promise<PasskeyChallenge> => {
    const found = await findLink(database, token);
    const link = await database.inTenant(found.tenantId, (trx) => openLink(trx, found));
    return offerPasskey(dependencies, link, link.user ?? newcomer(link, { name, email }), host);
  };

  /** Hashing is slow on purpose, so it is done outside of the transaction. @throws as {@link accept} */
  const chosenWay = async (
    link: OpenLink,
    owner: PasswordOwner,
    { password, passkey }: AcceptLink,
    { host, agent }: Pick<LinkFrom, 'host' | 'agent'>,
  ): Promise<Way> => {
    if (passkey !== undefined) {
      const named = { ...passkey, name: passkey.name ?? agent ?? 'Passkey' };
      return { kind: 'passkey', passkey: await readLinkPasskey(dependencies, link, named, host) };
    }
    if (password === undefined) throw new OffhookError('bad_request', { fields: ['body.password'] });
    requireStrongPassword(password, { ...owner, tenantName: link.tenant.name });
    return { kind: 'password', hash: await passwords.hash(password) };
  };

  /**
   * Follow a link: the password or the passkey is kept, the link used up, and whoever activates a tenant has accepted its terms. Nothing of it happens
   * where any of it fails.
   * @throws OffhookError `link_expired`, `link_used`, `password_weak`, `terms_required`, `email_taken`, `bad_request`, `ticket_expired`, `conflict`
   */
  const accept = async (body: AcceptLink, { host, agent, ...from }: LinkFrom): Promise<Accepted> => {
    const { token, termsVersion, name, email } = body;
    const found = await findLink(database, token);
    const before = await database.inTenant(found.tenantId, (trx) => openLink(trx, found));
    const owner = before.user ?? newcomer(before, { name, email });
    if (needsTerms(before) && termsVersion !== terms.version) throw new OffhookError('terms_required');
    const way = await chosenWay(before, owner, body, { host, agent });
    return database.inTenant(found.tenantId, async (trx) => {
      const link = await openLink(trx, found);
      const newUserId = way.kind === 'passkey' ? way.passkey.userId : (newId('usr') as UserId);
      const userId = link.user?.userId ?? (await createProvider(trx, owner, newUserId));
      const actor: Actor = {
        kind: 'person',
        id: userId,
        name: `${owner.name} <${owner.email}>`,
        role: link.user?.role ?? 'provider',
        ...from,
      };
      if (way.kind === 'passkey') {
        // Somebody may have come in meanwhile.
        requireFirstTime(link);
        await keepLinkPasskey(trx, link, way.passkey);
      }
      await trx
        .updateTable('users')
        .set((eb) => ({
          ...(way.kind === 'password' ? { password_hash: way.hash } : {}),
          activated_at: eb.fn.coalesce('activated_at', eb.val(Date.now())),
        }))
        .where('user_id', '=', userId)
        .execute();
      await useLink(trx, link);
      const subject = { kind: 'user', id: userId, name: owner.email };
      await writeAudit(trx, link.tenantId, actor, {
        action: acts[link.kind],
        subject,
        ...(way.kind === 'passkey' ? { after: { passkey: way.passkey.name } } : {}),
      });
      if (needsTerms(link)) {
        if (termsVersion !== terms.version) throw new OffhookError('terms_required');
        await activateTenant(trx, link, actor, terms.version);
      }
      if (link.kind === 'password_reset') await endSessions(trx, link);
      const method = way.kind === 'passkey' ? 'passkey' : 'link';
      return { tenantId: link.tenantId, userId, kind: link.kind, method };
    });
  };

  /** Whoever had the old password is out, and the person hears of the change. */
  const endSessions = async (trx: TenantTransaction, { tenantId, user }: OpenLink): Promise<void> => {
    if (user === undefined) return;
    const { userId, email, name, language } = user;
    await trx.deleteFrom('sessions').where('user_id', '=', userId).execute();
    // Nobody goes on from the old one to a second factor.
    await trx.deleteFrom('sign_in_tickets').where('user_id', '=', userId).execute();
    await notifyChange(trx, { kind: 'sessions_revoked', tenantId, userId });
    await enqueueMail(trx, secrets, tenantId, {
      kind: 'password_changed',
      to: email,
      language: languageOf(language),
      params: { name, at: Date.now() },
    });
  };

  return { inspect, passkeyOptions, accept };
}

const acts: Readonly<Record<LinkInfo['kind'], AuditAction>> = {
  invitation: 'invitation.accept',
  password_reset: 'password.reset',
  first_provider: 'provider.create',
};

/** Who follows the very first link says who they are. */
function newcomer({ kind }: OpenLink, { name, email }: Pick<AcceptLink, 'name' | 'email'>): PasswordOwner {
  if (kind !== 'first_provider') throw new OffhookError('link_expired');
  if (name !== undefined && email !== undefined) return { name, email };
  const fields = [name === undefined ? 'body.name' : [], email === undefined ? 'body.email' : []].flat();
  throw new OffhookError('bad_request', { fields });
}

/** @throws OffhookError `email_taken` */
export async function createProvider(
  trx: TenantTransaction,
  { email, name }: PasswordOwner,
  userId = newId('usr') as UserId,
): Promise<UserId> {
  const inserted = await trx
    .insertInto('users')
    .values({
      tenant_id: PROVIDER_TENANT,
      user_id: userId,
      email: email.toLowerCase(),
      name,
      role: 'provider',
      source: 'portal',
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (inserted === undefined) throw new OffhookError('email_taken');
  return userId;
}

async function activateTenant(
  trx: TenantTransaction,
  link: OpenLink,
  actor: Actor,
  termsVersion: string,
): Promise<void> {
  const { tenantId, tenant } = link;
  await trx
    .updateTable('tenants')
    .set({
      status: 'active',
      terms_version: termsVersion,
      terms_accepted_at: Date.now(),
      terms_accepted_by: actor.name,
    })
    .where('status', '=', 'invited')
    .execute();
  await writeAudit(trx, tenantId, actor, {
    action: 'tenant.activate',
    subject: { kind: 'tenant', id: tenantId, name: tenant.name },
    before: { status: tenant.status },
    after: { status: 'active', termsVersion },
  });
  await notifyDirectory(trx, tenantId, []);
}
