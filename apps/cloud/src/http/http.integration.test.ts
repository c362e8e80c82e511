import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCodes } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { openAdmin, startCloud } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { statusOf } from './errors.ts';

const server = useTestServer();

async function world(options: Parameters<typeof startCloud>[2] = {}) {
  const url = await server.createDatabase();
  const { secrets } = await openAdmin(url);
  const cloud = await startCloud(url, secrets, options);
  return (path: string, init?: RequestInit) => fetch(cloud.url + path, init);
}

async function builtPhone() {
  const root = await mkdtemp(join(tmpdir(), 'phone-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'assets'));
  await writeFile(join(root, 'index.html'), '<title>Offhook</title>');
  await writeFile(join(root, 'sw.js'), '// service worker');
  await writeFile(join(root, 'manifest.webmanifest'), '{}');
  await writeFile(join(root, 'headset-hub.html'), '<script src="/headset-hub.js"></script>');
  await writeFile(join(root, 'assets', 'index-Bx3kQ9aZ.js'), '// hashed');
  await writeFile(join(root, '..', 'outside-of-phone.txt'), 'secret');
  return root;
}

test('unknown paths and methods of the API are JSON of the contract', async () => {
  for (const ask of [await world(), await world({ webRoot: await builtPhone() })]) {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['POST', '/api/history'],
      ['PUT', '/api/session'],
      ['GET', `/api/${'x'.repeat(3_000)}`],
    ] as const) {
      const response = await ask(path, { method });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
    }
  }
});

test('bodies that are wrong or too large are refused with the fields that are wrong', async () => {
  const ask = await world();
  const post = (body: string, type = 'application/json') =>
    ask('/api/session', { method: 'POST', body, headers: { 'content-type': type } });
  for (const [response, status, error] of [
    [await post('{"email":1}'), 400, { code: 'bad_request', fields: ['body.email', 'body.password'] }],
    [await post('{'), 400, { code: 'bad_request' }],
    [await post('{"__proto__":{}}'), 400, { code: 'bad_request' }],
    [await post('x', 'text/html'), 400, { code: 'bad_request' }],
    [await post(JSON.stringify({ email: 'x'.repeat(100_000), password: '' })), 413, { code: 'too_large' }],
    // Nobody learns of shapes before they have said who they are.
    [await ask('/api/history?limit=0'), 401, { code: 'unauthenticated' }],
  ] as const) {
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error });
  }
});

test('a request that is no HTTP is closed and the server goes on', async () => {
  const ask = await world();
  const { port } = new URL((await ask('/healthz')).url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('\u0000\u0001 nonsense\r\n\r\n');
  await new Promise((done) => socket.on('close', done).resume());
  expect((await ask('/healthz')).status).toBe(200);
});

test('a WebSocket on an unknown path is refused', async () => {
  const ask = await world();
  const { host } = new URL((await ask('/healthz')).url);
  const socket = new WebSocket(`ws://${host}/api/elsewhere`);
  await expect(
    new Promise((done, failed) => {
      socket.addEventListener('open', done);
      socket.addEventListener('error', () => failed(new Error('refused')));
    }),
  ).rejects.toThrow('refused');
});

test('the phone is served: pages fall back to its index, hashed assets are kept, the service worker is not', async () => {
  const ask = await world({ webRoot: await builtPhone() });
  for (const path of ['/', '/history', '/call/42?x=1']) {
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>Offhook</title>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  }
  const cacheOf = async (path: string) => (await ask(path)).headers.get('cache-control');
  expect(await cacheOf('/assets/index-Bx3kQ9aZ.js')).toBe('public, max-age=31536000, immutable');
  expect(await cacheOf('/sw.js')).toBe('no-cache');
  expect(await cacheOf('/manifest.webmanifest')).toBe('no-cache');
  expect((await ask('/assets/index-gone1234.js')).status).toBe(404);
  for (const path of [
    '/%2e%2e/outside-of-phone.txt',
    '/..%2foutside-of-phone.txt',
    '/assets/..%5c..%5coutside-of-phone.txt',
  ]) {
    expect(await (await ask(path)).text()).not.toContain('secret');
  }
});

async function builtAdmin() {
  const root = await mkdtemp(join(tmpdir(), 'admin-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'assets'));
  await writeFile(join(root, 'index.html'), '<title>Administration</title>');
  await writeFile(join(root, 'boot.js'), '// boot');
  await writeFile(join(root, 'assets', 'index-Bx3kQ9aZ.js'), '// hashed of the administration');
  return root;
}

test('the administration is served beside the phone: its pages and those of the account fall back to its own index', async () => {
  const ask = await world({ webRoot: await builtPhone(), adminRoot: await builtAdmin() });
  const text = async (path: string) => (await ask(path)).text();
  for (const path of ['/admin/', '/admin', '/admin/users?q=a', '/account/sign-in', '/account/reset']) {
    expect(await text(path)).toContain('<title>Administration</title>');
  }
  for (const path of ['/', '/history', '/administrators', '/accounts']) {
    expect(await text(path)).toContain('<title>Offhook</title>');
  }
  const asset = await ask('/admin/assets/index-Bx3kQ9aZ.js');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(await asset.text()).toContain('of the administration');
  expect((await ask('/admin/boot.js')).headers.get('cache-control')).toBe('no-cache');
  expect((await ask('/admin/assets/index-gone1234.js')).status).toBe(404);
});

test('the administration is served without a phone, too', async () => {
  const ask = await world({ adminRoot: await builtAdmin() });
  expect(await (await ask('/account/security')).text()).toContain('Administration');
  expect((await ask('/history')).status).toBe(404);
});

test('every answer carries the security headers; scripts may not be inline', async () => {
  const ask = await world({
    webRoot: await builtPhone(),
    adminRoot: await builtAdmin(),
    mail: { kind: 'outbox' },
  });
  const pages = ['/', '/history', '/sw.js', '/admin/', '/admin/boot.js', '/account/security', '/outbox'];
  const api = ['session', 'nothing', 'openapi.json', 'scim/v2/Users', 'provisioning/v1/users', 'admin/users'];
  const others = ['/healthz', '/assets/gone.js', '/admin/assets/gone.js'];
  for (const path of [...pages, ...api.map((name) => `/api/${name}`), ...others]) {
    const { headers } = await ask(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect([path, policy]).toEqual([path, expect.stringContaining("script-src 'self';")]);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(policy).not.toContain('unsafe-eval');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('microphone=(self)');
  }
  expect((await ask('/api/session')).headers.get('cache-control')).toBe('no-store');
});

test('[D6] the page for the Hub of a headset is framed by the phone alone, has no origin and no other scripts', async () => {
  const ask = await world({ webRoot: await builtPhone() });
  const { status, headers } = await ask('/headset-hub.html');
  expect(status).toBe(200);
  expect(headers.get('content-security-policy')?.split('; ')).toEqual([
    'sandbox allow-scripts',
    "default-src 'none'",
    "script-src 'self' http://127.0.0.1:32017",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ]);
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
});

test('the description of the API has every route, with the errors of the contract', async () => {
  const ask = await world();
  const api = (await (await ask('/api/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  expect(api.openapi).toMatch(/^3\.1/u);
  expect(
    Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  ).toEqual(
    expect.arrayContaining([
      'POST /api/session',
      'GET /api/session',
      'DELETE /api/session',
      'GET /api/history',
      'GET /api/admin/connectors',
      'POST /api/admin/keys',
      'DELETE /api/admin/keys/{keyId}',
    ]),
  );
  expect(api.paths['/api/session']?.['post']?.responses).toHaveProperty('401');
});

test('every error code has its HTTP status', () => {
  expect(Object.keys(statusOf).toSorted()).toEqual(errorCodes.toSorted());
});

test('health and readiness are told to everybody, metrics on a loopback port of their own alone', async () => {
  const url = await server.createDatabase();
  const cloud = await startCloud(url, (await openAdmin(url)).secrets);
  const ask = (path: string) => fetch(cloud.url + path);
  expect((await ask('/healthz')).status).toBe(200);
  expect((await ask('/readyz')).status).toBe(200);
  expect((await ask('/metrics')).status).toBe(404);
  expect(cloud.metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/u);
  expect((await fetch(new URL('/', cloud.metricsUrl))).status).toBe(404);
  const metrics = await (await fetch(cloud.metricsUrl)).text();
  for (const name of [
    'offhook_client_sockets',
    'offhook_connector_links',
    'offhook_requests_total',
    'offhook_limits_total',
    'offhook_database_connections',
  ]) {
    expect(metrics).toContain(name);
  }
});
