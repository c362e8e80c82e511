import { OffhookError, type SsoInput, type SsoSettings, type TenantId } from '@offhook/contract';
import { difference, writeAudit, type Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { redirectUri, serviceProvider } from './addresses.ts';
import {
  hashSettings,
  isDomainTaken,
  readConnection,
  ssoIdOf,
  writeConnection,
  type Connection,
  type ProtocolSettings,
} from './connections.ts';
import { isAdministratorLeft, type SignInRules } from './only.ts';
import { beginWork } from '../users/work.ts';
import type { Outbound } from './outbound.ts';
import { inspectCertificate, readCertificate } from './saml/certificates.ts';
import { readIdpMetadata } from './saml/metadata.ts';

export type SettingsService = ReturnType<typeof createSettings>;

/** What an administrator sets up. The client's secret goes in and never comes out. */
export function createSettings(options: { database: Database; secrets: SecretBox; outbound: Outbound }) {
  const { database, secrets, outbound } = options;

  return {
    get: (tenantId: TenantId, origin: string): Promise<SsoSettings> =>
      database.inTenant(tenantId, async (trx) =>
        show(tenantId, origin, await readConnection(trx, secrets, tenantId)),
      ),

    /** @throws OffhookError `bad_request`, `name_taken` (a domain), `sso_untested`, `sso_needed` */
    put: (tenantId: TenantId, actor: Actor, origin: string, input: SsoInput): Promise<SsoSettings> =>
      database.inTenant(tenantId, async (trx) => {
        await beginWork(trx, tenantId);
        const before = await readConnection(trx, secrets, tenantId);
        const { settings, clientSecret } = protocolSettings(input, before, outbound);
        const domains = [...new Set(input.domains)].toSorted();
        const { name, justInTime, enabled, only } = input;
        if (enabled && domains.length === 0)
          throw wrong('domains', 'Name the e-mail domains of your people.');
        await checkDomains(trx, tenantId, input.domains);
        const isSame =
          before !== undefined && hashSettings(before).equals(hashSettings({ settings, clientSecret }));
        const tested = isSame && before.tested;
        const rules = { enabled, only, tested, domains };
        if (enabled && only && !(await isAdministratorLeft(trx, rules)))
          throw new OffhookError('sso_untested');
        if (before?.enabled === true) await requireAdministratorLeft(trx, before, rules);
        const ssoId = before?.ssoId ?? ssoIdOf(tenantId);
        const after: Connection = {
          tenantId,
          ssoId,
          name,
          domains,
          justInTime,
          enabled,
          only,
          settings,
          clientSecret,
          tested,
        };
        await writeConnection(trx, secrets, after, Date.now());
        await writeAudit(trx, tenantId, actor, {
          action: before === undefined ? 'sso.create' : 'sso.change',
          subject: { kind: 'sso', id: ssoId, name },
          ...difference(before === undefined ? {} : audited(before), {
            ...audited(after),
            // A new one differs from the old, which is not in the log either.
            ...(before?.clientSecret === undefined || before.clientSecret === clientSecret
              ? {}
              : { clientSecretChanged: true }),
          }),
        });
        return show(tenantId, origin, after);
      }),

    /** @throws OffhookError `not_found`, `sso_needed` */
    remove: (tenantId: TenantId, actor: Actor): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        await beginWork(trx, tenantId);
        const before = await readConnection(trx, secrets, tenantId);
        if (before === undefined) throw new OffhookError('not_found');
        if (before.enabled) await requireAdministratorLeft(trx, before, undefined);
        await trx.deleteFrom('sso_connections').execute();
        await writeAudit(trx, tenantId, actor, {
          action: 'sso.remove',
          subject: { kind: 'sso', id: before.ssoId, name: before.name },
          before: audited(before),
        });
      }),
  };
}

const show = (tenantId: TenantId, origin: string, connection: Connection | undefined): SsoSettings => {
  const ssoId = ssoIdOf(tenantId);
  const provider = serviceProvider(origin, ssoId);
  return {
    ...(connection === undefined ? {} : { connection: shown(connection) }),
    redirectUri: redirectUri(origin, ssoId),
    samlEntityId: provider.entityId,
    samlAcsUrl: provider.acsUrl,
    samlMetadataUrl: provider.entityId,
  };
};

/**
 * Administrators who came by single sign-on alone have neither password nor passkey: it is not taken from the last of them.
 * @throws OffhookError `sso_needed`
 */
async function requireAdministratorLeft(
  trx: TenantTransaction,
  before: SignInRules,
  after: SignInRules | undefined,
): Promise<void> {
  if (await isAdministratorLeft(trx, after)) return;
  // Where nobody came in before, nothing gets worse.
  if (await isAdministratorLeft(trx, before)) throw new OffhookError('sso_needed');
}

/** @param domains in the order of the request */
const checkDomains = async (trx: TenantTransaction, tenantId: TenantId, domains: readonly string[]) => {
  for (const [index, domain] of domains.entries()) {
    if (await isDomainTaken(trx, tenantId, domain))
      throw new OffhookError('name_taken', { fields: [`body.domains.${index}`] });
  }
};

const wrong = (field: string, message: string) =>
  new OffhookError('bad_request', { message, fields: [`body.${field}`] });

function protocolSettings(
  input: SsoInput,
  before: Connection | undefined,
  outbound: Outbound,
): { settings: ProtocolSettings; clientSecret: string | undefined } {
  const checkAddress = (field: string, address: string) => {
    const refusal = outbound.refusalOf(address);
    if (refusal !== undefined) throw wrong(field, refusal);
  };
  if (input.kind === 'oidc') {
    const { issuer, clientId, scopes } = input;
    checkAddress('issuer', issuer);
    if (/[?#]/u.test(issuer)) throw wrong('issuer', 'An issuer has no query and no fragment.');
    if (!scopes.split(' ').includes('openid')) throw wrong('scopes', '“openid” must be among the scopes.');
    const old = before?.settings;
    // The old secret is shown to whom it was meant for, and to nobody else.
    const keeps = old?.kind === 'oidc' && old.issuer === issuer && old.clientId === clientId;
    return {
      settings: { kind: 'oidc', issuer, clientId, scopes },
      clientSecret: input.clientSecret ?? (keeps ? before?.clientSecret : undefined),
    };
  }
  const old = before?.settings.kind === 'saml' ? before.settings : undefined;
  const read = input.metadata === undefined ? undefined : readIdpMetadata(input.metadata);
  if (typeof read === 'string') throw wrong('metadata', read);
  const certificates = input.certificates?.map((text, index) => {
    const pem = readCertificate(text);
    if (pem === undefined) throw wrong(`certificates.${index}`, 'This is not an X.509 certificate.');
    return pem;
  });
  const entityId = input.entityId ?? read?.entityId ?? old?.entityId;
  const signOnUrl = input.signOnUrl ?? read?.signOnUrl ?? old?.signOnUrl;
  const trusted = certificates ?? read?.certificates ?? old?.certificates ?? [];
  if (entityId === undefined) throw wrong('entityId', 'The identity provider’s entity ID is missing.');
  if (signOnUrl === undefined)
    throw wrong('signOnUrl', 'The identity provider’s sign-on address is missing.');
  if (trusted.length === 0) throw wrong('certificates', 'A certificate of the identity provider is missing.');
  checkAddress('signOnUrl', signOnUrl);
  const { emailAttribute, nameAttribute } = input;
  return {
    settings: {
      kind: 'saml',
      entityId,
      signOnUrl,
      certificates: trusted,
      ...(emailAttribute === undefined ? {} : { emailAttribute }),
      ...(nameAttribute === undefined ? {} : { nameAttribute }),
    },
    clientSecret: undefined,
  };
}

function shown(connection: Connection): NonNullable<SsoSettings['connection']> {
  const { ssoId, name, domains, justInTime, enabled, only, settings, clientSecret } = connection;
  const common = { ssoId, name, domains, justInTime, enabled, only };
  if (settings.kind === 'oidc')
    return { ...common, ...settings, hasClientSecret: clientSecret !== undefined };
  const certificates = settings.certificates.map((pem) => {
    const { fingerprint, expiresAt } = inspectCertificate(pem, Date.now());
    return { fingerprint, expiresAt };
  });
  return { ...common, ...settings, certificates, hasClientSecret: false };
}

const audited = (connection: Connection): Record<string, unknown> => {
  const { ssoId: _, certificates, ...rest } = shown(connection);
  return {
    ...rest,
    ...(certificates === undefined
      ? {}
      : { certificates: certificates.map(({ fingerprint }) => fingerprint) }),
  };
};
