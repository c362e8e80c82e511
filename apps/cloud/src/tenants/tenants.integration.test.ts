import {
  CorrelationId,
  type Administrator,
  type TenantDetail,
  type TenantId,
  type TenantPage,
} from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile, type TestAdmin } from '../testing/cloud.ts';
import { eventually } from '../testing/eventually.ts';
import { useTestServer } from '../testing/database.ts';
import { tokenOf, writtenMails } from '../testing/mails.ts';
import { openClient, openConnector, person, personOf, signIn, type Person } from '../testing/peers.ts';
import { openProvider, PASSWORD } from '../testing/provider.ts';
import { usualTerms } from '../accounts/terms.ts';

const server = useTestServer();
const ACME = 'acme' as TenantId;
const TENANTS = '/api/provider/tenants';

const bakery = {
  name: 'Bäckerei Müller',
  subscription: {
    platform: 'openscape-4000',
    seats: 40,
    price: { amount: 990, currency: 'EUR' },
    startsOn: '2026-12-01',
  },
  timeZone: 'Europe/Vienna',
  supportContact: 'help@provider.example',
  administrator: { email: 'Maria@mueller.example', name: 'Maria Müller', language: 'de' },
} as const;

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  return { url, admin, cloud, paula: await openProvider(cloud) };
}

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;
const read = async <T>(response: Response | Promise<Response>, status = 200): Promise<T> => {
  const answer = await response;
  const body: unknown = await answer.json();
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${JSON.stringify(body)}`);
  return body as T;
};
const create = (paula: Person, wanted: object = bakery) =>
  read<TenantDetail>(paula.post(TENANTS, wanted), 201);
const actions = async ({ database }: TestAdmin, tenantId: string) => {
  const rows = await database.inTenant(tenantId as TenantId, (trx) =>
    trx.selectFrom('audit_log').select('action').orderBy('audit_id').execute(),
  );
  return rows.map(({ action }) => action);
};

test('a tenant is made with its subscription; its administrator is invited in their language and activates it', async () => {
  const { admin, cloud, paula } = await world();
  const made = await create(paula);
  expect(made).toMatchObject({
    name: 'Bäckerei Müller',
    status: 'invited',
    platform: 'openscape-4000',
    seats: 40,
    seatsUsed: 0,
    connectors: 0,
    subscription: bakery.subscription,
    timeZone: 'Europe/Vienna',
    supportContact: 'help@provider.example',
    administrators: [{ email: 'maria@mueller.example', status: 'invited' }],
  });
  const [mail] = await writtenMails(admin, made.tenantId);
  expect(mail).toMatchObject({
    kind: 'administrator_invitation',
    to: 'maria@mueller.example',
    language: 'de',
    params: { tenantName: 'Bäckerei Müller', inviter: 'Paula Provider' },
  });
  const accepted = await person(cloud.url).post('/api/links/accept', {
    token: tokenOf(mail),
    password: PASSWORD,
    termsVersion: usualTerms.version,
  });
  const maria = personOf(cloud.url, accepted);
  expect(await read(maria.get('/api/admin/tenant'))).toMatchObject({
    name: 'Bäckerei Müller',
    status: 'active',
    language: 'de',
    timeZone: 'Europe/Vienna',
  });
  const now = await read<TenantDetail>(paula.get(`${TENANTS}/${made.tenantId}`));
  expect(now).toMatchObject({ status: 'active', termsAccepted: { version: usualTerms.version } });
  expect(now.administrators).toMatchObject([{ status: 'active' }]);
  expect(now.administrators[0]).not.toHaveProperty('invitationExpiresAt');
  expect(await actions(admin, made.tenantId)).toEqual([
    'tenant.create',
    'user.create',
    'user.invite',
    'invitation.accept',
    'tenant.activate',
  ]);
});

test('names and addresses are taken once, also by two at the same time; nonsense is refused', async () => {
  const { paula } = await world();
  const other = { ...bakery.administrator, email: 'other@mueller.example' };
  const both = await Promise.all(
    [bakery, { ...bakery, name: 'bäckerei müller', administrator: other }].map((one) =>
      paula.post(TENANTS, one),
    ),
  );
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
  const refused = [
    [{ ...bakery, administrator: { ...other, email: 'new@mueller.example' } }, 'name_taken'],
    [{ ...bakery, name: 'Other', administrator: { ...other, email: 'anna@acme.example' } }, 'email_taken'],
    [{ ...bakery, name: 'Zone', timeZone: 'Mars/Base' }, 'bad_request'],
  ] as const;
  for (const [wanted, code] of refused) expect(await codeOf(await paula.post(TENANTS, wanted))).toBe(code);
  const { total } = await read<TenantPage>(paula.get(TENANTS));
  expect(total).toBe(2);
});

test('the list is searched, filtered, sorted and paged, with seats and connectors of each', async () => {
  const { admin, cloud, paula } = await world();
  await admin.apply(tenantFile('zeta', { users: [] }));
  await create(paula);
  const { key } = await admin.createKey('acme');
  await openConnector(cloud.url, key);
  const list = async (query: string) => {
    const { tenants, total } = await read<TenantPage>(paula.get(`${TENANTS}?${query}`));
    return { names: tenants.map(({ name }) => name), total, tenants };
  };
  const all = await list('');
  expect(all.names).toEqual(['Bäckerei Müller', 'Tenant acme', 'Tenant zeta']);
  expect(all.tenants[1]).toMatchObject({ seatsUsed: 2, connectors: 1, connectorsOnline: 1 });
  expect(all.tenants[2]).toMatchObject({ seatsUsed: 0, connectors: 1, connectorsOnline: 0 });
  expect((await list('search=MÜLL')).names).toEqual(['Bäckerei Müller']);
  expect((await list('search=%25')).total).toBe(0);
  expect((await list('status=invited')).names).toEqual(['Bäckerei Müller']);
  expect((await list('sort=seatsUsed&descending=true')).names[0]).toBe('Tenant acme');
  expect(await list('page=2&pageSize=2')).toMatchObject({ names: ['Tenant zeta'], total: 3 });
  expect(await codeOf(await paula.get(`${TENANTS}/provider`))).toBe('not_found');
});

test('a change is written down with what was before; the own tenant is the provider’s to touch in no other way', async () => {
  const { admin, paula } = await world();
  const { tenantId } = await create(paula);
  const subscription = { ...bakery.subscription, seats: 50 };
  const changed = await read<TenantDetail>(
    paula.patch(`${TENANTS}/${tenantId}`, { name: 'Bäckerei Maier', subscription, supportContact: null }),
  );
  expect(changed).toMatchObject({ name: 'Bäckerei Maier', seats: 50 });
  expect(changed).not.toHaveProperty('supportContact');
  await read(paula.patch(`${TENANTS}/${tenantId}`, { name: 'Bäckerei Maier' }));
  expect((await actions(admin, tenantId)).filter((action) => action === 'tenant.change')).toHaveLength(1);
  expect(await codeOf(await paula.patch(`${TENANTS}/${tenantId}`, { name: 'Tenant acme' }))).toBe(
    'name_taken',
  );
  for (const path of [`${TENANTS}/provider`, `${TENANTS}/nobody`]) {
    expect(await codeOf(await paula.patch(path, { name: 'X' }))).toBe('not_found');
    expect(await codeOf(await paula.post(`${path}/suspend`, { reason: 'x' }))).toBe('not_found');
  }
});

test('nobody but the provider sees or touches tenants', async () => {
  const { cloud } = await world();
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  for (const who of [ada, anna]) {
    expect((await who.get(TENANTS)).status).toBe(403);
    expect((await who.post(`${TENANTS}/acme/suspend`, { reason: 'x' })).status).toBe(403);
  }
  expect((await anna.get('/api/admin/tenant')).status).toBe(403);
  expect((await person(cloud.url).get(TENANTS)).status).toBe(401);
});

test('a suspended tenant: administrators come in, people call for help and nothing else, at once', async () => {
  const { admin, cloud, paula } = await world();
  const { key } = await admin.createKey('acme');
  const placed: string[] = [];
  const connector = await openConnector(cloud.url, key, {
    'call.placeAtDesk': ({ to }) => {
      placed.push(to);
      return {};
    },
  });
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const client = await openClient(cloud.url, anna);
  await client.snapshot();
  const place = (to: string) =>
    client
      .call('call.placeAtDesk', { to, correlationId: CorrelationId.parse('cor-1') })
      .then(() => 'placed')
      .catch((error: { code?: string }) => error.code);
  const suspended = await read<TenantDetail>(
    paula.post(`${TENANTS}/acme/suspend`, { reason: 'Bills of two months' }),
  );
  expect(suspended).toMatchObject({ status: 'suspended', suspendedReason: 'Bills of two months' });
  expect(suspended.suspendedAt).toBeGreaterThan(Date.now() - 60_000);
  expect(await writtenMails(admin, 'acme')).toMatchObject([
    { kind: 'tenant_suspended', to: 'admin@acme.example', params: { reason: 'Bills of two months' } },
  ]);
  await eventually(async () => expect(await place('+4930123456')).toBe('tenant_suspended'));
  placed.length = 0;
  expect(await place('112')).toBe('placed');
  expect(await place('+4930123456')).toBe('tenant_suspended');
  expect(placed).toEqual(['112']);
  await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  await signIn(cloud.url, 'ben@acme.example', 'ben-password');

  await read(paula.post(`${TENANTS}/acme/resume`));
  await eventually(async () => expect(await place('+4930123456')).not.toBe('tenant_suspended'));
  expect(await codeOf(await paula.post(`${TENANTS}/acme/resume`))).toBe('conflict');
  expect(connector.socket.readyState).toBe(1);
  expect((await actions(admin, 'acme')).slice(-2)).toEqual(['tenant.suspend', 'tenant.resume']);
});

test('a deleted tenant: everybody is out at once, its keys open nothing, and it can be taken back', async () => {
  const { admin, cloud, paula } = await world();
  const { key } = await admin.createKey('acme');
  const connector = await openConnector(cloud.url, key);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const client = await openClient(cloud.url, anna);
  await client.snapshot();
  expect(await codeOf(await paula.post(`${TENANTS}/acme/delete`, { name: 'acme' }))).toBe('name_mismatch');
  const deleted = await read<TenantDetail>(paula.post(`${TENANTS}/acme/delete`, { name: 'Tenant acme' }));
  expect(deleted.status).toBe('deleting');
  expect(deleted.deletesAt).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000);
  await client.event('session.ended');
  await connector.closed;
  expect((await anna.get('/api/history')).status).toBe(401);
  await expect(signIn(cloud.url, 'admin@acme.example', 'admin-password')).rejects.toThrow('401');
  await expect(openConnector(cloud.url, key)).rejects.toThrow(/401/u);
  const invited = { email: 'x@acme.example', name: 'X', language: 'en' };
  for (const [act, body] of [
    ['delete', { name: 'Tenant acme' }],
    ['suspend', { reason: 'x' }],
    ['administrators', invited],
  ] as const) {
    expect(await codeOf(await paula.post(`${TENANTS}/acme/${act}`, body))).toBe('conflict');
  }
  const restored = await read<TenantDetail>(paula.post(`${TENANTS}/acme/restore`));
  expect(restored).toMatchObject({ status: 'active' });
  expect(restored).not.toHaveProperty('deletesAt');
  await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await openConnector(cloud.url, key);
});

test('the own tenant is set up by its administrators, each change with what was before', async () => {
  const { admin, cloud } = await world();
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  for (const change of [
    { timeZone: 'Nowhere' },
    { country: 'ZZ' },
    { callRetentionDays: 0 },
    { status: 'deleting', name: '' },
  ]) {
    expect((await ada.patch('/api/admin/tenant', change)).status).toBe(400);
  }
  const zoned = await read(ada.patch('/api/admin/tenant', { timeZone: 'Europe/Madrid' }));
  expect(zoned).toMatchObject({ timeZone: 'Europe/Madrid', country: 'ES' });
  const chosen = await read(ada.patch('/api/admin/tenant', { country: 'FR' }));
  expect(chosen).toMatchObject({ timeZone: 'Europe/Madrid', country: 'FR' });
  const back = await read(ada.patch('/api/admin/tenant', { timeZone: 'Europe/Berlin' }));
  expect(back).toMatchObject({ timeZone: 'Europe/Berlin', country: 'FR' });
  const changed = await read(
    ada.patch('/api/admin/tenant', {
      supportAddress: 'Help@acme.example',
      callRetentionDays: 90,
      secondFactorFor: 'administrators',
    }),
  );
  expect(changed).toMatchObject({
    name: 'Tenant acme',
    supportAddress: 'help@acme.example',
    callRetentionDays: 90,
    secondFactorFor: 'administrators',
  });
  const log = await admin.database.inTenant(ACME, (trx) =>
    trx.selectFrom('audit_log').selectAll().orderBy('audit_id', 'desc').executeTakeFirstOrThrow(),
  );
  expect(log).toMatchObject({
    action: 'tenant.change',
    actor_name: 'Ada Admin <admin@acme.example>',
    before: { callRetentionDays: 365, supportAddress: null, secondFactorFor: 'nobody' },
    after: { callRetentionDays: 90, supportAddress: 'help@acme.example', secondFactorFor: 'administrators' },
  });
  // It holds at once, for whoever set it too.
  expect(await codeOf(await ada.get('/api/admin/tenant'))).toBe('second_factor_required');
});

test('administrators are invited and removed; of two who remove each other one stays', async () => {
  const { admin, cloud } = await world();
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const path = '/api/admin/administrators';
  const list = async () => (await read<{ administrators: Administrator[] }>(ada.get(path))).administrators;
  const [own] = await list();
  expect(await codeOf(await ada.delete(`${path}/${own?.userId}`))).toBe('last_administrator');
  const wanted = { email: 'carla@acme.example', name: 'Carla Conti', language: 'it' };
  const invited = await read<Administrator>(ada.post(path, wanted), 201);
  expect(invited).toMatchObject({ status: 'invited', email: 'carla@acme.example' });
  // One who has never come in can name nobody.
  expect(await codeOf(await ada.delete(`${path}/${own?.userId}`))).toBe('last_administrator');
  expect(await codeOf(await ada.post(path, wanted))).toBe('email_taken');
  await read(ada.post(`${path}/${invited.userId}/invitation`));
  const mails = await writtenMails(admin, 'acme');
  expect(mails.map(({ kind, language }) => [kind, language])).toEqual([
    ['administrator_invitation', 'it'],
    ['administrator_invitation', 'it'],
  ]);
  const response = await person(cloud.url).post('/api/links/accept', {
    token: tokenOf(mails.at(-1)),
    password: PASSWORD,
  });
  const carla = personOf(cloud.url, response);
  expect(await codeOf(await ada.post(`${path}/${invited.userId}/invitation`))).toBe('conflict');
  const anna = await admin.userId('anna@acme.example');
  expect(await codeOf(await ada.delete(`${path}/${anna}`))).toBe('not_found');

  const both = await Promise.all([
    ada.delete(`${path}/${invited.userId}`),
    carla.delete(`${path}/${own?.userId}`),
  ]);
  expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
  const left = await admin.database.inTenant(ACME, (trx) =>
    trx
      .selectFrom('users')
      .select('user_id')
      .where('role', '=', 'admin')
      .where('deleted_at', 'is', null)
      .execute(),
  );
  expect(left).toHaveLength(1);
});

test('an administrator with a line stays as a user', async () => {
  const { admin, cloud } = await world();
  const anna = await admin.userId('anna@acme.example');
  await admin.database.inTenant(ACME, (trx) =>
    trx.updateTable('users').set({ role: 'admin' }).where('user_id', '=', anna).execute(),
  );
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  expect((await ada.delete(`/api/admin/administrators/${anna}`)).status).toBe(204);
  const again = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  expect(await read(again.get('/api/session'))).toMatchObject({ me: { role: 'user', number: '101' } });
});
