import { OffhookError, type UserId } from '@offhook/contract';
import { theSystem, writeAudit, type Actor } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import type { PasswordOwner } from '../sign-in/password-policy.ts';
import { createProvider, PROVIDER_TENANT } from './accept.ts';
import { createLink, linkUrl } from './links.ts';

export type PrintedLink = { url: string; expiresAt: number };

/**
 * A link with which the first provider account is made. While there is none, each start makes a new link, and the one before works no more.
 * @returns undefined where there is an account
 */
export async function firstProviderLink(
  database: Database,
  origin: string,
): Promise<PrintedLink | undefined> {
  return database.inTenant(PROVIDER_TENANT, async (trx) => {
    // Nodes that start together make one after the other.
    await trx.selectFrom('tenants').select('tenant_id').forUpdate().execute();
    const somebody = await trx
      .selectFrom('users')
      .select('user_id')
      .where('role', '=', 'provider')
      .where('deleted_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (somebody !== undefined) return undefined;
    const kind = 'first_provider';
    const { token, expiresAt } = await createLink(trx, PROVIDER_TENANT, { kind, userId: null });
    const subject = { kind: 'tenant', id: PROVIDER_TENANT, name: '' };
    await writeAudit(trx, PROVIDER_TENANT, theSystem, { action: 'provider.link', subject });
    return { url: linkUrl(origin, kind, token), expiresAt };
  });
}

/**
 * For the command line, which may make more of them: whoever follows the link gets a provider account. With a name and an address the account is
 * there already and the link is its invitation; for one that has never been used the link is made anew.
 * @throws OffhookError `email_taken`, `conflict`: this account is in use
 */
export async function providerLink(
  database: Database,
  origin: string,
  actor: Actor,
  owner: PasswordOwner | undefined,
): Promise<PrintedLink> {
  return database.inTenant(PROVIDER_TENANT, async (trx) => {
    await trx.selectFrom('tenants').select('tenant_id').forUpdate().execute();
    const subject = { kind: 'tenant', id: PROVIDER_TENANT, name: owner?.email ?? '' };
    await writeAudit(trx, PROVIDER_TENANT, actor, { action: 'provider.link', subject });
    const kind = owner === undefined ? 'first_provider' : 'invitation';
    let userId: UserId | null = null;
    if (owner !== undefined) {
      const found = await trx
        .selectFrom('users')
        .select(['user_id', 'activated_at'])
        .where('email', '=', owner.email)
        .executeTakeFirst();
      if (found !== undefined && found.activated_at !== null) throw new OffhookError('conflict');
      userId = found === undefined ? await createProvider(trx, owner) : (found.user_id as UserId);
    }
    const { token, expiresAt } = await createLink(trx, PROVIDER_TENANT, { kind, userId });
    return { url: linkUrl(origin, kind, token), expiresAt };
  });
}
