import {
  OffhookError,
  type AuditState,
  type SsoDomain,
  type SsoInput,
  type SsoInputReason,
  type SsoSettings,
  type TenantId,
} from '@offhook/contract';
import { auditState, difference, writeAudit, type Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { redirectUri, serviceProvider } from './addresses.ts';
import {
  hashSettings,
  readConnection,
  ssoIdOf,
  writeConnection,
  type Connection,
  type ProtocolSettings,
} from './connections.ts';
import { isDomainTaken, readDomains } from './domains.ts';
import { isFreeMail } from './free-mail.ts';
import { isAdministratorLeft, readSignInRules, type SignInRules } from './only.ts';
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
        show(tenantId, origin, await readConnection(trx, secrets, tenantId), await readDomains(trx)),
      ),

    /** @throws OffhookError `bad_request`, `name_taken` (a domain), `sso_untested`, `sso_needed` */
    put: (tenantId: TenantId, actor: Actor, origin: string, input: SsoInput): Promise<SsoSettings> =>
      database.inTenant(tenantId, async (trx) => {
        await beginWork(trx, tenantId);
        const before = await readConnection(trx, secrets, tenantId);
        const { settings, clientSecret } = protocolSettings(input, before, outbound);
        const domains = [...new Set(input.domains)].toSorted();
        const { name, justInTime, enabled, only } = input;
        const proved = domains.filter((domain) => before?.proved.includes(domain) === true);
        if (enabled && domains.length === 0) throw wrong('domains', 'domains_missing');
        await checkDomains(trx, tenantId, input.domains);
        const isSame =
          before !== undefined && hashSettings(before).equals(hashSettings({ settings, clientSecret }));
        const tested = isSame && before.tested;
        const rules = { enabled, only, tested, domains: proved };
        if (enabled && only && !(await isAdministratorLeft(trx, rules)))
          throw new OffhookError('sso_untested');
        await requireAdministratorLeft(trx, rules);
        const ssoId = before?.ssoId ?? ssoIdOf(tenantId);
        const after: Connection = {
          tenantId,
          ssoId,
          name,
          domains,
          proved,
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
        return show(tenantId, origin, after, await readDomains(trx));
      }),

    /** @throws OffhookError `not_found`, `sso_needed` */
    remove: (tenantId: TenantId, actor: Actor): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        await beginWork(trx, tenantId);
        const before = await readConnection(trx, secrets, tenantId);
        if (before === undefined) throw new OffhookError('not_found');
        await requireAdministratorLeft(trx, undefined);
        await trx.deleteFrom('sso_connections').execute();
        await writeAudit(trx, tenantId, actor, {
          action: 'sso.remove',
          subject: { kind: 'sso', id: before.ssoId, name: before.name },
          before: audited(before),
        });
      }),
  };
}

const show = (
  tenantId: TenantId,
  origin: string,
  connection: Connection | undefined,
  proofs: SsoDomain[],
): SsoSettings => {
  const ssoId = ssoIdOf(tenantId);
  const provider = serviceProvider(origin, ssoId);
  return {
    ...(connection === undefined ? {} : { connection: { ...shown(connection), proofs } }),
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
  after: SignInRules | undefined,
): Promise<void> {
  const before = await readSignInRules(trx);
  if (before?.enabled !== true || (await isAdministratorLeft(trx, after))) return;
  // Where nobody came in before, nothing gets worse.
  if (await isAdministratorLeft(trx, before)) throw new OffhookError('sso_needed');
}

/** @param domains in the order of the request */
const checkDomains = async (trx: TenantTransaction, tenantId: TenantId, domains: readonly string[]) => {
  for (const [index, domain] of domains.entries()) {
    if (isFreeMail(domain)) throw wrong(`domains.${index}`, 'domain_free_mail');
    if (await isDomainTaken(trx, tenantId, domain))
      throw new OffhookError('name_taken', { fields: [`body.domains.${index}`] });
  }
};

const wrong = (field: string, reason: SsoInputReason) =>
  new OffhookError('bad_request', { reason, fields: [`body.${field}`] });

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
    if (/[?#]/u.test(issuer)) throw wrong('issuer', 'issuer_query');
    if (!scopes.split(' ').includes('openid')) throw wrong('scopes', 'scopes_openid');
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
    if (pem === undefined) throw wrong(`certificates.${index}`, 'certificate_unreadable');
    return pem;
  });
  const entityId = input.entityId ?? read?.entityId ?? old?.entityId;
  const signOnUrl = input.signOnUrl ?? read?.signOnUrl ?? old?.signOnUrl;
  const trusted = certificates ?? read?.certificates ?? old?.certificates ?? [];
  if (entityId === undefined) throw wrong('entityId', 'entity_id_missing');
  if (signOnUrl === undefined) throw wrong('signOnUrl', 'sign_on_url_missing');
  if (trusted.length === 0) throw wrong('certificates', 'certificates_missing');
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

function shown(connection: Connection): Omit<NonNullable<SsoSettings['connection']>, 'proofs'> {
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

const audited = (connection: Connection): AuditState => {
  const { ssoId: _, certificates, ...rest } = shown(connection);
  return auditState({
    ...rest,
    ...(certificates === undefined
      ? {}
      : { certificates: certificates.map(({ fingerprint }) => fingerprint) }),
  });
};
