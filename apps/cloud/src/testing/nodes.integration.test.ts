import { CloseCode } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { createInProcessBus } from '../bus/in-process.ts';
import { openAdmin, startCloud, tenantFile } from './cloud.ts';
import { useTestServer } from './database.ts';
import {
  callRecord,
  heldBy,
  linkCall,
  mediaAnswer,
  openClient,
  openConnector,
  person,
  placeParams,
  signIn,
} from './peers.ts';

const server = useTestServer();

/** Two nodes that share nothing but the database and the bus. */
async function twoNodes() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const created = await admin.createKey('acme');
  const errors: unknown[] = [];
  const bus = createInProcessBus({ onError: (error) => errors.push(error) });
  onTestFinished(() => bus.close());
  const [left, right] = [
    await startCloud(url, admin.secrets, { bus }),
    await startCloud(url, admin.secrets, { bus }),
  ];
  const anna = await signIn(left.url, 'anna@acme.example', 'anna-password');
  return { admin, ...created, left, right, anna, errors, annaId: await admin.userId('anna@acme.example') };
}

test('a client of one node calls over the connector link of another, and hears of the call', async () => {
  const { key, left, right, anna, annaId, errors } = await twoNodes();
  const client = await openClient(left.url, anna);
  expect(await client.snapshot()).toMatchObject({ connector: 'offline' });
  const connector = await openConnector(right.url, key, {
    'call.place': ({ clientId }) => ({ call: linkCall({ position: heldBy(clientId) }), media: mediaAnswer }),
  });
  expect(await client.event('connector.changed')).toEqual({ connector: 'online' });
  expect(await client.snapshot()).toMatchObject({ connector: 'online', calls: { known: true } });
  expect(await connector.event('clients.snapshot')).toMatchObject({
    clients: [{ clientId: client.clientId }],
  });
  expect((await client.call('call.place', placeParams('102'))).call.position).toBe('here');
  const revision = { epoch: connector.epoch, rev: 1 };
  connector.tell('call.changed', { userId: annaId, revision, call: linkCall() });
  expect(await client.event('call.changed')).toMatchObject({ revision });
  await connector.call('records.append', { records: [callRecord(annaId, 'r1')] });
  expect(await client.event('history.added')).toMatchObject({ entry: { recordId: 'r1' } });
  const late = await openClient(right.url, anna);
  expect(await connector.event('client.joined')).toMatchObject({ clientId: late.clientId });
  expect(errors).toEqual([]);
});

test('a client or connector that comes back at another node replaces its socket at the first', async () => {
  const { key, left, right, anna } = await twoNodes();
  const connector = await openConnector(left.url, key);
  await connector.event('clients.snapshot');
  const client = await openClient(left.url, anna, { clientId: 'tab' });
  await client.snapshot();
  const clientAgain = await openClient(right.url, anna, { clientId: 'tab' });
  expect(await client.closed).toBe(CloseCode.Replaced);
  await clientAgain.snapshot();
  const connectorAgain = await openConnector(right.url, key);
  expect(await connector.closed).toBe(CloseCode.Replaced);
  expect(await connectorAgain.event('clients.snapshot')).toMatchObject({ clients: [{ clientId: 'tab' }] });
  await clientAgain.call('ping', {});
  expect(connector.pending()).not.toContain('client.left');
});

test('signing out and revoking reach every node, and either tells who is online', async () => {
  const { admin, key, keyId, left, right, anna } = await twoNodes();
  const connector = await openConnector(right.url, key);
  await connector.event('clients.snapshot');
  const client = await openClient(right.url, anna);
  await client.snapshot();
  const administrator = await signIn(left.url, 'admin@acme.example', 'admin-password');
  expect(await (await administrator.get('/api/admin/connectors')).json()).toMatchObject({
    connectors: [{ online: true, version: '0.0.0-test' }],
  });
  expect((await anna.delete('/api/session')).status).toBe(204);
  expect(await client.event('session.ended')).toEqual({ reason: 'signed_out' });
  await admin.revokeKey('acme', keyId);
  expect(await connector.closed).toBe(CloseCode.Unauthenticated);
  expect((await person(right.url, anna.cookie).get('/api/history')).status).toBe(401);
});

test('when a node stops, its clients leave and the others stay', async () => {
  const { key, left, right, anna } = await twoNodes();
  const connector = await openConnector(right.url, key);
  await connector.event('clients.snapshot');
  const [going, staying] = [await openClient(left.url, anna), await openClient(right.url, anna)];
  await Promise.all([going.snapshot(), staying.snapshot()]);
  await left.close();
  expect(await going.closed).toBe(CloseCode.GoingAway);
  expect(await connector.event('client.left')).toMatchObject({ clientId: going.clientId });
  await staying.call('ping', {});
});
