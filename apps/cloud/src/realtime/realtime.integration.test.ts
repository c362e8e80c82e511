import { ClientId, CloseCode, PROTOCOL_VERSION, type Snapshot } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import {
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
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  return {
    admin,
    cloud,
    key,
    keyId,
    anna,
    databaseUrl: url,
    connect: (answers?: ConnectorAnswers) => openConnector(cloud.url, key, answers),
    client: (clientId?: string) => openClient(cloud.url, anna, clientId === undefined ? {} : { clientId }),
  };
}

test('a call goes from the client to the connector and its events come back, with the colleague named', async () => {
  const { connect, client, admin } = await world();
  const asked: unknown[] = [];
  const connector = await connect({
    'call.place': (params) => {
      asked.push(params);
      return { call: linkCall({ position: heldBy(params.clientId) }), media: mediaAnswer };
    },
  });
  await connector.frame('welcome');
  const anna = await client();
  expect((await anna.frame('welcome'))['protocol']).toBe(PROTOCOL_VERSION);
  expect(await anna.snapshot()).toMatchObject({
    me: { email: 'anna@acme.example', name: 'Anna Berger', number: '101', tenantName: 'Tenant acme' },
    connector: 'online',
    calls: { known: true, list: [] },
  });

  const userId = await admin.userId('anna@acme.example');
  const ben = await admin.userId('ben@acme.example');
  const { call, media } = await anna.call('call.place', placeParams('102'));
  expect(asked).toEqual([{ ...placeParams('102'), userId, clientId: anna.clientId }]);
  expect(media).toEqual(mediaAnswer);
  expect(call).toMatchObject({
    position: 'here',
    permitted: ['hangUp', 'mute'],
    remote: { number: '102', name: 'Ben Carter', userId: ben },
  });

  const revision = { epoch: connector.epoch, rev: 1 };
  const ringing = linkCall({ position: heldBy(anna.clientId), state: { name: 'ringing' } });
  connector.tell('call.changed', { userId, revision, call: ringing });
  expect(await anna.event('call.changed')).toMatchObject({
    revision,
    call: { state: { name: 'ringing' }, remote: { name: 'Ben Carter' }, position: 'here' },
  });
});

test('two clients of a user both get the events, each seen from its side', async () => {
  const { connect, client, admin } = await world();
  const connector = await connect();
  await connector.frame('welcome');
  const [first, second] = [await client(), await client()];
  await Promise.all([first.snapshot(), second.snapshot()]);
  const userId = await admin.userId('anna@acme.example');
  const call = linkCall({ position: heldBy(first.clientId) });
  connector.tell('call.changed', { userId, revision: { epoch: connector.epoch, rev: 1 }, call });
  expect(await first.event('call.changed')).toMatchObject({
    call: { position: 'here', permitted: ['hangUp', 'mute'] },
  });
  expect(await second.event('call.changed')).toMatchObject({
    call: { position: 'other_client', permitted: ['pull'] },
  });
});

test('a client that comes back replaces its older socket', async () => {
  const { connect, client } = await world();
  const connector = await connect();
  await connector.event('clients.snapshot');
  const first = await client('tab-1');
  await first.snapshot();
  expect(await connector.event('client.joined')).toMatchObject({ clientId: 'tab-1' });
  const second = await client('tab-1');
  await second.snapshot();
  expect(await first.closed).toBe(CloseCode.Replaced);
  await second.call('ping', {});
  expect(connector.pending()).not.toContain('client.left');
});

test('without a connector a request is answered connector_offline, and a link that comes up brings a new snapshot', async () => {
  const { connect, client } = await world();
  const anna = await client();
  expect(await anna.snapshot()).toMatchObject({ connector: 'offline', calls: { known: false } });
  await expect(anna.call('call.place', placeParams('102'))).rejects.toMatchObject({
    code: 'connector_offline',
  });
  const connector = await connect();
  expect(await anna.event('connector.changed')).toEqual({ connector: 'online' });
  expect(await anna.snapshot()).toMatchObject({ connector: 'online', calls: { known: true } });
  expect(await connector.event('clients.snapshot')).toMatchObject({ clients: [{ clientId: anna.clientId }] });
  connector.socket.terminate();
  expect(await anna.event('connector.changed')).toEqual({ connector: 'offline' });
});

test('a user without a line is told so', async () => {
  const { cloud } = await world();
  const admin = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const client = await openClient(cloud.url, admin);
  expect(await client.snapshot()).toMatchObject({ connector: 'none' } satisfies Partial<Snapshot>);
  await expect(client.call('call.place', placeParams('102'))).rejects.toMatchObject({ code: 'no_line' });
  expect(ClientId.safeParse(client.clientId).success).toBe(true);
});
