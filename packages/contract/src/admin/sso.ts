import * as z from 'zod';
import { AdminLimits, Millis } from './common.ts';

/**
 * Single sign-on of a tenant. `GET /api/admin/sso` → {@link SsoSettings}; `PUT /api/admin/sso` {@link SsoInput} → {@link SsoSettings}, 400 with `fields` and a
 * `reason` ({@link SsoInputReason}), 409 `name_taken` (a domain that another tenant has proved), `sso_untested`; `DELETE` → 204; `POST /api/admin/sso/test` → {@link SsoTest} with a
 * link that opens the identity provider, for what is stored, enabled or not; `GET /api/admin/sso/test/:testId` → {@link SsoTest}.
 *
 * Domains take effect once they are proved: `POST /api/admin/sso/domains/:domain/check` asks the DNS now → {@link SsoDomainCheck}; 404 `not_found`, 429. The provider
 * may prove one by hand: `POST /api/provider/tenants/:tenantId/sso-domains` {@link SsoDomainByHand} → {@link SsoDomain}; 404 (the tenant has not named it), 409 `name_taken`.
 *
 * The browser's way: `GET /api/sso/:ssoId/start?return=`, `GET /api/sso/oidc/callback/:ssoId`, `POST /api/sso/saml/:ssoId/acs`,
 * `GET /api/sso/saml/:ssoId/finish`, `GET /api/sso/saml/:ssoId/metadata`. It ends on the page that `return` names (a path of ours, else `/`), signed in, or with
 * {@link SSO_ERROR_PARAMETER}; a test ends there with {@link SSO_TEST_PARAMETER}.
 */

/** In the address of the page at the end: an {@link SsoFault}, where nobody was signed in. */
export const SSO_ERROR_PARAMETER = 'sso_error';
/** In the address of the page at the end of a test: its id. */
export const SSO_TEST_PARAMETER = 'sso_test';

const domain = z
  .string()
  .toLowerCase()
  .regex(/^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/u);

const common = {
  name: z.string().trim().min(1).max(100),
  domains: z.array(domain).max(AdminLimits.ssoDomains),
  /** Who signs in for the first time becomes a user. */
  justInTime: z.boolean(),
  enabled: z.boolean(),
  /** Passwords are no way in any more, but for administrators who have a second factor: nobody is locked out. */
  only: z.boolean(),
};

export const SsoInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('oidc'),
    ...common,
    issuer: z.url().max(500),
    clientId: z.string().min(1).max(300),
    /** Absent: stays. */
    clientSecret: z.string().min(1).max(500).optional(),
    scopes: z.string().max(300).default('openid email profile'),
  }),
  z.object({
    kind: z.literal('saml'),
    ...common,
    /** The identity provider's entity id, sign-on address and signing certificates (PEM), or its metadata from which they are read. */
    metadata: z.string().max(200_000).optional(),
    entityId: z.string().max(500).optional(),
    signOnUrl: z.url().max(1000).optional(),
    certificates: z.array(z.string().max(20_000)).max(5).optional(),
    /** Attribute with the e-mail address; NameID where absent. */
    emailAttribute: z.string().max(200).optional(),
    nameAttribute: z.string().max(200).optional(),
  }),
]);
export type SsoInput = z.infer<typeof SsoInput>;

/** Why an input is refused; clients have words for each. */
export const SsoInputReason = z.enum([
  'address_invalid',
  'address_credentials',
  'address_not_https',
  'address_private',
  'issuer_query',
  'scopes_openid',
  'domains_missing',
  'domain_free_mail',
  'certificate_unreadable',
  'certificates_missing',
  'certificates_too_many',
  'entity_id_missing',
  'sign_on_url_missing',
  'metadata_unreadable',
  'metadata_no_provider',
  'metadata_many_providers',
  'metadata_no_saml2',
]);
export type SsoInputReason = z.infer<typeof SsoInputReason>;

/** An e-mail domain: it takes effect once it is proved. */
export const SsoDomain = z.object({
  domain: z.string(),
  /** The TXT record that the domain itself has to show, e.g. `offhook-verification=Zk3…`. */
  record: z.string(),
  /** Absent: waiting for proof. `before`: it was in use when proofs came in · `dns` · `provider`: by hand. */
  proved: z.object({ at: Millis, by: z.enum(['before', 'dns', 'provider']) }).optional(),
});
export type SsoDomain = z.infer<typeof SsoDomain>;

/**
 * What a look at the DNS found. `no_domain`: there is no such name · `no_record`: none of ours · `other_record`: ours, with another value ·
 * `unreachable`: the name servers did not answer · `held_elsewhere`: right, but another company has proved the domain already.
 */
export const SsoDomainFound = z.enum([
  'proved',
  'no_domain',
  'no_record',
  'other_record',
  'unreachable',
  'held_elsewhere',
]);
export type SsoDomainFound = z.infer<typeof SsoDomainFound>;

export const SsoDomainCheck = z.object({
  domain: SsoDomain,
  found: SsoDomainFound,
  /** Records of ours that are there instead. */
  seen: z.array(z.string().max(120)).max(5),
});
export type SsoDomainCheck = z.infer<typeof SsoDomainCheck>;

export const SsoDomainByHand = z.object({ domain });
export type SsoDomainByHand = z.infer<typeof SsoDomainByHand>;

export const SsoDomainName = domain;

export const SsoSettings = z.object({
  connection: z
    .object({
      ssoId: z.string(),
      kind: z.enum(['oidc', 'saml']),
      ...common,
      /** Of each domain, in their order. */
      proofs: z.array(SsoDomain),
      issuer: z.string().optional(),
      clientId: z.string().optional(),
      hasClientSecret: z.boolean(),
      scopes: z.string().optional(),
      entityId: z.string().optional(),
      signOnUrl: z.string().optional(),
      /** Of each certificate. */
      certificates: z.array(z.object({ fingerprint: z.string(), expiresAt: Millis })).optional(),
      emailAttribute: z.string().optional(),
      nameAttribute: z.string().optional(),
    })
    .optional(),
  /** What to type in at the identity provider; known before anything is set up. */
  redirectUri: z.string(),
  samlEntityId: z.string().optional(),
  samlAcsUrl: z.string().optional(),
  samlMetadataUrl: z.string().optional(),
});
export type SsoSettings = z.infer<typeof SsoSettings>;

/** What a test of the set-up found wrong; clients have words and what to do for each. */
export const SsoFault = z.enum([
  'issuer_unreachable',
  'issuer_mismatch',
  'client_rejected',
  'redirect_uri_rejected',
  'state_unknown',
  'signature_missing',
  'signature_invalid',
  'audience_wrong',
  'assertion_expired',
  'assertion_replayed',
  'clock_skew',
  'nonce_wrong',
  'email_missing',
  'email_unverified',
  'domain_not_allowed',
  'domain_unproved',
  'user_unknown',
  'user_disabled',
  'certificate_invalid',
  'certificate_expired',
  'metadata_invalid',
  'cancelled',
  'response_invalid',
]);
export type SsoFault = z.infer<typeof SsoFault>;

export const SsoTest = z.object({
  testId: z.string(),
  state: z.enum(['waiting', 'passed', 'failed']),
  /** Where to open the identity provider. */
  startUrl: z.string(),
  fault: SsoFault.optional(),
  /** What the other side said, bounded, for whoever administers it. */
  detail: z.string().max(500).optional(),
  email: z.string().optional(),
  name: z.string().optional(),
});
export type SsoTest = z.infer<typeof SsoTest>;
