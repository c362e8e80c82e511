import { describe, expect, test } from 'vitest';
import { SESSION_COOKIE, SsoDomainCheck, SsoSettings, type TenantId } from '@offhook/contract';
import { hashToken, newToken } from '../secrets/tokens.ts';
import { startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { person, signIn } from '../testing/peers.ts';
import { openProvider } from '../testing/provider.ts';
import { expireSso, hashSettings, type ProtocolSettings } from './connections.ts';
import { openBrowser } from './testing/browser.ts';
import { signingKey } from './testing/certificates.ts';
import { openHostileProvider } from './testing/hostile-provider.ts';
import { idpMetadata } from './testing/saml-idp.ts';
import { putAs, ssoWorld, whoIs, type SsoWorld } from './testing/world.ts';

const server = useTestServer();
const oidc = {
  kind: 'oidc',
  issuer: 'https://login.acme.example',
  clientId: 'offhook',
  clientSecret: 'quite secret',
};

const codeOf = async (response: Response) =>
  ((await response.json()) as { error?: { code: string; fields?: string[]; reason?: string } }).error;
const methodsFor = async ({ cloud }: SsoWorld, email: string) =>
  (await person(cloud.url).get(`/api/sign-in-methods?email=${encodeURIComponent(email)}`)).json();

test('the client’s secret goes in, is kept sealed, and never comes out: not to the page, nor to the log', async () => {
  const world = await ssoWorld(server);
  const { connection, redirectUri } = await world.setUp(oidc);
  expect(connection).toMatchObject({ kind: 'oidc', hasClientSecret: true, issuer: oidc.issuer });
  expect(redirectUri).toBe(`${world.cloud.url}/api/sso/oidc/callback/${world.ssoId}`);
  const { clientSecret: _, ...without } = oidc;
  expect((await world.setUp({ ...without, name: 'Other' })).connection?.hasClientSecret).toBe(true);
  // To another issuer, or for another client, it is not sent.
  expect(
    (await world.setUp({ ...without, issuer: 'https://evil.example' })).connection?.hasClientSecret,
  ).toBe(false);
  const rows = await server.query<object>(
    world.url,
    `SELECT row_to_json(c)::text FROM sso_connections c UNION ALL SELECT row_to_json(a)::text FROM audit_log a`,
  );
  expect(JSON.stringify(rows)).not.toContain('quite secret');
  expect(world.cloud.logs.join('')).not.toContain('quite secret');
  const audit = await server.query<{ action: string; before: object; after: object }>(
    world.url,
    `SELECT action, before, after FROM audit_log WHERE action IN ('sso.create', 'sso.change') ORDER BY audit_id`,
  );
  expect(audit).toMatchObject([
    { action: 'sso.create', after: { name: 'Acme', issuer: oidc.issuer, hasClientSecret: true } },
    { action: 'sso.change', before: { name: 'Acme' }, after: { name: 'Other' } },
    {
      action: 'sso.change',
      before: { hasClientSecret: true },
      after: { hasClientSecret: false, clientSecretChanged: true },
    },
  ]);
  expect((await world.ada.delete('/api/admin/sso')).status).toBe(204);
  expect((await world.ada.delete('/api/admin/sso')).status).toBe(404);
  expect(await methodsFor(world, 'anna@acme.example')).toEqual({ passwordAllowed: true });
});

test('SAML is set up from metadata, or by hand; certificates are shown by fingerprint and expiry', async () => {
  const world = await ssoWorld(server);
  const [key, next] = await Promise.all([signingKey(), signingKey()]);
  const metadata = idpMetadata('urn:idp', 'https://idp.acme.example/sso', [key.certificate]);
  const { connection } = await world.setUp({ kind: 'saml', metadata });
  expect(connection).toMatchObject({ entityId: 'urn:idp', signOnUrl: 'https://idp.acme.example/sso' });
  expect(connection?.certificates).toEqual([
    { fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/u), expiresAt: expect.any(Number) },
  ]);
  // What is not sent stays; certificates are replaced together.
  const both = await world.setUp({ kind: 'saml', certificates: [key.certificate, next.certificate] });
  expect(both.connection).toMatchObject({ entityId: 'urn:idp' });
  expect(both.connection?.certificates).toHaveLength(2);
});

test('what cannot work is refused with the field and the reason', async () => {
  const world = await ssoWorld(server);
  const key = await signingKey();
  const metadata = idpMetadata('urn:idp', 'https://idp.acme.example/sso', [key.certificate]);
  const cases: [object, string, string | undefined][] = [
    [{ ...oidc, issuer: 'http://login.acme.example' }, 'body.issuer', 'address_not_https'],
    [{ ...oidc, issuer: 'javascript:alert(1)' }, 'body.issuer', 'address_not_https'],
    [{ ...oidc, issuer: 'https://login.acme.example?x=1' }, 'body.issuer', 'issuer_query'],
    [{ ...oidc, scopes: 'email' }, 'body.scopes', 'scopes_openid'],
    [{ ...oidc, domains: [] }, 'body.domains', 'domains_missing'],
    [{ ...oidc, domains: ['acme.example', 'GMail.com'] }, 'body.domains.1', 'domain_free_mail'],
    [{ ...oidc, domains: ['no domain'] }, 'body.domains.0', undefined],
    [{ kind: 'saml' }, 'body.entityId', 'entity_id_missing'],
    [
      { kind: 'saml', metadata: '<!DOCTYPE a [<!ENTITY b "c">]><a/>' },
      'body.metadata',
      'metadata_unreadable',
    ],
    [
      { kind: 'saml', metadata: metadata.replace('https://idp.acme.example/sso"', 'javascript:alert(1)"') },
      'body.signOnUrl',
      'address_not_https',
    ],
    [
      { kind: 'saml', metadata, certificates: ['no certificate'] },
      'body.certificates.0',
      'certificate_unreadable',
    ],
    [
      { kind: 'saml', metadata, signOnUrl: 'http://idp.acme.example/' },
      'body.signOnUrl',
      'address_not_https',
    ],
  ];
  for (const [input, field, reason] of cases) {
    const response = await world.put(input);
    const error = await codeOf(response);
    expect([response.status, error?.fields, error?.reason]).toEqual([400, [field], reason]);
  }
  expect((await world.settings()).connection).toBeUndefined();
});

test('where private networks are not allowed, no identity provider is in one', async () => {
  const world = await ssoWorld(server);
  const cloud = await startCloud(world.url, world.admin.secrets);
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  for (const issuer of [
    'http://127.0.0.1:1',
    'https://10.0.0.1',
    'https://[::1]',
    'https://169.254.169.254',
  ]) {
    const input = {
      ...oidc,
      issuer,
      name: 'A',
      domains: ['acme.example'],
      justInTime: false,
      enabled: true,
      only: false,
    };
    expect((await codeOf(await putAs(cloud.url, ada, '/api/admin/sso', input)))?.fields).toEqual([
      'body.issuer',
    ]);
  }
});

const checked = async (response: Response) => SsoDomainCheck.parse(await response.json());

describe('domains', () => {
  test('lead to sign-in by the domain alone, whoever asks and whether or not the address exists', async () => {
    const world = await ssoWorld(server);
    await world.setUp(oidc);
    const sso = { name: 'Acme', startUrl: `/api/sso/${world.ssoId}/start` };
    for (const email of ['anna@acme.example', 'nobody@acme.example', ' X@ACME.example ', 'acme.example']) {
      expect(await methodsFor(world, email)).toEqual({ sso, passwordAllowed: true });
    }
    expect(await methodsFor(world, 'anna@other.example')).toEqual({ passwordAllowed: true });
    await world.setUp({ ...oidc, enabled: false });
    expect(await methodsFor(world, 'anna@acme.example')).toEqual({ passwordAllowed: true });
  });

  const input = { ...oidc, justInTime: false, enabled: true, only: false };

  test('lead nowhere until the DNS proves them; the look at it says what it found instead', async () => {
    const world = await ssoWorld(server);
    const { connection } = SsoSettings.parse(await (await world.put(oidc)).json());
    const [proof] = connection?.proofs ?? [];
    expect(proof?.record).toMatch(/^offhook-verification=[\w-]{24}$/u);
    expect(proof?.proved).toBeUndefined();
    expect(await methodsFor(world, 'anna@acme.example')).toEqual({ passwordAllowed: true });
    const check = async () => checked(await world.ada.post('/api/admin/sso/domains/acme.example/check'));
    expect(await check()).toMatchObject({ found: 'no_domain', seen: [] });
    world.dns.set('acme.example', ['v=spf1 -all']);
    expect(await check()).toMatchObject({ found: 'no_record', seen: [] });
    world.dns.set('acme.example', ['v=spf1 -all', 'offhook-verification=other']);
    expect(await check()).toMatchObject({ found: 'other_record', seen: ['offhook-verification=other'] });
    expect(await methodsFor(world, 'anna@acme.example')).toEqual({ passwordAllowed: true });
    world.dns.set('acme.example', ['v=spf1 -all', proof?.record ?? '']);
    expect(await check()).toMatchObject({ found: 'proved', domain: { proved: { by: 'dns' } } });
    expect(await methodsFor(world, 'anna@acme.example')).toMatchObject({ sso: { name: 'Acme' } });
    // What was proved stays while the domain stays; taken out and named anew, it wants a new proof.
    await world.put({ ...oidc, name: 'Other' });
    expect(await methodsFor(world, 'anna@acme.example')).toMatchObject({ sso: { name: 'Other' } });
    await world.put({ ...oidc, domains: ['other.example'] });
    await world.put(oidc);
    expect(await methodsFor(world, 'anna@acme.example')).toEqual({ passwordAllowed: true });
    expect((await world.ada.post('/api/admin/sso/domains/unknown.example/check')).status).toBe(404);
  });

  test('are named by whom they please and held by who proved first; naming one takes it from nobody', async () => {
    const world = await ssoWorld(server, { files: [tenantFile('acme'), tenantFile('beta')] });
    const beta = await signIn(world.cloud.url, 'admin@beta.example', 'admin-password');
    const claim = (...domains: string[]) =>
      putAs(world.cloud.url, beta, '/api/admin/sso', { ...input, name: 'Beta', domains });
    const claimed = SsoSettings.parse(await (await claim('acme.example')).json());
    await world.put(oidc);
    // Beta's record is not in acme's DNS, and acme's is not beta's.
    const own = (await world.settings()).connection?.proofs[0]?.record ?? '';
    world.dns.set('acme.example', [own]);
    const betas = await checked(await beta.post('/api/admin/sso/domains/acme.example/check'));
    expect(betas).toMatchObject({ found: 'other_record', seen: [own] });
    await world.setUp(oidc);
    world.dns.set('acme.example', [own, claimed.connection?.proofs[0]?.record ?? '']);
    expect(await checked(await beta.post('/api/admin/sso/domains/acme.example/check'))).toMatchObject({
      found: 'held_elsewhere',
    });
    expect(await methodsFor(world, 'anna@acme.example')).toMatchObject({ sso: { name: 'Acme' } });
    expect(await codeOf(await claim('beta.example', 'acme.example'))).toMatchObject({
      code: 'name_taken',
      fields: ['body.domains.1'],
    });
    // Administrators of a tenant see and change their own alone.
    await world.ada.delete('/api/admin/sso');
    expect((await world.settings()).connection).toBeUndefined();
  });

  test('of which another tenant’s people have addresses leave them their passwords', async () => {
    const world = await ssoWorld(server, { files: [tenantFile('acme'), tenantFile('beta')] });
    await world.setUp({ ...oidc, domains: ['acme.example', 'beta.example'] });
    await server.query(world.url, 'UPDATE sso_connections SET only_sso = true');
    expect(await methodsFor(world, 'anna@acme.example')).toMatchObject({ passwordAllowed: false });
    expect(await methodsFor(world, 'anna@beta.example')).toMatchObject({ passwordAllowed: true });
  });

  test('are proved by the provider’s word where there is no public DNS, which is written down', async () => {
    const world = await ssoWorld(server);
    await world.put(oidc);
    const provider = await openProvider(world.cloud);
    const byHand = (domain: string) => provider.post('/api/provider/tenants/acme/sso-domains', { domain });
    expect((await byHand('other.example')).status).toBe(404);
    expect(await (await byHand('acme.example')).json()).toMatchObject({ proved: { by: 'provider' } });
    expect(await methodsFor(world, 'anna@acme.example')).toMatchObject({ sso: { name: 'Acme' } });
    const audit = await server.query(
      world.url,
      `SELECT actor_name, after FROM audit_log WHERE action = 'sso.domain_proved'`,
    );
    expect(audit).toMatchObject([{ after: { provedBy: 'provider' } }]);
  });
});

const secondFactor = (world: SsoWorld, email: string) =>
  server.query(
    world.url,
    `INSERT INTO totp_secrets (tenant_id, user_id, sealed, last_step, created_at)
       SELECT tenant_id, user_id, '\\x00', 0, 0 FROM users WHERE email = $1`,
    [email],
  );

/** As if a test of what is set up had passed. */
async function passTest({ url }: SsoWorld) {
  const [row] = await server.query<{ settings: ProtocolSettings }>(
    url,
    'SELECT settings FROM sso_connections',
  );
  if (row === undefined) throw new Error('nothing is set up');
  const tested = hashSettings({ settings: row.settings, clientSecret: oidc.clientSecret });
  await server.query(url, 'UPDATE sso_connections SET tested = $1', [tested]);
}

/** A session as single sign-on opens it. */
async function signInBySso({ url, cloud }: SsoWorld, email: string) {
  const token = newToken();
  await server.query(
    url,
    `INSERT INTO sessions (tenant_id, session_id, user_id, token_hash, created_at, last_seen_at, expires_at, method)
       SELECT tenant_id, 'ses_sso', user_id, $2, $3::bigint, $3::bigint, $3::bigint + 600000, 'oidc' FROM users WHERE email = $1`,
    [email, hashToken(token), Date.now()],
  );
  return person(cloud.url, `${SESSION_COOKIE}=${token}`);
}

const attempt = (world: SsoWorld, email: string, password: string) =>
  person(world.cloud.url).post('/api/session', { email, password });

describe('single sign-on as the only way', () => {
  test('is refused while no administrator could come in, and granted once one has a second factor', async () => {
    const world = await ssoWorld(server);
    expect((await codeOf(await world.put({ ...oidc, only: true })))?.code).toBe('sso_untested');
    await secondFactor(world, 'anna@acme.example');
    expect((await codeOf(await world.put({ ...oidc, only: true })))?.code).toBe('sso_untested');
    await secondFactor(world, 'admin@acme.example');
    expect((await world.setUp({ ...oidc, only: true })).connection?.only).toBe(true);

    expect(await methodsFor(world, 'anna@acme.example')).toMatchObject({ passwordAllowed: false });
    const anna = await attempt(world, 'anna@acme.example', 'anna-password');
    expect([anna.status, (await codeOf(anna))?.code]).toEqual([403, 'sso_required']);
    // Who does not know the password learns nothing.
    expect((await codeOf(await attempt(world, 'anna@acme.example', 'wrong')))?.code).toBe(
      'invalid_credentials',
    );
    expect(await (await attempt(world, 'admin@acme.example', 'admin-password')).json()).toMatchObject({
      state: 'second_factor',
      methods: ['totp'],
    });
  });

  test('is granted after a test with these very settings, and not with others', async () => {
    const world = await ssoWorld(server);
    const { issuer } = await openHostileProvider('anna@acme.example');
    const input = { ...oidc, issuer };
    await world.setUp({ ...input, enabled: false });
    const pass = async () => {
      const { testId, startUrl } = await world.beginTest();
      await openBrowser().go(startUrl);
      expect((await world.testResult(testId)).state).toBe('passed');
    };
    await pass();
    expect((await codeOf(await world.put({ ...input, clientSecret: 'another', only: true })))?.code).toBe(
      'sso_untested',
    );
    // Nor where no administrator has an address of the domains.
    expect((await codeOf(await world.put({ ...input, domains: ['other.example'], only: true })))?.code).toBe(
      'sso_untested',
    );
    expect((await world.setUp({ ...input, only: true })).connection?.only).toBe(true);

    const browser = openBrowser();
    await browser.go(`${world.cloud.url}/api/sso/${world.ssoId}/start`);
    expect(await whoIs(world.cloud.url, browser)).toMatchObject({ email: 'anna@acme.example' });
    expect((await attempt(world, 'anna@acme.example', 'anna-password')).status).toBe(403);
    // An administrator without a second factor comes in by single sign-on as well.
    expect((await attempt(world, 'admin@acme.example', 'admin-password')).status).toBe(403);
    // Other settings have to be tested first, or the switch comes off.
    expect((await codeOf(await world.put({ ...input, clientId: 'other', only: true })))?.code).toBe(
      'sso_untested',
    );
    await world.setUp({ ...input, clientId: 'other', only: false });
    expect((await attempt(world, 'anna@acme.example', 'anna-password')).status).toBe(200);
  });

  test('and back: it is not switched off while no administrator has another way in, nor is an administrator taken who alone comes in', async () => {
    const world = await ssoWorld(server);
    await secondFactor(world, 'admin@acme.example');
    await world.setUp({ ...oidc, only: true });
    await server.query(
      world.url,
      `INSERT INTO users (tenant_id, user_id, email, name, role, password_hash, activated_at, source)
         SELECT tenant_id, 'usr_second', 'second@acme.example', 'Second', 'admin', password_hash, 1, 'portal'
           FROM users WHERE email = 'admin@acme.example'`,
    );
    // The second would be an administrator whom nothing lets in.
    const ada = await world.admin.userId('admin@acme.example');
    const second = await signInBySso(world, 'second@acme.example');
    for (const path of [`users/${ada}`, `administrators/${ada}`]) {
      expect((await codeOf(await second.delete(`/api/admin/${path}`)))?.code).toBe('last_administrator');
    }
    expect((await codeOf(await second.post(`/api/admin/users/${ada}/disable`)))?.code).toBe(
      'last_administrator',
    );
    // Administrators who came by single sign-on alone.
    await server.query(world.url, `UPDATE users SET password_hash = NULL WHERE role = 'admin'`);
    await passTest(world);
    expect((await codeOf(await world.put({ ...oidc, enabled: false })))?.code).toBe('sso_needed');
    expect((await codeOf(await world.ada.delete('/api/admin/sso')))?.code).toBe('sso_needed');
    await server.query(world.url, `UPDATE users SET password_hash = 'x' WHERE user_id = 'usr_second'`);
    expect((await world.setUp({ ...oidc, enabled: false })).connection?.enabled).toBe(false);
    expect((await world.ada.delete('/api/admin/sso')).status).toBe(204);
  });

  test('is of one tenant alone, and of a connection that is on', async () => {
    const world = await ssoWorld(server, { files: [tenantFile('acme'), tenantFile('beta')] });
    await secondFactor(world, 'admin@acme.example');
    await world.setUp({ ...oidc, only: true });
    expect((await attempt(world, 'anna@beta.example', 'anna-password')).status).toBe(200);
    await world.setUp({ ...oidc, only: true, enabled: false });
    expect((await attempt(world, 'anna@acme.example', 'anna-password')).status).toBe(200);
  });
});

test('what is over is removed; what is not stays', async () => {
  const world = await ssoWorld(server);
  await world.setUp(oidc);
  const { testId } = await world.beginTest();
  await expireSso(world.admin.database, Date.now());
  expect((await world.testResult(testId)).state).toBe('waiting');
  await expireSso(world.admin.database, Date.now() + 11 * 60_000);
  expect((await world.ada.get(`/api/admin/sso/test/${testId}`)).status).toBe(404);
});

test('row-level security keeps a tenant’s sign-in from every other', async () => {
  const world = await ssoWorld(server, { files: [tenantFile('acme'), tenantFile('beta')] });
  await world.setUp(oidc);
  await world.beginTest();
  const { database } = world.admin;
  for (const table of [
    'sso_connections',
    'sso_domains',
    'sso_tests',
    'sso_attempts',
    'sso_assertions',
  ] as const) {
    const seen = await database.inTenant('beta' as TenantId, (trx) =>
      trx.selectFrom(table).selectAll().execute(),
    );
    expect([table, seen]).toEqual([table, []]);
    await expect(database.asProvider((trx) => trx.selectFrom(table).selectAll().execute())).rejects.toThrow(
      'permission denied',
    );
  }
});
