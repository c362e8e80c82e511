import { CloseCode, SESSION_COOKIE } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { parseProxies } from '../http/addresses.ts';
import { useTestServer } from '../testing/database.ts';
import { openClient, person, signIn } from '../testing/peers.ts';

const server = useTestServer();

async function world(options: Parameters<typeof startCloud>[2] = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  return { url, admin, cloud: await startCloud(url, admin.secrets, options) };
}
const wrong = { email: 'anna@acme.example', password: 'wrong' };
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

test('signing in sets a cookie that scripts and other sites do not get, and says who one is', async () => {
  const { cloud } = await world();
  const response = await person(cloud.url).post('/api/session', {
    email: ' Anna@Acme.example',
    password: 'anna-password',
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ state: 'signed_in', me: { name: 'Anna Berger' } });
  const [cookie, device] = response.headers.getSetCookie();
  // It lets nobody in; it tells which devices have been here.
  expect(device).toMatch(/^offhook_device=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/u);
  expect(cookie).toMatch(
    new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}; Max-Age=\\d+; Path=/; HttpOnly; SameSite=Strict$`, 'u'),
  );
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  expect(await (await anna.get('/api/session')).json()).toMatchObject({
    me: { email: 'anna@acme.example', name: 'Anna Berger', role: 'user', number: '101' },
  });
});

test('where people come over https the cookie is Secure', async () => {
  const { cloud } = await world({ publicOrigin: 'https://phone.example.com' });
  const response = await fetch(`${cloud.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://phone.example.com' },
    body: JSON.stringify({ email: 'anna@acme.example', password: 'anna-password' }),
  });
  expect(response.headers.get('set-cookie')).toContain('; Secure');
  expect(response.headers.get('strict-transport-security')).toContain('max-age');
});

test('a wrong password and an unknown user are answered alike', async () => {
  const { cloud } = await world();
  const attempt = async (email: string) => {
    const response = await person(cloud.url).post('/api/session', { email, password: 'wrong' });
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    delete error['correlationId'];
    return { status: response.status, error, cookies: response.headers.getSetCookie() };
  };
  const known = await attempt('anna@acme.example');
  expect(await attempt('nobody@acme.example')).toEqual(known);
  expect(known).toMatchObject({ status: 401, error: { code: 'invalid_credentials' }, cookies: [] });
});

test('after ten failures at one account the address must wait there, but not elsewhere', async () => {
  const { cloud } = await world();
  const anyone = person(cloud.url);
  const attempts = await Promise.all(Array.from({ length: 14 }, () => anyone.post('/api/session', wrong)));
  const codes = await Promise.all(attempts.map(codeOf));
  expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(10);
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(4);
  const right = await anyone.post('/api/session', { ...wrong, password: 'anna-password' });
  expect(right.status).toBe(429);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  const metrics = await (await fetch(cloud.metricsUrl)).text();
  expect(metrics).toMatch(/offhook_limits_total\{limit="sign_in_rate"\} 5/u);
});

test('an address that fails at many accounts must wait everywhere', async () => {
  const { cloud } = await world();
  const anyone = person(cloud.url);
  const codes: string[] = [];
  for (let round = 0; round < 101; round += 1) {
    codes.push(
      await codeOf(await anyone.post('/api/session', { email: `u${round}@acme.example`, password: 'x' })),
    );
  }
  expect(codes.slice(0, 100).every((code) => code === 'invalid_credentials')).toBe(true);
  expect(codes[100]).toBe('rate_limited');
});

test('sign-ins that succeed are not counted', async () => {
  const { cloud } = await world();
  const right = { email: 'anna@acme.example', password: 'anna-password' };
  for (let round = 0; round < 12; round += 1) {
    expect((await person(cloud.url).post('/api/session', right)).status).toBe(200);
  }
});

test('after signing out the session is gone, its socket says so and closes; another session stays', async () => {
  const { cloud } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const other = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const [socket, otherSocket] = [await openClient(cloud.url, anna), await openClient(cloud.url, other)];
  await Promise.all([socket.snapshot(), otherSocket.snapshot()]);
  const response = await anna.delete('/api/session');
  expect(response.status).toBe(204);
  expect(response.headers.get('set-cookie')).toContain(`${SESSION_COOKIE}=;`);
  expect(await socket.event('session.ended')).toEqual({ reason: 'signed_out' });
  expect(await socket.closed).toBe(CloseCode.Unauthenticated);
  expect(await (await anna.get('/api/session')).json()).toEqual({ me: null });
  expect(await codeOf(await anna.get('/api/history'))).toBe('unauthenticated');
  expect((await other.get('/api/session')).status).toBe(200);
  await otherSocket.call('ping', {});
});

test('a session ends at its time, however much it is used, and its socket with it', async () => {
  const { cloud, url } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await server.query(url, 'UPDATE sessions SET expires_at = $1', [Date.now() + 2_000]);
  const socket = await openClient(cloud.url, anna);
  expect(await socket.event('session.ended')).toEqual({ reason: 'expired' });
  expect(await socket.closed).toBe(CloseCode.Unauthenticated);
  expect(await (await anna.get('/api/session')).json()).toEqual({ me: null, expired: true });
  expect(await codeOf(await anna.get('/api/history'))).toBe('session_expired');
});

test('a session that is not used ends', async () => {
  const { cloud, url } = await world({ lifetimes: { absolute: 3_600_000, idle: 60_000 } });
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await server.query(url, 'UPDATE sessions SET last_seen_at = last_seen_at - 61000');
  expect(await (await anna.get('/api/session')).json()).toEqual({ me: null, expired: true });
  expect(await codeOf(await anna.get('/api/history'))).toBe('session_expired');
});

test('a new password from the administrator ends the sessions of the user alone', async () => {
  const { cloud, admin } = await world();
  const anna = await openClient(cloud.url, await signIn(cloud.url, 'anna@acme.example', 'anna-password'));
  const ben = await openClient(cloud.url, await signIn(cloud.url, 'ben@acme.example', 'ben-password'));
  await Promise.all([anna.snapshot(), ben.snapshot()]);
  const [first, ...others] = tenantFile('acme').users;
  await admin.apply(tenantFile('acme', { users: [{ ...first, password: 'a-new-password' }, ...others] }));
  expect(await anna.event('session.ended')).toEqual({ reason: 'revoked' });
  expect(await anna.closed).toBe(CloseCode.Unauthenticated);
  await ben.call('ping', {});
  await signIn(cloud.url, 'anna@acme.example', 'a-new-password');
});

test('a socket without a valid session is told why and closed with 4401', async () => {
  const { cloud } = await world();
  for (const cookie of ['', `${SESSION_COOKIE}=${'x'.repeat(43)}`, `${SESSION_COOKIE}=${'x'.repeat(5000)}`]) {
    const socket = await openClient(cloud.url, { cookie }, { hello: false });
    expect(await socket.frame('refused')).toMatchObject({ error: { code: 'unauthenticated' } });
    expect(await socket.closed).toBe(CloseCode.Unauthenticated);
  }
});

test('a page of another origin can neither sign in, sign out nor open a socket', async () => {
  const { cloud } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  for (const method of ['POST', 'DELETE']) {
    const response = await fetch(`${cloud.url}/api/session`, {
      method,
      headers: { cookie: anna.cookie, origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
    expect(await codeOf(response)).toBe('forbidden');
  }
  await expect(openClient(cloud.url, anna, { origin: 'https://evil.example' })).rejects.toThrow('403');
  expect((await anna.get('/api/session')).status).toBe(200);
});

test('[SL-3] [SL-4] whom many addresses attack is told once, and comes in from where they have been before', async () => {
  const { cloud, url } = await world({ isProxy: parseProxies('127.0.0.1') });
  const right = { email: 'anna@acme.example', password: 'anna-password' };
  const from = (address: string, body: object, cookie = '') =>
    fetch(`${cloud.url}/api/session`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: cloud.url,
        'x-forwarded-for': address,
        cookie,
      },
      body: JSON.stringify(body),
    });
  const [, device = ''] = (await from('192.0.2.1', right)).headers.getSetCookie();
  for (let round = 0; round < 22; round += 1) await from(`198.51.100.${round}`, wrong);
  for (let round = 0; round < 22; round += 1)
    await from(`198.51.100.${round}`, { ...wrong, email: 'nobody@acme.example' });
  expect(await codeOf(await from('192.0.2.2', right))).toBe('rate_limited');
  expect((await from('192.0.2.2', right, device.split(';')[0])).status).toBe(200);
  // Ben's device is none of Anna's.
  const ben = await from('192.0.2.3', { email: 'ben@acme.example', password: 'ben-password' });
  const [, bens = ''] = ben.headers.getSetCookie();
  expect(await codeOf(await from('192.0.2.2', right, bens.split(';')[0]))).toBe('rate_limited');
  await expect
    .poll(() => server.query(url, 'SELECT kind, to_address FROM mail_outbox'))
    .toEqual([{ kind: 'sign_in_locked', to_address: 'anna@acme.example' }]);
});

test.each([
  [`UPDATE tenants SET status = 'deleting' WHERE tenant_id = 'acme'`, 401],
  [`UPDATE users SET deleted_at = 1`, 401],
  [`UPDATE tenants SET status = 'suspended' WHERE tenant_id = 'acme'`, 200],
])('after %s signing in is answered %i, and so are sessions', async (statement, status) => {
  const { cloud, url } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await server.query(url, statement);
  const right = { email: 'anna@acme.example', password: 'anna-password' };
  expect((await person(cloud.url).post('/api/session', right)).status).toBe(status);
  expect((await anna.get('/api/history')).status).toBe(status);
});
