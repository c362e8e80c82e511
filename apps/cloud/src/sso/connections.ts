import { createHash } from 'node:crypto';
import type { TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { readDomains, writeDomains } from './domains.ts';

/** What is stored of each protocol. */
export const ProtocolSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('oidc'), issuer: z.string(), clientId: z.string(), scopes: z.string() }),
  z.object({
    kind: z.literal('saml'),
    entityId: z.string(),
    signOnUrl: z.string(),
    certificates: z.array(z.string()),
    emailAttribute: z.string().optional(),
    nameAttribute: z.string().optional(),
  }),
]);
export type ProtocolSettings = z.infer<typeof ProtocolSettings>;

/** A tenant's connection to its identity provider. */
export type Connection = {
  tenantId: TenantId;
  ssoId: string;
  name: string;
  domains: string[];
  /** Those of them that are proved, and take effect. */
  proved: string[];
  justInTime: boolean;
  enabled: boolean;
  only: boolean;
  settings: ProtocolSettings;
  clientSecret: string | undefined;
  /** With these settings a test run has passed. */
  tested: boolean;
};

/** One connection for each tenant, whose name in addresses is known before it is set up: identity providers ask for those addresses first. */
export const ssoIdOf = (tenantId: TenantId): string =>
  `sso_${createHash('sha256').update(`single sign-on\n${tenantId}`).digest('base64url').slice(0, 20)}`;

/** The same for the same settings of the protocol, secret included; what is of Offhook alone, such as the name, does not count. */
export const hashSettings = ({
  settings,
  clientSecret,
}: Pick<Connection, 'settings' | 'clientSecret'>): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)), clientSecret]))
    .digest();

/** What a connection's secret is bound to. */
export const clientSecretContext = (tenantId: TenantId) => `sso client\n${tenantId}`;

/** Sealed again with the current key, so that an older one can go once the secret was in use. */
async function openSecret(
  trx: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
  sealed: Buffer | null,
): Promise<string | undefined> {
  if (sealed === null) return undefined;
  const secret = secrets.open(sealed, clientSecretContext(tenantId));
  if (!secrets.isCurrent(sealed)) {
    const client_secret = secrets.seal(secret, clientSecretContext(tenantId));
    await trx.updateTable('sso_connections').set({ client_secret }).execute();
  }
  return secret;
}

export async function readConnection(
  trx: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
): Promise<Connection | undefined> {
  const row = await trx.selectFrom('sso_connections').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  const domains = await readDomains(trx);
  const settings = ProtocolSettings.parse(row.settings);
  const clientSecret = await openSecret(trx, secrets, tenantId, row.client_secret);
  return {
    tenantId,
    ssoId: row.sso_id,
    name: row.name,
    domains: domains.map(({ domain }) => domain),
    proved: domains.filter(({ proved }) => proved !== undefined).map(({ domain }) => domain),
    justInTime: row.just_in_time,
    enabled: row.enabled,
    only: row.only_sso,
    settings,
    clientSecret,
    tested: row.tested?.equals(hashSettings({ settings, clientSecret })) === true,
  };
}

export async function writeConnection(
  trx: TenantTransaction,
  secrets: SecretBox,
  connection: Omit<Connection, 'proved'>,
  now: number,
): Promise<void> {
  const { tenantId, ssoId, name, domains, justInTime, enabled, only, settings, clientSecret } = connection;
  const changing = {
    kind: settings.kind,
    name,
    just_in_time: justInTime,
    enabled,
    only_sso: only,
    settings: JSON.stringify(settings),
    client_secret:
      clientSecret === undefined ? null : secrets.seal(clientSecret, clientSecretContext(tenantId)),
    tested: connection.tested ? hashSettings(connection) : null,
    updated_at: now,
  };
  await trx
    .insertInto('sso_connections')
    .values({ tenant_id: tenantId, sso_id: ssoId, created_at: now, ...changing })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(changing))
    .execute();
  await writeDomains(trx, tenantId, domains);
}

/** Whose connection an address names, before the tenant is known. */
export const findTenant = (database: Database, ssoId: string): Promise<TenantId | undefined> =>
  database.beforeTenant(async (trx) => {
    const { rows } = await sql<{ tenantId: TenantId }>`
      SELECT tenant_id AS "tenantId" FROM lookup_sso(${ssoId})`.execute(trx);
    return rows[0]?.tenantId;
  });

export type Routed = { ssoId: string; name: string; only: boolean };

/** The connection to which an e-mail domain leads: enabled, the domain proved, and asked for no matter whether anybody has that address. */
export const findDomain = (database: Database, domain: string): Promise<Routed | undefined> =>
  database.beforeTenant(async (trx) => {
    const { rows } = await sql<Routed>`
      SELECT sso_id AS "ssoId", name, only_sso AS only FROM lookup_sso_domain(${domain})`.execute(trx);
    return rows[0];
  });

export const expireSso = (database: Database, now: number): Promise<void> =>
  database.beforeTenant(async (trx) => {
    await sql`SELECT expire_sso(${now})`.execute(trx);
  });
