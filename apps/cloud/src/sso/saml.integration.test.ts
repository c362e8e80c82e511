import { SESSION_COOKIE, type SsoFault } from '@offhook/contract';
import { isXmlFault, parseXml } from '@offhook/xml';
import { describe, expect, test } from 'vitest';
import { useTestServer } from '../testing/database.ts';
import { openBrowser, type Page, type TestBrowser } from './testing/browser.ts';
import { signingKey, type SigningKey } from './testing/certificates.ts';
import {
  encode,
  idpMetadata,
  readRequest,
  respond,
  statementFor,
  type Statement,
} from './testing/saml-idp.ts';
import { ssoWorld, whoIs, type SsoWorld } from './testing/world.ts';

const server = useTestServer();
const IDP = 'https://idp.acme.example/saml';
const MINUTE = 60_000;

/** Keys take long to find: one for all tests of the file. */
let key: Promise<SigningKey> | undefined;

async function samlWorld(change: object = {}) {
  key ??= signingKey();
  const [world, own] = [await ssoWorld(server), await key];
  const metadata = idpMetadata(IDP, `${IDP}/sso`, [own.certificate]);
  const connect = (more: object = {}) => world.setUp({ kind: 'saml', metadata, ...change, ...more });
  await connect();
  return { ...world, key: own, connect };
}
type World = Awaited<ReturnType<typeof samlWorld>>;

const startOf = ({ cloud, ssoId }: SsoWorld, query = '') => `${cloud.url}/api/sso/${ssoId}/start${query}`;
const isElsewhere = (address: string) => address.startsWith(IDP);

/** From the start to the identity provider, whose page posts its response. */
async function come(
  world: World,
  browser: TestBrowser,
  email: string,
  {
    start = startOf(world),
    change = {},
    signedBy = world.key,
  }: { start?: string; change?: Partial<Statement>; signedBy?: SigningKey } = {},
): Promise<Page & { form: Record<string, string>; acsUrl: string }> {
  const { url } = await browser.go(start, { until: isElsewhere });
  if (!isElsewhere(url)) throw new Error(`the browser stayed at ${url}`);
  const request = readRequest(url);
  const xml = respond(statementFor(request, IDP, email, change), signedBy);
  const form = { SAMLResponse: encode(xml), RelayState: request.relayState };
  return { ...(await browser.go(request.acsUrl, { from: IDP, form })), form, acsUrl: request.acsUrl };
}
const errorOf = (page: { url: string }) => new URL(page.url).searchParams.get('sso_error');

test('who has an account comes in through the provider, by a POST from its page', async () => {
  const world = await samlWorld();
  const browser = openBrowser();
  const page = await come(world, browser, 'Anna@acme.example', {
    start: startOf(world, '?return=/admin/users'),
  });
  expect(page.url).toBe(`${world.cloud.url}/admin/users`);
  expect(await whoIs(world.cloud.url, browser)).toMatchObject({ email: 'anna@acme.example' });
  expect(
    await server.query(world.url, `SELECT method, second_factor FROM sessions WHERE method <> 'password'`),
  ).toEqual([{ method: 'saml', second_factor: true }]);
  expect(await server.query(world.url, 'SELECT 1 FROM sso_attempts')).toEqual([]);
  expect(await server.query(world.url, 'SELECT 1 FROM sso_assertions')).toHaveLength(1);
});

test('the POST itself opens nothing: without the cookie of who began, nobody comes in', async () => {
  const world = await samlWorld();
  const [attacker, victim] = [openBrowser(), openBrowser()];
  const { url } = await attacker.go(startOf(world), { until: isElsewhere });
  const request = readRequest(url);
  const form = {
    SAMLResponse: encode(respond(statementFor(request, IDP, 'ben@acme.example'), world.key)),
    RelayState: request.relayState,
  };
  // The attacker has the victim's browser post the attacker's response.
  const posted = await victim.go(request.acsUrl, { from: 'https://evil.example', form });
  expect(errorOf(posted)).toBe('state_unknown');
  expect(victim.cookie(world.cloud.url, SESSION_COOKIE)).toBeUndefined();
});

test('a response serves once, and an assertion no other request', async () => {
  const world = await samlWorld();
  const browser = openBrowser();
  const first = await come(world, browser, 'anna@acme.example');
  expect(errorOf(first)).toBeNull();
  expect(errorOf(await browser.go(first.acsUrl, { from: IDP, form: first.form }))).toBe('state_unknown');
  // The same response with another request's state.
  const { url } = await browser.go(startOf(world), { until: isElsewhere });
  const form = { ...first.form, RelayState: readRequest(url).relayState };
  expect(errorOf(await browser.go(first.acsUrl, { from: IDP, form }))).toBe('state_unknown');
  // Nor one that nobody asked for.
  const unasked = { ...first.form, RelayState: 'x'.repeat(43) };
  expect(errorOf(await browser.go(first.acsUrl, { from: IDP, form: unasked }))).toBe('state_unknown');
});

test('a response that comes twice before the browser is back lets in once', async () => {
  const world = await samlWorld();
  const browser = openBrowser();
  const { url } = await browser.go(startOf(world), { until: isElsewhere });
  const request = readRequest(url);
  const form = {
    SAMLResponse: encode(respond(statementFor(request, IDP, 'anna@acme.example'), world.key)),
    RelayState: request.relayState,
  };
  const posts = await Promise.all(
    Array.from({ length: 4 }, () =>
      openBrowser().go(request.acsUrl, {
        from: IDP,
        form,
        until: (at) => at.includes('/finish?') || at.includes('sso_error'),
      }),
    ),
  );
  expect(posts.map((post) => errorOf(post) ?? 'in').toSorted((a, b) => a.localeCompare(b))).toEqual([
    'assertion_replayed',
    'assertion_replayed',
    'assertion_replayed',
    'in',
  ]);
  const finish = posts.find((post) => errorOf(post) === null)?.url ?? '';
  expect(errorOf(await browser.go(finish, { from: IDP }))).toBeNull();
  expect(errorOf(await browser.go(finish, { from: IDP }))).toBe('state_unknown');
});

test('what this service is to the provider stands in its metadata, before anything is set up', async () => {
  const world = await ssoWorld(server);
  const { samlMetadataUrl = '', samlEntityId, samlAcsUrl, connection } = await world.settings();
  expect(connection).toBeUndefined();
  const response = await fetch(samlMetadataUrl);
  expect(response.headers.get('content-type')).toContain('samlmetadata+xml');
  const root = parseXml(await response.text());
  if (isXmlFault(root)) throw new Error(root.text);
  expect(root.attributes.get('entityID')).toBe(samlEntityId);
  const services = root.children.flatMap(({ children }) =>
    children.map(({ attributes }) => attributes.get('Location')),
  );
  expect(services).toContain(samlAcsUrl);
  expect((await fetch(samlMetadataUrl.replace(world.ssoId, 'other'))).status).toBe(404);
});

const post = (url: string, body: string, origin = IDP) =>
  fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(origin).origin },
  });

test('forms are bounded, and no other route takes them', async () => {
  const world = await samlWorld();
  const acs = `${world.cloud.url}/api/sso/saml/${world.ssoId}/acs`;
  const state = 'x'.repeat(43);
  expect((await post(acs, `RelayState=${state}&SAMLResponse=${'x'.repeat(400_000)}`)).status).toBe(413);
  expect((await post(acs, `RelayState=${state}`)).status).toBe(400);
  expect((await post(acs, `RelayState=${state}&SAMLResponse=a&SAMLResponse=b`)).status).toBe(400);
  // A page elsewhere gets nothing from the rest of the API.
  expect((await post(`${world.cloud.url}/api/session`, 'email=a')).status).toBe(403);
  expect((await post(`${world.cloud.url}/api/session`, 'email=a', world.cloud.url)).status).toBe(400);
});

describe('the test button', () => {
  test('tells each fault, and lets nobody in', async () => {
    const world = await samlWorld();
    const other = await signingKey();
    const cases: [string, SsoFault | undefined, Partial<Statement>, SigningKey?][] = [
      ['right', undefined, {}],
      ['unsigned', 'signature_missing', { sign: 'nothing' }],
      ['another key', 'signature_invalid', {}, other],
      ['another audience', 'audience_wrong', { audience: 'https://other.example' }],
      ['expired', 'assertion_expired', { notOnOrAfter: Date.now() - 10 * MINUTE }],
      [
        'not yet valid',
        'clock_skew',
        { notBefore: Date.now() + 30 * MINUTE, notOnOrAfter: Date.now() + 60 * MINUTE },
      ],
      ['another issuer', 'issuer_mismatch', { issuer: 'https://evil.example' }],
      ['another request', 'state_unknown', { inResponseTo: '_other' }],
      ['no address', 'email_missing', { nameId: 'b17' }],
      ['another domain', 'domain_not_allowed', { nameId: 'anna@elsewhere.example' }],
      ['unknown', 'user_unknown', { nameId: 'nobody@acme.example' }],
      ['refused there', 'cancelled', { status: 'AuthnFailed' }],
      ['another status', 'response_invalid', { status: 'RequestUnsupported' }],
    ];
    const found: [string, SsoFault | undefined][] = [];
    for (const [words, , change, signedBy = world.key] of cases) {
      const { testId, startUrl } = await world.beginTest();
      const browser = openBrowser();
      const page = await come(world, browser, 'admin@acme.example', { start: startUrl, change, signedBy });
      expect(page.url).toBe(`${world.cloud.url}/admin/sign-in?sso_test=${testId}`);
      expect(await whoIs(world.cloud.url, browser)).toBeNull();
      const { state, fault, detail = '' } = await world.testResult(testId);
      expect([words, state]).toEqual([words, fault === undefined ? 'passed' : 'failed']);
      expect([words, detail.length > 5]).toEqual([words, fault !== undefined]);
      found.push([words, fault]);
    }
    expect(found).toEqual(cases.map(([words, fault]) => [words, fault]));
  });

  test('assertion_replayed: a provider that gives two requests one assertion', async () => {
    const world = await samlWorld();
    const change = { assertionId: '_always-the-same' };
    await come(world, openBrowser(), 'anna@acme.example', { change });
    const { testId, startUrl } = await world.beginTest();
    await come(world, openBrowser(), 'anna@acme.example', { start: startUrl, change });
    expect(await world.testResult(testId)).toMatchObject({ state: 'failed', fault: 'assertion_replayed' });
  });

  test('certificate_expired and certificate_invalid', async () => {
    const world = await samlWorld();
    const [old, weak] = await Promise.all([signingKey({ daysLeft: -2 }), signingKey({ bits: 1024 })]);
    for (const [signedBy, fault] of [
      [old, 'certificate_expired'],
      [weak, 'certificate_invalid'],
    ] as const) {
      const { connection } = await world.connect({ certificates: [signedBy.certificate] });
      expect(connection?.certificates).toHaveLength(1);
      const { testId, startUrl } = await world.beginTest();
      await come(world, openBrowser(), 'anna@acme.example', { start: startUrl, signedBy });
      expect(await world.testResult(testId)).toMatchObject({ state: 'failed', fault });
    }
  });
});
