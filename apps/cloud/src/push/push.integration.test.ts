import { pushClientId, type LinkCall } from '@offhook/contract';
import { openPushService } from '@offhook/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { linkCall, openConnector, signIn, type ConnectorAnswers } from '../testing/peers.ts';
import { SUBSCRIPTIONS_PER_USER } from './store.ts';

const server = useTestServer();
const subject = 'mailto:phone@example.com';

async function world(options: Parameters<typeof startCloud>[2] = { push: { subject, allowPrivate: true } }) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets, options);
  const userId = await admin.userId('anna@acme.example');
  const subscriptions = () => server.query(url, 'SELECT * FROM push_subscriptions');
  const pushes = await openPushService();
  onTestFinished(pushes.close);
  const enter = () => signIn(cloud.url, 'anna@acme.example', 'anna-password');
  return {
    cloud,
    userId,
    subscriptions,
    enter,
    anna: await enter(),
    pushes,
    connect: (answers?: ConnectorAnswers) => openConnector(cloud.url, key, answers),
  };
}

const incoming = (overrides: Partial<LinkCall> = {}) =>
  linkCall({
    direction: 'incoming',
    state: { name: 'ringing' },
    rings: ['clients'],
    permitted: { owner: [], others: ['answer', 'reject'] },
    ...overrides,
  });
const ended = (cause: Extract<LinkCall['state'], { name: 'ended' }>['cause']) =>
  incoming({ state: { name: 'ended', endedAt: 2_000, cause }, rings: [] });

test('[D2] a call that rings is pushed, sealed for the browser alone and signed; missed, it is said once more', async () => {
  const { anna, userId, connect, pushes } = await world();
  const offer = (await (await anna.get('/api/push')).json()) as { publicKey: string };
  expect((await anna.post('/api/push/subscription', pushes.browser())).status).toBe(204);
  const connector = await connect();
  await connector.event('clients.snapshot');
  let rev = 0;
  const tell = (call: LinkCall) =>
    connector.tell('call.changed', { userId, revision: { epoch: connector.epoch, rev: (rev += 1) }, call });

  tell(incoming());
  tell(incoming({ remote: { number: '102', name: 'another' } }));
  const ringing = await pushes.next();
  expect(ringing.message).toEqual({ kind: 'ringing', callId: 'call-1', name: 'Ben Carter', number: '102' });
  expect(ringing.vapid).toMatchObject({ publicKey: offer.publicKey, sub: subject });
  expect(ringing.headers).toMatchObject({ ttl: '30', urgency: 'high', 'content-encoding': 'aes128gcm' });

  tell(ended('cancelled'));
  const missed = await pushes.next();
  expect(missed.message).toEqual({ kind: 'missed', callId: 'call-1', name: 'Ben Carter', number: '102' });
  // What the browser has not fetched yet is taken the place of.
  expect(missed.headers['topic']).toBe(ringing.headers['topic']);
});

test('[D2] one that is taken elsewhere is withdrawn, and one that rings at the desk phone alone is not pushed', async () => {
  const { anna, userId, connect, pushes } = await world();
  await anna.post('/api/push/subscription', pushes.browser());
  const connector = await connect();
  await connector.event('clients.snapshot');
  const revision = { epoch: connector.epoch, rev: 1 };
  connector.tell('call.changed', {
    userId,
    revision,
    call: incoming({ callId: 'at-desk' as LinkCall['callId'], rings: ['desk_phone'] }),
  });
  connector.tell('call.changed', { userId, revision, call: incoming() });
  connector.tell('call.changed', { userId, revision, call: ended('answered_elsewhere') });
  expect((await pushes.next()).message).toMatchObject({ kind: 'ringing', callId: 'call-1' });
  expect((await pushes.next()).message).toEqual({ kind: 'over', callId: 'call-1' });
});

test('[D2] who is reached by push counts as one who has a client, until the session ends', async () => {
  const { anna, userId, connect, pushes, subscriptions } = await world();
  const clientId = pushClientId(userId);
  const connector = await connect();
  expect(await connector.event('clients.snapshot')).toMatchObject({ clients: [] });
  await anna.post('/api/push/subscription', pushes.browser());
  expect(await connector.event('client.joined')).toEqual({ userId, clientId });
  connector.socket.terminate();
  const again = await connect();
  expect(await again.event('clients.snapshot')).toMatchObject({ clients: [{ userId, clientId }] });

  await anna.delete('/api/push/subscription');
  expect(await again.event('client.left')).toEqual({ userId, clientId });
  await anna.post('/api/push/subscription', pushes.browser());
  expect(await subscriptions()).toHaveLength(1);
  await anna.delete('/api/session');
  expect(await subscriptions()).toEqual([]);
});

test('[D2] a subscription that the browser has given up is removed', async () => {
  const { anna, userId, connect, pushes, subscriptions } = await world();
  const gone = pushes.browser();
  await anna.post('/api/push/subscription', gone);
  pushes.answer(gone, 410);
  const connector = await connect();
  await connector.event('clients.snapshot');
  connector.tell('call.changed', { userId, revision: { epoch: connector.epoch, rev: 1 }, call: incoming() });
  expect(await connector.event('client.left')).toMatchObject({ userId });
  expect(await subscriptions()).toEqual([]);
});

test('a person has so many browsers and no more, and one browser belongs to who signed in there last', async () => {
  const { enter, pushes, subscriptions } = await world();
  const shared = pushes.browser();
  for (let count = 0; count < SUBSCRIPTIONS_PER_USER + 2; count += 1) {
    const person = await enter();
    await person.post('/api/push/subscription', count < 2 ? shared : pushes.browser());
  }
  expect(await subscriptions()).toHaveLength(SUBSCRIPTIONS_PER_USER);
});

test('[D2] Reject in a notification needs no window', async () => {
  const { anna, userId, connect } = await world();
  const asked: unknown[] = [];
  const connector = await connect({
    'call.reject': (params) => {
      asked.push(params);
      return { call: incoming() };
    },
  });
  await connector.event('clients.snapshot');
  expect((await anna.post('/api/calls/call-1/reject')).status).toBe(204);
  expect(asked).toEqual([{ userId, clientId: pushClientId(userId), callId: 'call-1' }]);
});

test('switched off there is no key, nothing to subscribe to, and nobody is reached so; private addresses need a word of the operator', async () => {
  const off = await world({});
  expect(await (await off.anna.get('/api/push')).json()).toEqual({});
  expect((await off.anna.post('/api/push/subscription', off.pushes.browser())).status).toBe(404);
  const strict = await world({ push: { subject, allowPrivate: false } });
  const refused = await strict.anna.post('/api/push/subscription', strict.pushes.browser());
  expect(refused.status).toBe(400);
  expect(await strict.subscriptions()).toEqual([]);
});
