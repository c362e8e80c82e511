import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProvisioningResult, ProvisioningUsers, UserRow, type TenantId } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';

const server = useTestServer();
const BASE = '/api/provisioning/v1/users';

async function world({ seats }: { seats?: number } = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  for (const id of ['aaa', 'other-firm']) await admin.apply(tenantFile(id));
  if (seats !== undefined) {
    const subscription = {
      tenant_id: 'aaa',
      platform: 'generic-sip',
      seats,
      starts_on: '2026-11-01',
    } as const;
    await admin.database.inTenant('aaa' as TenantId, (trx) =>
      trx
        .insertInto('subscriptions')
        .values({ ...subscription, price_amount: 900, currency: 'EUR' })
        .execute(),
    );
  }
  const { key, keyId } = await admin.createMachineKey('aaa', ['provisioning'], 'Office');
  const cloud = await startCloud(url, admin.secrets);
  const asMachine = async (method: string, path: string, body?: unknown, bearer = key) => {
    const response = await fetch(cloud.url + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const put = (email: string, body: unknown) =>
    asMachine('PUT', `${BASE}/${encodeURIComponent(email)}`, body);
  const batch = async (users: unknown[], dryRun = false) => {
    const { json, status } = await asMachine('POST', `${BASE}/batch`, { users, dryRun });
    expect(status).toBe(200);
    return ProvisioningResult.parse(json).results.map(({ outcome, problem }) => problem ?? outcome);
  };
  const count = async (what: string) =>
    (await server.query<{ n: string }>(url, `SELECT count(*) AS n FROM ${what}`))[0]?.n;
  return { url, admin, cloud, key, keyId, asMachine, put, batch, count };
}

const carla = { name: 'Carla Diaz', number: '103', password: 'sip-103' };

test('a person is created, changed, and left as they are by the same request again', async () => {
  const { put, url, keyId } = await world();
  const created = await put('Carla@aaa.example', carla);
  expect(created.status).toBe(201);
  expect(UserRow.parse(created.json)).toMatchObject({
    email: 'carla@aaa.example',
    source: 'provisioning',
    status: 'invited',
    line: { number: '103', hasPassword: true },
  });
  expect(created.text).not.toContain('sip-103');

  const acts = () =>
    server.query<{ action: string; actor_id: string; actor_kind: string }>(
      url,
      `SELECT action, actor_id, actor_kind FROM audit_log WHERE subject_name = 'carla@aaa.example' ORDER BY audit_id`,
    );
  const byTheKey = { actor_kind: 'machine', actor_id: keyId };
  expect(await acts()).toEqual([{ action: 'user.create', ...byTheKey }]);
  expect((await put('carla@aaa.example', carla)).status).toBe(200);
  expect(await acts()).toHaveLength(1);

  const changed = await put('carla@aaa.example', { name: 'Carla Díaz', shortNumber: '3' });
  expect(changed.json).toMatchObject({ name: 'Carla Díaz', line: { number: '103', shortNumber: '3' } });
  expect((await acts()).map(({ action }) => action)).toEqual(['user.create', 'user.change']);
});

test('numbers are written as lines have them, and a connector hears of its lines', async () => {
  const { put, url } = await world();
  const revision = async () =>
    (await server.query(url, `SELECT config_revision FROM connectors WHERE tenant_id = 'aaa'`))[0];
  const before = await revision();
  const { json } = await put('carla@aaa.example', { ...carla, number: '+49 (0) 89 722-103' });
  expect(json).toMatchObject({ line: { number: '+4989722103' } });
  expect(await revision()).not.toEqual(before);
});

test('an address of another tenant is refused, and nothing more is told', async () => {
  const { put, batch, asMachine, count } = await world();
  const before = await count('users');
  const refused = await put('anna@other-firm.example', { name: 'Anna Mine' });
  expect(refused).toMatchObject({ status: 409, json: { error: { code: 'email_taken' } } });
  for (const secret of ['other-firm"', 'Tenant', 'Berger']) expect(refused.text).not.toContain(secret);
  expect(await batch([{ email: 'anna@other-firm.example', name: 'Anna Mine' }])).toEqual([
    'email_of_other_tenant',
  ]);
  expect((await asMachine('DELETE', `${BASE}/anna@other-firm.example`)).status).toBe(404);
  expect((await asMachine('DELETE', `${BASE}/nobody@nowhere.example`)).status).toBe(404);
  expect(await count('users')).toBe(before);
});

test('a batch writes what can be written, and says of each why not', async () => {
  const { batch } = await world();
  expect(
    await batch([
      { email: 'carla@aaa.example', ...carla },
      { email: 'CARLA@aaa.example', name: 'Again' },
      { email: 'dave@aaa.example', name: 'Dave', number: '101', password: 'x' },
      { email: 'eve@aaa.example', name: 'Eve', number: '104' },
      { email: 'fay@aaa.example', name: 'Fay', number: '1,04E+11', password: 'x' },
      { email: 'ben@aaa.example', name: 'Ben Carter' },
      { email: 'admin@aaa.example', name: 'Ada Admin', role: 'user' },
      { email: 'gus@aaa.example', name: 'Gus', number: '103', password: 'x' },
    ]),
  ).toEqual([
    'created',
    'email_twice',
    'number_taken',
    'password_missing',
    'number_invalid',
    'unchanged',
    'role_invalid',
    'number_twice',
  ]);
});

test('a key makes nobody an administrator, and leaves administrators what they are', async () => {
  const { put, batch, url } = await world();
  expect(await put('eve@aaa.example', { name: 'Eve', role: 'admin' })).toMatchObject({
    status: 400,
    json: { error: { code: 'bad_request', fields: ['body.role'] } },
  });
  expect(
    await batch([
      { email: 'anna@aaa.example', name: 'Anna Berger', role: 'admin' },
      { email: 'admin@aaa.example', name: 'Ada Adams', role: 'admin' },
    ]),
  ).toEqual(['role_invalid', 'changed']);
  expect(await put('admin@aaa.example', { name: 'Ada', role: 'user' })).toMatchObject({
    status: 400,
    json: { error: { code: 'bad_request', fields: ['body.role'] } },
  });
  expect(
    await server.query(url, `SELECT name FROM users WHERE tenant_id = 'aaa' AND role = 'admin'`),
  ).toEqual([{ name: 'Ada Adams' }]);
});

test('two of a batch change numbers with each other', async () => {
  const { batch, asMachine } = await world();
  expect(
    await batch([
      { email: 'anna@aaa.example', name: 'Anna Berger', number: '102' },
      { email: 'ben@aaa.example', name: 'Ben Carter', number: '101' },
    ]),
  ).toEqual(['changed', 'changed']);
  const { users } = ProvisioningUsers.parse((await asMachine('GET', BASE)).json);
  const numbers = Object.fromEntries(users.map((user) => [user.email, user.line?.number]));
  expect(numbers).toMatchObject({ 'anna@aaa.example': '102', 'ben@aaa.example': '101' });
});

test('a dry run says the same and changes nothing', async () => {
  const { batch, count } = await world();
  const users = [
    { email: 'carla@aaa.example', ...carla },
    { email: 'anna@aaa.example', name: 'Anna Other' },
    { email: 'dave@aaa.example', name: 'Dave', number: '102', password: 'x' },
  ];
  const before = await Promise.all(['users', 'lines', 'audit_log'].map(count));
  const said = await batch(users, true);
  expect(said).toEqual(['created', 'changed', 'number_taken']);
  expect(await Promise.all(['users', 'lines', 'audit_log'].map(count))).toEqual(before);
  expect(await batch(users)).toEqual(said);
});

test('seats go to the first; people without a line take none', async () => {
  const { batch } = await world({ seats: 3 });
  expect(
    await batch([
      { email: 'carla@aaa.example', ...carla },
      { email: 'dave@aaa.example', name: 'Dave', number: '104', password: 'x' },
      { email: 'eve@aaa.example', name: 'Eve' },
    ]),
  ).toEqual(['created', 'seats_exhausted', 'created']);
});

test('a deleted person can be taken back by administrators, and is not made anew meanwhile', async () => {
  const { put, asMachine } = await world();
  expect((await asMachine('DELETE', `${BASE}/ben@aaa.example`)).status).toBe(204);
  expect((await asMachine('DELETE', `${BASE}/ben@aaa.example`)).status).toBe(204);
  expect(await put('ben@aaa.example', { name: 'Ben' })).toMatchObject({
    status: 409,
    json: { error: { code: 'conflict' } },
  });
  expect((await asMachine('DELETE', `${BASE}/admin@aaa.example`)).json).toMatchObject({
    error: { code: 'last_administrator' },
  });
});

test('the list comes page by page, each person once', async () => {
  const { asMachine } = await world();
  const emails: string[] = [];
  let after: string | undefined = '';
  let pages = 0;
  while (after !== undefined) {
    const page = ProvisioningUsers.parse((await asMachine('GET', `${BASE}?limit=2&after=${after}`)).json);
    emails.push(...page.users.map((user) => user.email));
    after = page.after;
    pages += 1;
  }
  expect(pages).toBe(2);
  expect(emails.toSorted()).toEqual(['admin@aaa.example', 'anna@aaa.example', 'ben@aaa.example']);
});

test('the description has examples that are valid, and says which key is needed', async () => {
  const { cloud, batch } = await world();
  type Operation = {
    security: object[];
    requestBody?: { content: { 'application/json': { example?: { users: unknown[] } } } };
  };
  const described = (await (await fetch(`${cloud.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { securitySchemes: object };
  };
  const post = described.paths[`${BASE}/batch`]?.['post'];
  expect(post?.security).toEqual([{ apiKey: [] }]);
  expect(described.components.securitySchemes).toMatchObject({ apiKey: { type: 'http', scheme: 'bearer' } });
  const { example } = post?.requestBody?.content['application/json'] ?? {};
  expect(await batch(example?.users ?? [], true)).toEqual(['number_taken', 'created']);
  const put = described.paths[`${BASE}/{email}`]?.['put'];
  expect(put?.requestBody?.content['application/json'].example).toBeDefined();
});

test('what the migration tool sends arrives, and is nothing new the second time', async () => {
  const { cloud, key, asMachine } = await world();
  const folder = await mkdtemp(join(tmpdir(), 'cloud-migrate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [input, keyFile] = [join(folder, 'people.json'), join(folder, 'key')];
  const subscribers = Array.from({ length: 520 }, (_, index) => ({
    email: `p${index}@aaa.example`,
    name: `Person ${index}`,
    ...(index % 2 === 0 ? { number: `${7000 + index}`, password: 'x' } : {}),
  }));
  const refused = { email: 'anna@other-firm.example', name: 'Anna' };
  const file = { format: 'offhook-subscribers', version: 1, subscribers: [...subscribers, refused] };
  await writeFile(input, JSON.stringify(file));
  await writeFile(keyFile, key);
  const program = new URL('../../../migrate/src/main.ts', import.meta.url).pathname;
  const send = (...more: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const args = [program, 'send', '--in', input, '--url', cloud.url, '--key-file', keyFile, ...more];
      execFile(process.execPath, args, (error, out, err) =>
        done({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  expect((await send('--dry-run')).out).toBe(
    '520 would be created, 0 would be changed, 0 unchanged, 1 refused.\n',
  );
  const first = await send();
  expect(first.out).toBe('520 created, 0 changed, 0 unchanged, 1 refused.\n');
  expect(first.err).toContain('email_of_other_tenant');
  expect((await send()).out).toBe('0 created, 0 changed, 520 unchanged, 1 refused.\n');
  expect((await asMachine('GET', BASE)).json).toMatchObject({ after: expect.any(String) });
});
