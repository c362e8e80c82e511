import {
  ClientId,
  CloseCode,
  linkEvents,
  LINK_SOCKET_PATH,
  PROTOCOL_VERSION,
  type RecordId,
  type TenantId,
} from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { createInProcessBus } from '../bus/in-process.ts';
import { rollCallTopic } from '../bus/topics.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import {
  callRecord,
  heldBy,
  linkCall,
  mediaAnswer,
  openClient,
  openConnector,
  placeParams,
  signIn,
  type ConnectorAnswers,
} from '../testing/peers.ts';

const server = useTestServer();

async function world(options: Parameters<typeof startCloud>[2] = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key, keyId } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets, options);
  return {
    url,
    admin,
    cloud,
    key,
    keyId,
    connect: (answers?: ConnectorAnswers) => openConnector(cloud.url, key, answers),
    person: (name: 'anna' | 'ben' | 'admin') => signIn(cloud.url, `${name}@acme.example`, `${name}-password`),
  };
}

/** The HTTP answer to a handshake that is refused. */
async function handshake(url: string, authorization?: string) {
  const { request } = await import('node:http');
  return new Promise<{ status: number; body: unknown }>((done, failed) => {
    const asked = request(url + LINK_SOCKET_PATH, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    asked.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => done({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }));
    });
    asked.on('upgrade', () => failed(new Error('let in')));
    asked.on('error', failed);
    asked.end();
  });
}

test('a wrong or missing key is answered 401 api_key_invalid before the upgrade', async () => {
  const { cloud, key } = await world();
  for (const wrong of [
    undefined,
    'Bearer ',
    `Bearer ${key}x`,
    `Basic ${key}`,
    `Bearer ${'x'.repeat(5000)}`,
  ]) {
    expect(await handshake(cloud.url, wrong)).toMatchObject({
      status: 401,
      body: { code: 'api_key_invalid' },
    });
  }
});

test('a revoked key is answered 401 api_key_revoked; its live link is closed at once with 4401', async () => {
  const { cloud, key, connect, person, keyId } = await world();
  const connector = await connect();
  await connector.frame('welcome');
  const admin = await person('admin');
  expect((await admin.delete(`/api/admin/keys/${keyId}`)).status).toBe(204);
  expect(await connector.frame('refused')).toMatchObject({ error: { code: 'api_key_revoked' } });
  expect(await connector.closed).toBe(CloseCode.Unauthenticated);
  expect(await handshake(cloud.url, `Bearer ${key}`)).toMatchObject({
    status: 401,
    body: { code: 'api_key_revoked' },
  });
});

test('another key of the connector outlives the revoked one', async () => {
  const { cloud, admin, keyId } = await world();
  const second = await admin.createKey('acme');
  const connector = await openConnector(cloud.url, second.key);
  await connector.event('clients.snapshot');
  await admin.revokeKey('acme', keyId);
  await admin.apply(tenantFile('acme', { users: [] })); // Something later to wait for.
  expect((await connector.call('config.get', {})).lines).toHaveLength(2);
  expect(connector.pending()).not.toContain('refused');
});

test('the key is shown once and stored as a hash; the administrator sees a hint', async () => {
  const { url, key, person } = await world();
  const admin = await person('admin');
  const body = await (await admin.get('/api/admin/keys')).text();
  expect(body).toContain(key.slice(0, 10));
  expect(body).not.toContain(key);
  const rows = await server.query(url, 'SELECT key_id, hint, encode(key_hash, $1) AS hash FROM api_keys', [
    'escape',
  ]);
  expect(JSON.stringify(rows)).not.toContain(key.slice(12));
});

test('the welcome says who the connector is, and the administrator sees it online with its numbers', async () => {
  const { connect, person, admin } = await world();
  const connector = await connect();
  expect(await connector.frame('welcome')).toMatchObject({
    protocol: PROTOCOL_VERSION,
    tenantId: 'acme',
    connectorId: await admin.connectorId('acme'),
  });
  connector.tell('status', { lines: 2, registered: 1, calls: 0, spooledRecords: 0 });
  await connector.call('config.get', {});
  const list = (await (await (await person('admin')).get('/api/admin/connectors')).json()) as object;
  expect(list).toMatchObject({
    connectors: [{ name: 'Office', online: true, version: '0.0.0-test', lines: 2, registered: 1, calls: 0 }],
  });
});

test('the configuration has the PBX and every line with its password, which the database holds encrypted', async () => {
  const { url, connect, admin } = await world();
  const connector = await connect();
  const config = await connector.call('config.get', {});
  expect(config.pbx).toMatchObject({
    kind: 'generic-sip',
    host: '127.0.0.1',
    port: 5070,
    registerExpires: 600,
  });
  const anna = await admin.userId('anna@acme.example');
  expect(config.lines.find((line) => line.userId === anna)).toMatchObject({
    number: '101',
    authUser: '101',
    displayName: 'Anna Berger',
    password: 'sip-101-acme',
  });
  const rows = await server.query(url, `SELECT encode(secret, 'escape') AS secret FROM lines`);
  expect(JSON.stringify(rows)).not.toContain('sip-101');
});

test('many lines come page by page, each within a frame, all of one revision', async () => {
  const { connect, admin } = await world();
  const users = Array.from({ length: 1_200 }, (_, index) => ({
    email: `u${index}@acme.example`,
    name: 'N'.repeat(100),
    number: String(5_000 + index),
  }));
  await admin.database.inTenant('acme' as Parameters<typeof admin.database.inTenant>[0], async (trx) => {
    const connectorId = await admin.connectorId('acme');
    const people = users.map(({ email, name }, index) => ({
      tenant_id: 'acme',
      user_id: `u${index}`,
      email,
      name,
      role: 'user' as const,
      password_hash: '',
    }));
    const lines = users.map(({ name, number }, index) => ({
      tenant_id: 'acme',
      line_id: `l${index}`,
      connector_id: connectorId,
      user_id: `u${index}`,
      number,
      display_name: name,
      auth_user: number,
      secret: admin.secrets.seal('p'.repeat(100), `line\nacme\nl${index}`),
    }));
    await trx.insertInto('users').values(people).execute();
    await trx.insertInto('lines').values(lines).execute();
  });
  const connector = await connect();
  const numbers = new Set<string>();
  const revisions = new Set<number>();
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await connector.call('config.get', cursor === undefined ? {} : { cursor });
    expect(JSON.stringify(page).length).toBeLessThan(256 * 1024);
    page.lines.forEach((line) => numbers.add(line.number));
    revisions.add(page.revision);
    cursor = page.next;
    pages += 1;
  } while (cursor !== undefined);
  expect(numbers.size).toBe(1_202);
  expect(revisions.size).toBe(1);
  expect(pages).toBeGreaterThanOrEqual(3);
});

test('a change of lines reaches the connector and the clients concerned', async () => {
  const { connect, admin, cloud, person } = await world();
  const connector = await connect();
  const { revision } = await connector.call('config.get', {});
  const anna = await openClient(cloud.url, await person('anna'));
  expect((await anna.snapshot()).me.number).toBe('101');
  const [first, ...others] = tenantFile('acme').users;
  const line = { connector: 'Office', number: '111', password: 'sip-101-acme' };
  await admin.apply(tenantFile('acme', { users: [{ ...first, line }, ...others] }));
  expect(await connector.event('config.changed')).toEqual({ revision: revision + 1 });
  expect(await connector.call('config.get', {})).toMatchObject({ revision: revision + 1 });
  expect((await anna.snapshot()).me.number).toBe('111');
});

test('applying a file again changes nothing, and the connector is not disturbed', async () => {
  const { admin, connect } = await world();
  const connector = await connect();
  const { revision } = await connector.call('config.get', {});
  expect(await admin.apply(tenantFile('acme'))).toEqual({
    tenantId: 'acme',
    created: [],
    changed: [],
    removed: [],
  });
  expect((await connector.call('config.get', {})).revision).toBe(revision);
});

test('records are acknowledged when they are in the database, and twice the same is once', async () => {
  const { url, connect, admin, cloud, person } = await world();
  const [annaId, benId] = [await admin.userId('anna@acme.example'), await admin.userId('ben@acme.example')];
  const connector = await connect();
  const session = await person('anna');
  const anna = await openClient(cloud.url, session);
  await anna.snapshot();
  const records = [
    callRecord(annaId, 'r1', { remote: { number: '102' } }),
    callRecord(annaId, 'r2', { direction: 'incoming', cause: 'no_answer', startedAt: 5_000, endedAt: 6_000 }),
    callRecord('usr_deleted' as typeof annaId, 'r3'),
  ];
  expect(await connector.call('records.append', { records })).toEqual({
    accepted: ['r1', 'r2'],
    refused: ['r3'],
  });
  expect(await server.query(url, 'SELECT record_id FROM call_records ORDER BY 1')).toHaveLength(2);
  expect(await anna.event('history.added')).toMatchObject({ entry: { recordId: 'r1' } });
  expect(await anna.event('history.added')).toMatchObject({ entry: { recordId: 'r2' } });

  const again = [...records.slice(0, 2), callRecord(annaId, 'r4', { startedAt: 9_000 })];
  expect(await connector.call('records.append', { records: again })).toMatchObject({
    accepted: ['r1', 'r2', 'r4'],
  });
  expect(await anna.event('history.added')).toMatchObject({ entry: { recordId: 'r4' } });
  expect(anna.pending()).not.toContain('history.added');

  const page = (await (await session.get('/api/history')).json()) as { entries: unknown[] };
  expect(page.entries).toMatchObject([
    { recordId: 'r4' },
    { recordId: 'r2', cause: 'no_answer' },
    { recordId: 'r1', remote: { number: '102', name: 'Ben Carter', userId: benId } },
  ]);
});

test('a connector writes records of users alone who have or had a line there', async () => {
  const { url, admin, cloud, connect } = await world();
  const [office] = tenantFile('acme').connectors;
  const [anna] = tenantFile('acme').users;
  const annaId = await admin.userId('anna@acme.example');
  const moved = { connector: 'Branch', number: '201', password: 'sip-201-acme' };
  await admin.apply(
    tenantFile('acme', {
      connectors: [office, { ...office, name: 'Branch' }],
      users: [{ ...anna, line: moved }],
    }),
  );
  const branch = await openConnector(cloud.url, (await admin.createKey('acme', 'Branch')).key);
  const adaId = await admin.userId('admin@acme.example');
  const benId = await admin.userId('ben@acme.example');
  const records = [callRecord(annaId, 'moved'), callRecord(benId, 'foreign'), callRecord(adaId, 'lineless')];
  expect(await branch.call('records.append', { records })).toEqual({
    accepted: ['moved'],
    refused: ['foreign', 'lineless'],
  });
  // Out of the spool, long after the line moved on, or went.
  const late = [callRecord(annaId, 'late')];
  expect(await (await connect()).call('records.append', { records: late })).toMatchObject({
    accepted: ['late'],
  });
  await admin.apply(tenantFile('acme', { users: [{ ...anna, line: undefined }] }));
  const latest = [callRecord(annaId, 'latest')];
  expect(await branch.call('records.append', { records: latest })).toMatchObject({ accepted: ['latest'] });
  expect(await server.query(url, 'SELECT 1 FROM call_records')).toHaveLength(3);
});

test('the history is paged by its last entry, without a gap or a repetition at equal times', async () => {
  const { connect, admin, person } = await world();
  const annaId = await admin.userId('anna@acme.example');
  const connector = await connect();
  const records = Array.from({ length: 25 }, (_, index) =>
    callRecord(annaId, `r${String(index).padStart(2, '0')}`, { startedAt: 1_000 + Math.floor(index / 5) }),
  );
  await connector.call('records.append', { records });
  const anna = await person('anna');
  const seen: RecordId[] = [];
  let more = true;
  while (more) {
    const before = seen.at(-1);
    const query = before === undefined ? '' : `&before=${before}`;
    const page = (await (await anna.get(`/api/history?limit=4${query}`)).json()) as {
      entries: { recordId: RecordId }[];
      more: boolean;
    };
    seen.push(...page.entries.map((entry) => entry.recordId));
    ({ more } = page);
  }
  expect(seen).toEqual(records.map((record) => record.recordId).toReversed());
});

test('a second link of the connector replaces the older', async () => {
  const { connect, cloud, person } = await world();
  const first = await connect({ 'call.hangUp': () => ({ call: linkCall({ callId: 'old' as never }) }) });
  await first.event('clients.snapshot');
  const anna = await openClient(cloud.url, await person('anna'));
  await anna.snapshot();
  const second = await connect({ 'call.hangUp': () => ({ call: linkCall({ callId: 'new' as never }) }) });
  expect(await first.closed).toBe(CloseCode.Replaced);
  expect(await anna.event('connector.changed')).toEqual({ connector: 'online' });
  expect(await second.event('clients.snapshot')).toMatchObject({ clients: [{ clientId: anna.clientId }] });
  const { call } = await anna.call('call.hangUp', { callId: 'x' as never });
  expect(call.callId).toBe('new');
  expect(anna.pending()).not.toContain('connector.changed');
});

test('the connector hears of clients that come and go', async () => {
  const { connect, cloud, person } = await world();
  const anna = await person('anna');
  const early = await openClient(cloud.url, anna);
  await early.snapshot();
  const connector = await connect();
  expect(await connector.event('clients.snapshot')).toMatchObject({
    clients: [{ clientId: early.clientId }],
  });
  const late = await openClient(cloud.url, await person('ben'));
  expect(await connector.event('client.joined')).toMatchObject({ clientId: late.clientId });
  early.socket.close();
  expect(await connector.event('client.left')).toMatchObject({ clientId: early.clientId });
});

test('ten thousand clients are told in pages, each within a frame; who joins meanwhile follows the last', async () => {
  const bus = createInProcessBus({ onError: () => {} });
  onTestFinished(() => bus.close());
  const { connect, admin, cloud, person } = await world({ bus });
  const userId = await admin.userId('ben@acme.example');
  const clients = Array.from({ length: 10_000 }, (_, index) => ({
    userId,
    clientId: ClientId.parse(`window-${'x'.repeat(30)}-${index}`),
  }));
  const anna = await person('anna');
  // Another node of the cloud, with sockets of its own.
  bus.respond(rollCallTopic('acme' as TenantId), async () => {
    const late = await openClient(cloud.url, anna, { clientId: 'late' });
    await late.snapshot();
    return { clients };
  });
  const connector = await connect();
  const heard: string[] = [];
  let pages = 0;
  for (let more = true; more; pages += 1) {
    const page = linkEvents['clients.snapshot'].parse(await connector.event('clients.snapshot'));
    heard.push(...page.clients.map(({ clientId }) => clientId));
    ({ more } = page);
  }
  expect(pages).toBeGreaterThanOrEqual(4);
  expect(heard.toSorted()).toEqual(clients.map(({ clientId }) => clientId).toSorted());
  expect(await connector.event('client.joined')).toMatchObject({ clientId: 'late' });
  expect(connector.socket.readyState).toBe(connector.socket.OPEN);
});

test('a connector without clients is told so in one page', async () => {
  const { connect } = await world();
  expect(await (await connect()).event('clients.snapshot')).toEqual({ clients: [], more: false });
});

test('a connector that does not answer in time is a timeout, and one that goes is offline', async () => {
  const { connect, cloud, person } = await world({ timings: { requestTimeout: 200 } });
  const connector = await connect();
  await connector.frame('welcome');
  const anna = await openClient(cloud.url, await person('anna'));
  await anna.snapshot();
  await expect(anna.call('call.place', placeParams('600'))).rejects.toMatchObject({ code: 'timeout' });
  const waiting = anna.call('call.hold', { callId: 'c' as never });
  await connector.frame('request');
  connector.socket.terminate();
  await expect(waiting).rejects.toMatchObject({ code: 'connector_offline' });
});

test('what a connector refuses comes back with its code', async () => {
  const { OffhookError } = await import('@offhook/contract');
  const { connect, cloud, person } = await world();
  await connect({
    'call.answer': () => {
      throw new OffhookError('call_already_answered');
    },
  });
  const anna = await openClient(cloud.url, await person('anna'));
  const params = { callId: 'c' as never, offer: 'v=0' };
  await expect(anna.call('call.answer', params)).rejects.toMatchObject({ code: 'call_already_answered' });
});

test('an answer of the wrong shape is internal for the client and does not end the link', async () => {
  const { connect, cloud, person } = await world();
  const connector = await connect({ 'call.place': () => ({ nonsense: true }) as never });
  const anna = await openClient(cloud.url, await person('anna'));
  await anna.snapshot();
  await expect(anna.call('call.place', placeParams('600'))).rejects.toMatchObject({ code: 'internal' });
  await connector.call('config.get', {});
});

test('requests of a client reach the connector in their order', async () => {
  const { connect, cloud, person } = await world();
  const order: string[] = [];
  await connect({
    'call.place': (params) => {
      order.push('place');
      return { call: linkCall({ position: heldBy(params.clientId) }), media: mediaAnswer };
    },
    'call.candidate': ({ candidate }) => {
      order.push(candidate.candidate);
      return {};
    },
  });
  const anna = await openClient(cloud.url, await person('anna'));
  await anna.snapshot();
  const candidate = (name: string) =>
    anna.call('call.candidate', {
      callId: 'call-1' as never,
      legId: mediaAnswer.legId,
      candidate: { candidate: name, mid: '0' },
    });
  const names = Array.from({ length: 30 }, (_, index) => `candidate ${index}`);
  await Promise.all([anna.call('call.place', placeParams('600')), ...names.map(candidate)]);
  expect(order).toEqual(['place', ...names]);
});

test('events about users of another connector are not passed on', async () => {
  const { admin, cloud, person } = await world();
  const [office] = tenantFile('acme').connectors;
  await admin.apply(tenantFile('acme', { connectors: [office, { ...office, name: 'Branch' }], users: [] }));
  const branch = await openConnector(cloud.url, (await admin.createKey('acme', 'Branch')).key);
  await branch.event('clients.snapshot');
  const anna = await openClient(cloud.url, await person('anna'));
  await anna.snapshot();
  const userId = await admin.userId('anna@acme.example');
  branch.tell('call.changed', { userId, revision: { epoch: branch.epoch, rev: 1 }, call: linkCall() });
  branch.tell('line.changed', { userId, line: { number: '1', state: 'failed' } });
  await branch.ask('config.get', {});
  await anna.call('ping', {});
  expect(anna.pending()).toEqual(['welcome']);
});
