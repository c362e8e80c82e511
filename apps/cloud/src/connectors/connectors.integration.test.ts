import {
  type ConnectorId,
  type TenantId,
  ConnectorDetail,
  ConnectorState,
  ConnectorStates,
  type connectorEvents,
  CreatedKey,
  PROTOCOL_VERSION,
} from '@offhook/contract';
import { expect, test } from 'vitest';
import type * as z from 'zod';
import { tellFindings } from '../compatibility/findings.ts';
import { mailContext } from '../mail/outbox.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openEvents } from '../testing/events.ts';
import { openConnector, signIn, type Person, type TestConnector } from '../testing/peers.ts';

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const person = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const connectorId = await admin.connectorId('acme');
  return {
    url,
    admin,
    cloud,
    key,
    person,
    connectorId,
    path: `/api/admin/connectors/${connectorId}`,
    connect: (hello: object = {}) =>
      openConnector(
        cloud.url,
        key,
        {},
        {
          hello: {
            type: 'hello',
            protocol: PROTOCOL_VERSION,
            version: '0.1.0',
            epoch: 'epo',
            canDrain: true,
            ...hello,
          },
        },
      ),
  };
}

const pbx = { kind: 'openscape-voice', host: 'pbx.acme.example', port: 5060, transport: 'tcp' };

async function body<S extends z.ZodType>(
  schema: S,
  response: Response | Promise<Response>,
): Promise<z.output<S>> {
  return schema.parse(await (await response).json());
}
const states = async (person: Person) =>
  (await body(ConnectorStates, person.get('/api/admin/connectors'))).connectors;
const office = async (person: Person) => (await states(person)).find(({ name }) => name === 'Office');

/** Until what the connector has told has been taken in. */
async function settled(connector: TestConnector): Promise<void> {
  await connector.call('config.get', {});
}
const status = (changes: Partial<z.input<(typeof connectorEvents)['status']>> = {}) => ({
  lines: 2,
  registered: 2,
  calls: 0,
  spooledRecords: 0,
  refused: 0,
  draining: false,
  ...changes,
});

const refusal = async (response: Response | Promise<Response>) => {
  const answered = await response;
  const { error } = (await answered.json()) as { error: { code: string; message: string } };
  return { status: answered.status, ...error };
};

test('a connector is created, read, changed and deleted; its passwords are never read again', async () => {
  const { person, url } = await world();
  const created = await person.post('/api/admin/connectors', {
    name: 'Branch',
    pbx: {
      ...pbx,
      csta: { user: 'offhook', password: 'cti-password' },
      attachment: { by: 'trunk', register: true, number: '900', authUser: '900', password: 'trunk-password' },
    },
  });
  expect(created.status).toBe(201);
  const detail = await body(ConnectorDetail, created);
  expect(detail).toMatchObject({
    state: { name: 'Branch', online: false, trouble: [{ kind: 'never_connected' }] },
    pbx: {
      config: { kind: 'openscape-voice', host: 'pbx.acme.example', attachment: { number: '900' } },
      hasCstaPassword: true,
      hasTrunkPassword: true,
    },
    keys: [],
    startLine: expect.stringMatching(/^npm run connector -- --cloud http:\/\/127/u) as string,
  });
  const path = `/api/admin/connectors/${detail.state.connectorId}`;

  // Absent passwords stay, and so they are the same for a connector that asks.
  const changed = await person.patch(path, {
    name: 'Branch office',
    pbx: {
      ...pbx,
      host: 'pbx2.acme.example',
      csta: { user: 'offhook' },
      attachment: { by: 'trunk', register: false, number: '900', authUser: '900' },
    },
  });
  expect(await body(ConnectorDetail, changed)).toMatchObject({
    state: { name: 'Branch office' },
    pbx: { config: { host: 'pbx2.acme.example' }, hasCstaPassword: true, hasTrunkPassword: true },
  });
  const { connectorId } = detail.state;
  const fresh = await body(
    CreatedKey,
    person.post('/api/admin/keys', { name: 'Branch', connectorId, scopes: ['connector'] }),
  );
  const connector = await openConnector(person.url, fresh.secret);
  expect((await connector.call('config.get', {})).pbx).toMatchObject({
    csta: { user: 'offhook', password: 'cti-password' },
    attachment: { register: false, password: 'trunk-password' },
  });

  const text = await (await person.get(path)).text();
  for (const secret of ['cti-password', 'trunk-password', fresh.secret]) expect(text).not.toContain(secret);
  const audit = JSON.stringify(await server.query(url, 'SELECT * FROM audit_log'));
  for (const secret of ['cti-password', 'trunk-password']) expect(audit).not.toContain(secret);

  // An empty password of the CTI is none.
  const without = await person.patch(path, { pbx: { ...pbx, csta: { password: '' } } });
  expect(await body(ConnectorDetail, without)).toMatchObject({
    pbx: { hasCstaPassword: false, hasTrunkPassword: false },
  });

  expect(await refusal(person.delete(path, { name: 'Branch' }))).toMatchObject({ code: 'name_mismatch' });
  expect((await person.delete(path, { name: 'Branch office' })).status).toBe(204);
  expect(await connector.closed).toBe(4401);
  expect((await person.get(path)).status).toBe(404);
  const actions = await server.query<{ action: string }>(
    url,
    `SELECT action FROM audit_log WHERE subject_kind = 'connector' ORDER BY audit_id`,
  );
  expect(actions.map(({ action }) => action)).toEqual([
    'connector.create',
    'connector.change',
    'connector.change',
    'connector.delete',
  ]);
});

test('refused: a name twice, a trunk without a password, and the deletion of a connector with lines', async () => {
  const { person, path } = await world();
  expect(await refusal(person.post('/api/admin/connectors', { name: 'Office', pbx }))).toMatchObject({
    status: 409,
    code: 'name_taken',
  });
  const trunk = { by: 'trunk', register: true, number: '900', authUser: '900' };
  expect(await refusal(person.patch(path, { pbx: { ...pbx, attachment: trunk } }))).toMatchObject({
    status: 400,
    code: 'bad_request',
  });
  expect(await refusal(person.delete(path, { name: 'Office' }))).toMatchObject({
    status: 409,
    code: 'conflict',
    message: expect.stringContaining('2 lines hang on this connector') as string,
  });
});

test('a changed platform reaches a connector that is connected; the same again changes nothing', async () => {
  const { person, path, connect } = await world();
  const connector = await connect();
  await connector.event('clients.snapshot');
  await person.patch(path, { pbx });
  expect(await connector.event('config.changed')).toMatchObject({ revision: expect.any(Number) as number });
  expect((await connector.call('config.get', {})).pbx.host).toBe('pbx.acme.example');
  const { revision } = await connector.call('config.get', {});
  await person.patch(path, { pbx });
  expect((await connector.call('config.get', {})).revision).toBe(revision);
});

test('the state is live, and what was last is kept for when the connector is offline', async () => {
  const { person, connect, path } = await world();
  await person.patch(path, { pbx });
  const connector = await connect();
  connector.tell('platform.changed', { state: 'down', reason: 'The control link is refused.' });
  connector.tell(
    'status',
    status({
      registered: 1,
      refused: 1,
      reason: 'Wrong password.',
      calls: 1,
      platform: { reached: true, sip: 'OpenScape Voice/V10R3' },
    }),
  );
  await settled(connector);
  expect(await office(person)).toMatchObject({
    online: true,
    version: '0.1.0',
    address: '127.0.0.1',
    platform: { product: 'OpenScape Voice', version: '10.3', reached: true, cti: 'down' },
    lines: 2,
    registered: 1,
    calls: 1,
    trouble: [
      { kind: 'lines_refused', detail: '1: Wrong password.' },
      { kind: 'cti_down', detail: 'The control link is refused.' },
    ],
  });
  connector.socket.close();
  await connector.closed;
  await expect
    .poll(() => office(person))
    .toMatchObject({
      online: false,
      since: expect.any(Number) as number,
      version: '0.1.0',
      platform: { product: 'OpenScape Voice', version: '10.3' },
      trouble: [{ kind: 'offline', detail: 'Wrong password.' }],
    });
});

test('what was last is there after a restart of the cloud, and a newer link is not overwritten by an older one', async () => {
  const { person, connect, cloud, url, admin } = await world();
  const older = await connect();
  older.tell('status', status());
  await settled(older);
  const newer = await connect({ version: '0.1.1' });
  await older.closed;
  newer.tell('status', status({ registered: 1 }));
  await settled(newer);
  expect(await office(person)).toMatchObject({ online: true, version: '0.1.1', registered: 1 });
  await cloud.close();
  const [row] = await server.query<{ online: boolean; facts: { version: string } }>(
    url,
    'SELECT online, facts FROM connector_states',
  );
  expect(row).toMatchObject({ online: false, facts: { version: '0.1.1', status: { registered: 1 } } });
  const again = await startCloud(url, admin.secrets);
  const back = await signIn(again.url, 'admin@acme.example', 'admin-password');
  expect(await office(back)).toMatchObject({ online: false, version: '0.1.1' });
});

test('GET is answered 304 while nothing has changed', async () => {
  const { person, path, cloud } = await world();
  const tag = (await person.get('/api/admin/connectors')).headers.get('etag') ?? '';
  const ask = () =>
    fetch(`${cloud.url}/api/admin/connectors`, {
      headers: { cookie: person.cookie, 'if-none-match': tag },
    });
  expect((await ask()).status).toBe(304);
  await person.patch(path, { name: 'Head office' });
  expect((await ask()).status).toBe(200);
});

test('a soft drain reaches the connector, is remembered over a reconnect, and is taken back', async () => {
  const { person, path, connect } = await world();
  const connector = await connect();
  expect(await connector.event('drain.changed')).toEqual({ draining: false });
  expect(await body(ConnectorState, person.post(`${path}/drain`))).toMatchObject({ draining: true });
  expect(await connector.event('drain.changed')).toEqual({ draining: true });
  connector.socket.close();
  await connector.closed;
  expect(await office(person)).toMatchObject({ draining: true });
  const again = await connect();
  expect(await again.event('drain.changed')).toEqual({ draining: true });
  expect(await body(ConnectorState, person.post(`${path}/resume`))).toMatchObject({ draining: false });
  expect(await again.event('drain.changed')).toEqual({ draining: false });
});

test('a connector that is too old for it is not drained', async () => {
  const { person, path, connect } = await world();
  const connector = await connect({ canDrain: undefined });
  await connector.frame('welcome');
  expect(await refusal(person.post(`${path}/drain`))).toMatchObject({
    status: 409,
    code: 'feature_unsupported',
  });
  expect(await office(person)).toMatchObject({ draining: false });
});

test('an old platform is told to every administrator, once', async () => {
  const { person, connect, path, admin, url } = await world();
  await person.patch(path, { pbx });
  const tellOld = async () => {
    const connector = await connect();
    connector.tell('status', status({ platform: { reached: true, sip: 'OpenScape Voice/V8' } }));
    await settled(connector);
    connector.socket.close();
    await connector.closed;
  };
  const mails = () =>
    server.query<{ mail_id: string; to_address: string; kind: string; sealed_params: Buffer }>(
      url,
      'SELECT * FROM mail_outbox',
    );
  await tellOld();
  await expect.poll(mails).toHaveLength(1);
  await tellOld();
  await expect
    .poll(() => server.query(url, 'SELECT 1 FROM connector_states WHERE NOT online'))
    .toHaveLength(1);
  const [mail, ...more] = await mails();
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ to_address: 'admin@acme.example', kind: 'platform_notice' });
  const context = mailContext('acme', mail?.mail_id ?? '');
  expect(admin.secrets.open(mail?.sealed_params ?? Buffer.alloc(0), context)).toContain('OpenScape Voice 8');
  expect(await office(person)).toMatchObject({
    trouble: [{ kind: 'offline' }, { kind: 'platform_unsupported', detail: 'OpenScape Voice 8' }],
  });
});

test('a connector that names a new old platform each time fills neither mail nor log', async () => {
  const { person, connect, path, admin, url } = await world();
  await person.patch(path, { pbx });
  const connectorId = path.split('/').at(-1) as ConnectorId;
  const connector = await connect();
  const tenantId = 'acme' as TenantId;
  for (let version = 0; version < 30; version += 1) {
    await admin.database.inTenant(tenantId, (trx) =>
      tellFindings(trx, admin.secrets, { tenantId, connectorId }, [
        { kind: 'platform_unsupported', what: `OpenScape Voice 8.${version}` },
      ]),
    );
  }
  connector.socket.close();
  const count = async (what: string) => (await server.query(url, `SELECT 1 FROM ${what}`)).length;
  expect(await count('mail_outbox')).toBe(10);
  expect(await count(`audit_log WHERE action = 'connector.finding'`)).toBe(10);
  await server.query(url, 'UPDATE connector_findings SET found_at = 0');
  await admin.database.inTenant(tenantId, (trx) =>
    tellFindings(trx, admin.secrets, { tenantId, connectorId }, [
      { kind: 'platform_unsupported', what: 'OpenScape Voice 8.29' },
    ]),
  );
  expect(await count('mail_outbox')).toBe(11);
});

test('events tell of a connector that comes, changes and is deleted, and end with the session', async () => {
  const { person, connect, path, cloud, connectorId, admin } = await world();
  const { response, until, text } = await openEvents(cloud.url, person);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
  const connector = await connect();
  connector.tell('status', status({ registered: 1 }));
  const [, data] = (await until(/event: connector\ndata: (\{.*"registered":1.*\})\n\n/u)) as RegExpExecArray;
  expect(JSON.parse(data ?? '')).toMatchObject({ state: { connectorId, online: true } });
  await admin.apply(tenantFile('acme', { users: [] }));
  await person.patch(path, { name: 'Renamed' });
  await until(/"name":"Renamed"/u);
  const created = await body(
    ConnectorDetail,
    person.post('/api/admin/connectors', { name: 'Short-lived', pbx }),
  );
  await person.delete(`/api/admin/connectors/${created.state.connectorId}`, { name: 'Short-lived' });
  await until(new RegExp(`event: connector.deleted\\ndata: .*${created.state.connectorId}`, 'u'));
  await until(/event: directory\n/u);
  await person.delete('/api/session');
  expect(await until(/never/u)).toBe('ended');
  expect(text()).toMatch(/event: session.ended\ndata: \{"reason":"signed_out"\}\n\n$/u);
});

test('running calls that change often are told at most once a second, and the last count is', async () => {
  const { person, connect, cloud } = await world();
  const { until, text } = await openEvents(cloud.url, person);
  const connector = await connect();
  await until(/event: connector\n/u);
  for (let calls = 1; calls <= 200; calls += 1) connector.tell('status', status({ calls }));
  await until(/"calls":200/u);
  expect(text().split('event: connector\n').length - 1).toBeLessThanOrEqual(4);
});

test('a person who is signed out by another administrator is told so', async () => {
  const { person, cloud, admin } = await world();
  const { until } = await openEvents(cloud.url, person);
  const other = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const userId = await admin.userId('admin@acme.example');
  expect((await other.post(`/api/admin/users/${userId}/sign-out`)).status).toBeLessThan(300);
  expect(await until(/event: session.ended\ndata: \{"reason":"revoked"\}\n\n/u)).not.toBe('ended');
  expect(await until(/never/u)).toBe('ended');
});

test('streams of one person are bounded', async () => {
  const { person, cloud } = await world();
  const opened = await Promise.all(Array.from({ length: 9 }, () => openEvents(cloud.url, person)));
  const statuses = opened.map(({ response }) => response.status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 429]);
});
