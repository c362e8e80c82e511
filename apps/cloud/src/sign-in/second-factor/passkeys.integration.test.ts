import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PasskeyChallenge, SignInResult } from '@offhook/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAuthenticator } from '../../testing/authenticators.ts';
import { openAdmin, startCloud, tenantFile } from '../../testing/cloud.ts';
import { useTestServer } from '../../testing/database.ts';
import { person, signIn, type Person } from '../../testing/peers.ts';

const server = useTestServer();
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const bodyOf = async <Body>(response: Response): Promise<Body> => {
  if (response.status >= 300) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
};
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;
type Device = ReturnType<typeof createAuthenticator>;

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const device = createAuthenticator(cloud.url);
  const add = async (who: Person, key: Device = device, wrong: Parameters<Device['create']>[1] = {}) => {
    const { ticket, options } = await bodyOf<PasskeyChallenge>(
      await who.post('/api/account/passkeys/options'),
    );
    return who.post('/api/account/passkeys', {
      ticket,
      name: 'Laptop',
      response: key.create(options, wrong),
    });
  };
  const challenge = async () =>
    bodyOf<PasskeyChallenge>(await person(cloud.url).post('/api/session/passkey/options'));
  const send = (body: object) => person(cloud.url).post('/api/session/passkey', body);
  const passkeySignIn = async (wrong: Parameters<Device['get']>[1] = {}, key: Device = device) => {
    const { ticket, options } = await challenge();
    return send({ ticket, response: key.get(options, wrong) });
  };
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  return { url, cloud, device, anna, add, challenge, send, passkeySignIn };
}

test('a passkey signs in without a password, as both factors', async () => {
  const { url, anna, add, passkeySignIn } = await world();
  expect((await add(anna)).status).toBe(204);
  expect(await bodyOf(await passkeySignIn())).toMatchObject({
    state: 'signed_in',
    me: { email: 'anna@acme.example' },
  });
  const sessions = await server.query(
    url,
    `SELECT method, second_factor FROM sessions WHERE method = 'passkey'`,
  );
  expect(sessions).toEqual([{ method: 'passkey', second_factor: true }]);
  expect(await bodyOf(await anna.get('/api/account'))).toMatchObject({
    passkeys: [{ name: 'Laptop', lastUsedAt: expect.any(Number) as number }],
  });
  const done = await server.query<{ what: string }>(
    url,
    `SELECT action AS what FROM audit_log WHERE action LIKE 'account.%' UNION ALL SELECT kind FROM mail_outbox`,
  );
  expect(done.map(({ what }) => what)).toEqual(['account.passkey_added', 'second_factor_changed']);
});

test.each([
  ['from another origin', { origin: 'https://evil.example' }],
  ['for another site', { rpId: 'evil.example' }],
  ['to another challenge', { challenge: randomBytes(32).toString('base64url') }],
  ['that is a registration', { type: 'webauthn.create' }],
  ['without verification of the user', { userVerified: false }],
  ['signed with another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
  ['of another user', { userHandle: Buffer.from('usr_other').toString('base64url') }],
  ['of a copy whose counter lags behind', { counter: 1 }],
])('an assertion %s is refused', async (_what, wrong) => {
  const { anna, add, passkeySignIn } = await world();
  await add(anna);
  expect((await passkeySignIn()).status).toBe(200);
  const refused = await passkeySignIn(wrong);
  expect(refused.status).toBe(401);
  expect(await codeOf(refused)).toBe('invalid_credentials');
  expect(refused.headers.getSetCookie()).toEqual([]);
  expect((await passkeySignIn()).status).toBe(200);
});

test('a challenge is answered once, in time, and only one of ours', async () => {
  const { cloud, anna, add, device, challenge, send, passkeySignIn } = await world();
  await add(anna);
  const { ticket, options } = await challenge();
  const response = device.get(options);
  expect((await send({ ticket, response })).status).toBe(200);
  // Replayed, as it was and with a newer counter.
  expect(await codeOf(await send({ ticket, response }))).toBe('invalid_credentials');
  expect(await codeOf(await send({ ticket, response: device.get(options) }))).toBe('ticket_expired');
  const late = await challenge();
  vi.setSystemTime(Date.now() + 5 * 60_000);
  expect(await codeOf(await send({ ticket: late.ticket, response: device.get(late.options) }))).toBe(
    'ticket_expired',
  );
  const forged = Buffer.from(JSON.stringify({ challenge: 'AAAA', expiresAt: Date.now() * 2 })).toString(
    'base64url',
  );
  expect(await codeOf(await send({ ticket: forged, response: device.get({ challenge: 'AAAA' }) }))).toBe(
    'ticket_expired',
  );
  const stranger = createAuthenticator(cloud.url);
  expect(await codeOf(await passkeySignIn({}, stranger))).toBe('invalid_credentials');
  for (const broken of [{}, null, 'x', { ...response, id: 'x'.repeat(2_000) }])
    expect((await send({ ticket: (await challenge()).ticket, response: broken })).status).toBe(401);
});

test('an answer that is sent several times at once opens one session', async () => {
  const { anna, add, device, challenge, send } = await world();
  await add(anna, device, { counter: 0 });
  const { ticket, options } = await challenge();
  // An authenticator without a counter tells 0: then only the challenge is left to tell a replay.
  const response = device.get(options, { counter: 0 });
  const answers = await Promise.all(Array.from({ length: 4 }, () => send({ ticket, response })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401]);
});

test.each([
  ['from another origin', { origin: 'https://evil.example' }],
  ['for another site', { rpId: 'evil.example' }],
  ['to another challenge', { challenge: randomBytes(32).toString('base64url') }],
  ['without verification of the user', { userVerified: false }],
])('a registration %s adds nothing', async (_what, wrong) => {
  const { anna, add, device, passkeySignIn } = await world();
  expect(await codeOf(await add(anna, device, wrong))).toBe('bad_request');
  expect(await codeOf(await passkeySignIn())).toBe('invalid_credentials');
});

test('a key that somebody has cannot be added by another; of a disabled user it opens nothing', async () => {
  const { url, cloud, anna, add, device, passkeySignIn } = await world();
  await add(anna);
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  expect(await codeOf(await add(ben, device))).toBe('conflict');
  await server.query(url, `UPDATE users SET disabled_at = 1 WHERE email = 'anna@acme.example'`);
  expect(await codeOf(await passkeySignIn())).toBe('invalid_credentials');
});

test('beside the password a passkey is the second factor; a key of somebody else is none', async () => {
  const { cloud, anna, add, device } = await world();
  await add(anna);
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  const bens = createAuthenticator(cloud.url);
  await add(ben, bens);
  const begin = async () => {
    const body = { email: 'anna@acme.example', password: 'anna-password' };
    const begun = await bodyOf<SignInResult>(await person(cloud.url).post('/api/session', body));
    if (begun.state !== 'second_factor') throw new Error('no second factor was asked for');
    return begun;
  };
  const answer = (ticket: string, response: unknown) =>
    person(cloud.url).post('/api/session/second-factor', { ticket, method: 'passkey', response });
  const first = await begin();
  expect(first).toMatchObject({
    methods: ['passkey'],
    passkey: { allowCredentials: [{ id: device.credentialId }] },
  });
  expect(await codeOf(await answer(first.ticket, bens.get(first.passkey)))).toBe('code_invalid');
  const foreign = device.get(first.passkey, { origin: 'https://evil.example' });
  expect(await codeOf(await answer(first.ticket, foreign))).toBe('code_invalid');
  // Presence is enough: the password was the other factor.
  const opened = await answer(first.ticket, device.get(first.passkey, { userVerified: false }));
  expect(opened.status).toBe(200);
  const second = await begin();
  expect(await codeOf(await answer(second.ticket, device.get(first.passkey)))).toBe('code_invalid');
  // A challenge of a second factor signs nobody in by itself.
  const alone = { ticket: second.ticket, response: device.get(second.passkey) };
  expect(await codeOf(await person(cloud.url).post('/api/session/passkey', alone))).toBe('ticket_expired');
});

test('where the product has a public address passkeys are bound to it, whatever host was asked', async () => {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const publicOrigin = 'https://phone.example.com';
  const cloud = await startCloud(url, admin.secrets, { publicOrigin });
  const response = await fetch(`${cloud.url}/api/session/passkey/options`, {
    method: 'POST',
    headers: { origin: publicOrigin },
  });
  expect(await bodyOf(response)).toMatchObject({
    options: { rpId: 'phone.example.com', userVerification: 'required' },
  });
});

test('a removed passkey opens nothing, and with the last one its user signs in by password alone', async () => {
  const { cloud, anna, add, passkeySignIn } = await world();
  await add(anna);
  const { passkeys } = await bodyOf<{ passkeys: { passkeyId: string }[] }>(await anna.get('/api/account'));
  const path = `/api/account/passkeys/${passkeys[0]?.passkeyId ?? ''}`;
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  expect((await ben.delete(path)).status).toBe(404);
  expect((await anna.delete(path)).status).toBe(204);
  expect(await codeOf(await passkeySignIn())).toBe('invalid_credentials');
  await signIn(cloud.url, 'anna@acme.example', 'anna-password');
});
