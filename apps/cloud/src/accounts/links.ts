import { OffhookError, type LinkInfo, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { hashToken, newToken } from '../secrets/tokens.ts';

/** What a link in a mail is for. `first_provider` belongs to nobody yet: who follows it says who they are. */
export type LinkKind = LinkInfo['kind'];

const HOUR = 3_600_000;
/** Milliseconds from its making. */
export const linkLifetimes: Readonly<Record<LinkKind, number>> = {
  invitation: 7 * 24 * HOUR,
  password_reset: HOUR,
  first_provider: 24 * HOUR,
};

/** The page that takes the token. It is in the fragment, which browsers send to nobody: no log, no proxy, no `Referer`. */
const pages: Readonly<Record<LinkKind, string>> = {
  invitation: '/account/invitation',
  password_reset: '/account/reset',
  first_provider: '/account/invitation',
};

/** @param origin e.g. `https://phone.example.com` */
export const linkUrl = (origin: string, kind: LinkKind, token: string): string =>
  `${origin}${pages[kind]}#${token}`;

export type NewLink = { token: string; expiresAt: number };

/**
 * A new link of this kind; older ones of the kind and person work no more. Only its hash is kept: whoever reads the database
 * cannot follow it.
 * @param options.lifetime milliseconds
 */
export async function createLink(
  trx: TenantTransaction,
  tenantId: TenantId,
  {
    kind,
    userId,
    lifetime = linkLifetimes[kind],
  }: { kind: LinkKind; userId: UserId | null; lifetime?: number },
): Promise<NewLink> {
  const now = Date.now();
  await trx
    .deleteFrom('one_time_links')
    .where('kind', '=', kind)
    .where('user_id', userId === null ? 'is' : '=', userId)
    .where('used_at', 'is', null)
    .execute();
  const token = newToken();
  const expiresAt = now + lifetime;
  await trx
    .insertInto('one_time_links')
    .values({
      tenant_id: tenantId,
      link_id: newId('otl'),
      kind,
      user_id: userId,
      token_hash: hashToken(token),
      created_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute();
  return { token, expiresAt };
}

/** Which link a token opens, before its tenant is known. */
export type FoundLink = { tenantId: TenantId; linkId: string };

/** @throws OffhookError `link_expired`: there is none such (any more) */
export async function findLink(database: Database, token: string): Promise<FoundLink> {
  const { rows } = await database.beforeTenant((trx) =>
    sql<FoundLink>`
      SELECT tenant_id AS "tenantId", link_id AS "linkId" FROM lookup_link(${hashToken(token)})`.execute(trx),
  );
  const [found] = rows;
  if (found === undefined) throw new OffhookError('link_expired');
  return found;
}

/** A link that may be followed now, with whom it is for. */
export type OpenLink = {
  tenantId: TenantId;
  linkId: string;
  kind: LinkKind;
  expiresAt: number;
  tenant: { name: string; status: 'invited' | 'active' | 'suspended' | 'deleting'; language: string };
  /** Absent for `first_provider`. */
  user?: {
    userId: UserId;
    email: string;
    name: string;
    role: 'user' | 'admin' | 'provider';
    language: string;
    isActivated: boolean;
  };
};

/**
 * The link as it is now; its row stays locked to the end of the transaction, so that it is used once and no more.
 * @throws OffhookError `link_used`, `link_expired` (also where the person or the tenant is not let in any more)
 */
export async function openLink(trx: TenantTransaction, { tenantId, linkId }: FoundLink): Promise<OpenLink> {
  const link = await trx
    .selectFrom('one_time_links')
    .selectAll()
    .where('link_id', '=', linkId)
    .forUpdate()
    .executeTakeFirst();
  if (link === undefined) throw new OffhookError('link_expired');
  if (link.used_at !== null) throw new OffhookError('link_used');
  if (link.expires_at <= Date.now()) throw new OffhookError('link_expired');
  const tenant = await trx
    .selectFrom('tenants')
    .select(['name', 'status', 'language'])
    .executeTakeFirstOrThrow();
  if (tenant.status === 'deleting') throw new OffhookError('link_expired');
  const open = { tenantId, linkId, kind: link.kind, expiresAt: link.expires_at, tenant };
  if (link.user_id === null) return open;
  const user = await trx
    .selectFrom('users')
    .select(['user_id', 'email', 'name', 'role', 'language', 'activated_at', 'disabled_at', 'deleted_at'])
    .where('user_id', '=', link.user_id)
    .executeTakeFirstOrThrow();
  if (user.disabled_at !== null || user.deleted_at !== null) throw new OffhookError('link_expired');
  const { email, name, role, language } = user;
  const userId = user.user_id as UserId;
  return {
    ...open,
    user: { userId, email, name, role, language, isActivated: user.activated_at !== null },
  };
}

/** It has been followed; the person's other open links, and any that would make a first provider, work no more. */
export async function useLink(trx: TenantTransaction, { linkId, user }: OpenLink): Promise<void> {
  await trx
    .updateTable('one_time_links')
    .set({ used_at: Date.now() })
    .where('link_id', '=', linkId)
    .execute();
  await trx
    .deleteFrom('one_time_links')
    .where((eb) => eb.or([eb('user_id', '=', user?.userId ?? ''), eb('kind', '=', 'first_provider')]))
    .where('used_at', 'is', null)
    .execute();
}
