import { SESSION_COOKIE, type SsoFault } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { person, signIn } from '../testing/peers.ts';
import { openBrowser, type TestBrowser } from './testing/browser.ts';
import { openHostileProvider, type Misbehaviour } from './testing/hostile-provider.ts';
import { openProvider, type Claims, type TestProvider } from './testing/oidc-provider.ts';
import { putAs, ssoWorld, whoIs, type SsoWorld } from './testing/world.ts';

const server = useTestServer();

async function honest(
  options: {
    claims?: Record<string, Claims>;
    onlyUserinfo?: boolean;
    input?: object;
    redirectUri?: string;
  } = {},
) {
  const world = await ssoWorld(server);
  const { redirectUri } = await world.settings();
  const { input, redirectUri: registered = redirectUri, ...rest } = options;
  const provider = await openProvider({ redirectUris: [registered], ...rest });
  const { issuer, clientId, clientSecret } = provider;
  const connect = (change: object = {}) =>
    world.setUp({ kind: 'oidc', issuer, clientId, clientSecret, ...input, ...change });
  await connect();
  return { ...world, provider, connect };
}
const startOf = ({ cloud, ssoId }: SsoWorld, query = '') => `${cloud.url}/api/sso/${ssoId}/start${query}`;

/** From the start over the provider's sign-in page and back. */
async function come(
  world: SsoWorld & { provider: TestProvider },
  browser: TestBrowser,
  email: string,
  start = startOf(world),
) {
  const page = await browser.go(start);
  if (!page.url.includes('/interaction/')) return page;
  const { url, form } = world.provider.form(page, email);
  return browser.go(url, { form });
}
const isCallback = (address: string) => address.includes('/callback/');
const errorOf = (page: { url: string }) => new URL(page.url).searchParams.get('sso_error');

test('who has an account comes in through the provider, to the page asked for, and is not asked for a second factor', async () => {
  const world = await honest();
  const methods = await person(world.cloud.url).get('/api/sign-in-methods?email=Anna@Acme.example');
  const { sso } = (await methods.json()) as { sso: { name: string; startUrl: string } };
  expect(sso).toEqual({ name: 'Acme', startUrl: `/api/sso/${world.ssoId}/start` });
  const browser = openBrowser();
  const start = `${world.cloud.url}${sso.startUrl}?return=/admin/users`;
  const page = await come(world, browser, 'anna@acme.example', start);
  expect(new URL(page.url).pathname).toBe('/admin/users');
  expect(await whoIs(world.cloud.url, browser)).toMatchObject({ email: 'anna@acme.example', number: '101' });
  const [session] = await server.query(
    world.url,
    `SELECT method, second_factor FROM sessions JOIN users USING (tenant_id, user_id) WHERE email = 'anna@acme.example'`,
  );
  expect(session).toEqual({ method: 'oidc', second_factor: true });
  // Nothing is left of the way.
  expect(await server.query(world.url, 'SELECT 1 FROM sso_attempts')).toEqual([]);
  expect(browser.cookieHeader(world.cloud.url)).not.toContain('offhook_sso_');
});

test('the cookie of the way is HttpOnly and for this way alone; the session’s stays strict', async () => {
  const world = await honest();
  const started = await openBrowser().go(startOf(world), { until: () => true });
  expect(started.cookies.join()).toMatch(
    /^offhook_sso_[0-9a-f]{16}=[\w-]{43}; Max-Age=600; Path=\/api\/sso; HttpOnly; SameSite=Lax$/u,
  );
  const { searchParams } = new URL(started.url);
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  expect(searchParams.get('nonce')).toMatch(/^[\w-]{43}$/u);
  expect(started.url).not.toContain(world.provider.clientSecret);
  const browser = openBrowser();
  await browser.go(startOf(world));
  const page = await come(world, browser, 'anna@acme.example');
  expect(page.status).toBe(404);
  expect(browser.cookie(world.cloud.url, SESSION_COOKIE)).toMatch(/^[\w-]{43}$/u);
});

test('an address that only the userinfo endpoint tells is enough', async () => {
  const world = await honest({ onlyUserinfo: true });
  const browser = openBrowser();
  await come(world, browser, 'anna@acme.example');
  expect(await whoIs(world.cloud.url, browser)).toMatchObject({ email: 'anna@acme.example' });
});

test('two tabs of one browser do not get into each other’s way', async () => {
  const world = await ssoWorld(server);
  const { issuer } = await openHostileProvider('anna@acme.example');
  await world.setUp({ kind: 'oidc', issuer, clientId: 'offhook', clientSecret: 'secret' });
  const browser = openBrowser();
  const [first, second] = [
    await browser.go(startOf(world), { until: isCallback }),
    await browser.go(startOf(world), { until: isCallback }),
  ];
  expect(errorOf(await browser.go(first.url))).toBeNull();
  expect(errorOf(await browser.go(second.url))).toBeNull();
});

test('a page elsewhere is no place to come back to', async () => {
  const world = await honest();
  const page = await come(
    world,
    openBrowser(),
    'anna@acme.example',
    startOf(world, '?return=//evil.example/'),
  );
  expect(page.url).toBe(`${world.cloud.url}/`);
});

describe('people', () => {
  test('who is not there yet becomes a user without a line, where the tenant wants it so, and it is in the log', async () => {
    const world = await honest({ input: { justInTime: true } });
    const browser = openBrowser();
    await come(world, browser, 'nina@acme.example');
    expect(await whoIs(world.cloud.url, browser)).toMatchObject({ name: 'Nina Neu', role: 'user' });
    expect(
      await server.query(
        world.url,
        `SELECT source, password_hash FROM users WHERE email = 'nina@acme.example'`,
      ),
    ).toEqual([{ source: 'sso', password_hash: null }]);
    expect(
      await server.query(
        world.url,
        `SELECT 1 FROM lines l JOIN users u USING (user_id) WHERE u.email LIKE 'nina%'`,
      ),
    ).toEqual([]);
    expect(
      await server.query(
        world.url,
        `SELECT actor_name FROM audit_log WHERE action = 'user.create' AND subject_name LIKE '%nina@%'`,
      ),
    ).toEqual([{ actor_name: 'Acme' }]);
    // The second time it is the same person.
    await come(world, openBrowser(), 'nina@acme.example');
    expect(await server.query(world.url, `SELECT 1 FROM users WHERE email LIKE 'nina%'`)).toHaveLength(1);
  });

  test('who is not there stays out where the tenant does not want it, and where another tenant has the address', async () => {
    const world = await honest({ input: { justInTime: true, domains: ['acme.example', 'shared.example'] } });
    await world.admin.apply(
      tenantFile('beta', { users: [{ email: 'bob@shared.example', name: 'Bob', password: 'bob-password' }] }),
    );
    expect(errorOf(await come(world, openBrowser(), 'bob@shared.example'))).toBe('user_unknown');
    // Of another tenant's people the domain can no longer be claimed.
    await world.connect({ justInTime: false, domains: ['acme.example'] });
    expect(errorOf(await come(world, openBrowser(), 'nina@acme.example'))).toBe('user_unknown');
  });

  test('whose address is missing, not verified, or of another domain stays out', async () => {
    const cases: [string, Claims, SsoFault][] = [
      ['anna@acme.example', { email_verified: false }, 'email_unverified'],
      ['someone', { email: 'anna@elsewhere.example' }, 'domain_not_allowed'],
      ['trick', { email: 'anna@acme.example@elsewhere.example' }, 'email_missing'],
      ['nothing', { email: '' }, 'email_missing'],
    ];
    const world = await honest({
      claims: Object.fromEntries(cases.map(([login, claims]) => [login, claims])),
    });
    for (const [login, , fault] of cases) {
      const browser = openBrowser();
      expect([login, errorOf(await come(world, browser, login))]).toEqual([login, fault]);
      expect(await whoIs(world.cloud.url, browser)).toBeNull();
    }
  });

  test('who is disabled stays out', async () => {
    const world = await honest();
    await server.query(world.url, `UPDATE users SET disabled_at = 1 WHERE email = 'anna@acme.example'`);
    expect(errorOf(await come(world, openBrowser(), 'anna@acme.example'))).toBe('user_disabled');
  });
});

describe('attacks', () => {
  test('the answer is taken from the browser that began, and from no other', async () => {
    const world = await honest();
    const [victim, attacker] = [openBrowser(), openBrowser()];
    const page = await attacker.go(startOf(world));
    const { url, form } = world.provider.form(page, 'ben@acme.example');
    const { url: callback } = await attacker.go(url, { form, until: isCallback });
    expect(callback).toContain('code=');
    expect(errorOf(await victim.go(callback, { from: 'https://evil.example' }))).toBe('state_unknown');
    expect(await whoIs(world.cloud.url, victim)).toBeNull();
    // Nor has the victim ended the attempt of the other.
    expect(errorOf(await attacker.go(callback))).toBeNull();
    expect(await whoIs(world.cloud.url, attacker)).toMatchObject({ email: 'ben@acme.example' });
  });

  test('a code and a state serve once', async () => {
    const world = await honest();
    const browser = openBrowser();
    const { url, form } = world.provider.form(await browser.go(startOf(world)), 'anna@acme.example');
    const { url: callback } = await browser.go(url, { form, until: isCallback });
    expect(errorOf(await browser.go(callback))).toBeNull();
    expect(errorOf(await browser.go(callback))).toBe('state_unknown');
    // Neither does the code serve in another attempt of the same browser: its verifier is another.
    const again = await browser.go(startOf(world), { until: () => true });
    const mixed = new URL(callback);
    mixed.searchParams.set('state', new URL(again.url).searchParams.get('state') ?? '');
    expect(errorOf(await browser.go(mixed.href))).toBe('response_invalid');
  });

  test('an answer that comes too late, or for settings that were changed, is of no use', async () => {
    const world = await honest();
    const callbackOf = async (browser: TestBrowser) => {
      const { url, form } = world.provider.form(await browser.go(startOf(world)), 'anna@acme.example');
      return (await browser.go(url, { form, until: isCallback })).url;
    };
    const late = openBrowser();
    const lateCallback = await callbackOf(late);
    await server.query(world.url, 'UPDATE sso_attempts SET expires_at = 1');
    expect(errorOf(await late.go(lateCallback))).toBe('state_unknown');
    const changed = openBrowser();
    const changedCallback = await callbackOf(changed);
    await world.connect({ scopes: 'openid email' });
    expect(errorOf(await changed.go(changedCallback))).toBe('state_unknown');
  });

  test('an attempt of one tenant’s connection ends at no other’s', async () => {
    const world = await honest();
    await world.admin.apply(tenantFile('beta'));
    const beta = await signIn(world.cloud.url, 'admin@beta.example', 'admin-password');
    const { issuer, clientId } = world.provider;
    const put = await putAs(world.cloud.url, beta, '/api/admin/sso', {
      kind: 'oidc',
      name: 'Beta',
      domains: ['beta.example'],
      justInTime: true,
      enabled: true,
      only: false,
      issuer,
      clientId,
      clientSecret: world.provider.clientSecret,
    });
    const { connection } = (await put.json()) as { connection: { ssoId: string } };
    const browser = openBrowser();
    const { url, form } = world.provider.form(await browser.go(startOf(world)), 'anna@acme.example');
    const { url: callback } = await browser.go(url, { form, until: isCallback });
    expect(errorOf(await browser.go(callback.replace(world.ssoId, connection.ssoId)))).toBe('state_unknown');
    expect(await whoIs(world.cloud.url, browser)).toBeNull();
  });

  test('starts of one address are limited', async () => {
    const world = await ssoWorld(server);
    const answers = await Promise.all(
      Array.from({ length: 320 }, () => fetch(startOf(world), { redirect: 'manual' })),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
  });
});

const run = async (world: SsoWorld & { provider: TestProvider }, email = 'admin@acme.example') => {
  const { testId, startUrl, state } = await world.beginTest();
  expect(state).toBe('waiting');
  const browser = openBrowser();
  const page = await come(world, browser, email, startUrl);
  expect(await whoIs(world.cloud.url, browser)).toBeNull();
  return { page, testId, result: await world.testResult(testId) };
};

test('who is on the way when single sign-on is switched off does not come in', async () => {
  const world = await honest();
  const browser = openBrowser();
  const page = await browser.go(startOf(world));
  await world.connect({ enabled: false });
  const { url, form } = world.provider.form(page, 'anna@acme.example');
  expect(errorOf(await browser.go(url, { form }))).toBe('state_unknown');
  expect(await whoIs(world.cloud.url, browser)).toBeNull();
});

describe('the test button', () => {
  test('passes without signing in, also while single sign-on is off', async () => {
    const world = await honest({ input: { enabled: false } });
    expect((await fetch(startOf(world))).status).toBe(404);
    const { page, testId, result } = await run(world);
    expect(page.url).toBe(`${world.cloud.url}/admin/sign-in?sso_test=${testId}`);
    expect(result).toMatchObject({ state: 'passed', email: 'admin@acme.example', name: 'Nina Neu' });
    // A test is run once.
    expect((await fetch(result.startUrl)).status).toBe(404);
    expect(await server.query(world.url, `SELECT action FROM audit_log WHERE action LIKE 'sso.%'`)).toEqual([
      { action: 'sso.create' },
      { action: 'sso.domain_proved' },
      { action: 'sso.test' },
    ]);
  });

  test('nobody is made a user by a test', async () => {
    const world = await honest({ input: { justInTime: true } });
    expect((await run(world, 'nina@acme.example')).result.state).toBe('passed');
    expect(await server.query(world.url, `SELECT 1 FROM users WHERE email LIKE 'nina%'`)).toEqual([]);
  });

  test('client_rejected: the secret is wrong', async () => {
    const world = await honest({ input: { clientSecret: 'wrong' } });
    const { result } = await run(world);
    expect(result).toMatchObject({ state: 'failed', fault: 'client_rejected' });
    expect(JSON.stringify(result)).not.toContain('"wrong"');
  });

  test('client_rejected: the client is unknown, which the provider tells the browser alone', async () => {
    const { result } = await run(await honest({ input: { clientId: 'somebody' } }));
    expect(result).toMatchObject({ state: 'failed', fault: 'client_rejected' });
  });

  test('redirect_uri_rejected: the address is not registered, which the provider tells the browser alone', async () => {
    const { result } = await run(await honest({ redirectUri: 'http://127.0.0.1:9/callback' }));
    expect(result).toMatchObject({ state: 'failed', fault: 'redirect_uri_rejected' });
  });

  test('cancelled, user_unknown, user_disabled, domain_not_allowed', async () => {
    const world = await honest();
    expect((await run(world, 'cancel')).result).toMatchObject({
      fault: 'cancelled',
      detail: 'access_denied: The person said no.',
    });
    expect((await run(world, 'nobody@acme.example')).result).toMatchObject({
      fault: 'user_unknown',
      email: 'nobody@acme.example',
    });
    await server.query(world.url, `UPDATE users SET disabled_at = 1 WHERE email = 'ben@acme.example'`);
    expect((await run(world, 'ben@acme.example')).result.fault).toBe('user_disabled');
    expect((await run(world, 'x@elsewhere.example')).result.fault).toBe('domain_not_allowed');
  });

  test('state_unknown: the answer comes to another browser, or the settings were changed', async () => {
    const world = await honest();
    const { testId, startUrl } = await world.beginTest();
    const browser = openBrowser();
    const { url, form } = world.provider.form(await browser.go(startUrl), 'admin@acme.example');
    const { url: callback } = await browser.go(url, { form, until: isCallback });
    await openBrowser().go(callback);
    expect(await world.testResult(testId)).toMatchObject({ state: 'failed', fault: 'state_unknown' });
    const later = await world.beginTest();
    await world.connect({ scopes: 'openid email' });
    await openBrowser().go(later.startUrl);
    expect(await world.testResult(later.testId)).toMatchObject({ fault: 'state_unknown' });
  });

  test('issuer_unreachable: nobody is there, or answers otherwise', async () => {
    const world = await honest({ input: { issuer: 'http://127.0.0.1:9' } });
    expect((await run(world)).result.fault).toBe('issuer_unreachable');
    await world.connect({ issuer: `${world.cloud.url}/nothing` });
    expect((await run(world)).result).toMatchObject({
      fault: 'issuer_unreachable',
      detail: 'The provider answered 404.',
    });
  });
});

const now = () => Math.floor(Date.now() / 1000);

describe('a provider that misbehaves', () => {
  const cases: [string, SsoFault, Misbehaviour][] = [
    [
      'names another issuer of itself',
      'issuer_mismatch',
      { metadata: (m) => ({ ...m, issuer: 'https://other.example' }) },
    ],
    ['has no token endpoint', 'metadata_invalid', { metadata: (m) => ({ ...m, token_endpoint: undefined }) }],
    ['describes itself in no JSON', 'metadata_invalid', { metadata: () => '<html>' }],
    [
      'sends elsewhere for its keys',
      'metadata_invalid',
      { metadata: (m) => ({ ...m, jwks_uri: 'http://intranet/' }) },
    ],
    [
      'answers in the name of another',
      'issuer_mismatch',
      { callback: (q) => q.set('iss', 'https://other.example') },
    ],
    [
      'signs in the name of another',
      'issuer_mismatch',
      { claims: (c) => ({ ...c, iss: 'https://other.example' }) },
    ],
    ['signs for another client', 'audience_wrong', { claims: (c) => ({ ...c, aud: 'other' }) }],
    ['signs for others too', 'audience_wrong', { claims: (c) => ({ ...c, aud: [c['aud'], 'other'] }) }],
    ['signs for another party', 'audience_wrong', { claims: (c) => ({ ...c, azp: 'other' }) }],
    ['signs another nonce', 'nonce_wrong', { claims: (c) => ({ ...c, nonce: 'other' }) }],
    [
      'signs what has ended',
      'assertion_expired',
      { claims: (c) => ({ ...c, iat: now() - 900, exp: now() - 300 }) },
    ],
    ['signs what is yet to begin', 'clock_skew', { claims: (c) => ({ ...c, nbf: now() + 600 }) }],
    ['signs with another key', 'signature_invalid', { signature: 'other' }],
    ['does not sign', 'signature_missing', { signature: 'none', header: { alg: 'none' } }],
    ['signs with a shared secret', 'signature_invalid', { header: { alg: 'HS256' } }],
    [
      'answers without an ID token',
      'response_invalid',
      { token: { status: 200, body: { access_token: 'a', token_type: 'Bearer' } } },
    ],
    [
      'answers with a very long text',
      'issuer_unreachable',
      { token: { status: 200, body: 'x'.repeat(600_000) } },
    ],
    [
      'complains of the redirect address',
      'redirect_uri_rejected',
      { token: { status: 400, body: { error: 'invalid_grant', error_description: 'redirect_uri differs' } } },
    ],
    [
      'says the address is not verified',
      'email_unverified',
      { claims: (c) => ({ ...c, email_verified: 'false' }) },
    ],
    ['knows no address', 'email_missing', { claims: (c) => ({ ...c, email: undefined }) }],
  ];
  test('each fault is told to whoever tests, and nobody comes in', async () => {
    const world = await ssoWorld(server);
    const provider = await openHostileProvider('anna@acme.example');
    await world.setUp({
      kind: 'oidc',
      issuer: provider.issuer,
      clientId: 'offhook',
      clientSecret: 'secret-1',
    });
    const right = openBrowser();
    await right.go(startOf(world));
    expect(await whoIs(world.cloud.url, right)).toMatchObject({ email: 'anna@acme.example' });
    expect(provider.tokenRequests[0]?.get('code_verifier')).toMatch(/^[\w-]{43}$/u);

    const found: [string, string | undefined][] = [];
    for (const [words, , misbehaviour] of cases) {
      provider.behave(misbehaviour);
      const { testId, startUrl } = await world.beginTest();
      const browser = openBrowser();
      await browser.go(startUrl);
      expect(await whoIs(world.cloud.url, browser)).toBeNull();
      const { fault, detail = '' } = await world.testResult(testId);
      expect([words, detail.length > 0]).toEqual([words, true]);
      expect(detail).not.toContain('secret-1');
      found.push([words, fault]);
    }
    expect(found).toEqual(cases.map(([words, fault]) => [words, fault]));
  });
});
