import { expect, test, vi } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import {
  callRecord,
  heldBy,
  linkCall,
  openClient,
  openConnector,
  person,
  placeParams,
  signIn,
  mediaAnswer,
} from '../testing/peers.ts';

const server = useTestServer();
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key, keyId } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const session = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const connector = await openConnector(cloud.url, key, {
    'call.place': ({ clientId }) => ({ call: linkCall({ position: heldBy(clientId) }), media: mediaAnswer }),
  });
  await connector.event('clients.snapshot');
  const anna = await openClient(cloud.url, session);
  await anna.snapshot();
  return {
    url,
    admin,
    cloud,
    keyId,
    session,
    connector,
    anna,
    annaId: await admin.userId('anna@acme.example'),
    goAway: () => server.setReachable(url, false),
    /** Resolves when the cloud has noticed. */
    comeBack: async () => {
      await server.setReachable(url, true);
      await vi.waitUntil(() => cloud.logs.some((line) => line.includes('the database is back')), {
        timeout: 30_000,
      });
    },
  };
}

test('while the database is away sockets stay, calls are made, and what needs it is answered unavailable', async () => {
  const { cloud, session, connector, anna, annaId, goAway, comeBack } = await world();
  await goAway();
  const readiness = await person(cloud.url).get('/readyz');
  expect(readiness.status).toBe(503);
  expect(await codeOf(readiness)).toBe('unavailable');
  expect((await person(cloud.url).get('/healthz')).status).toBe(200);
  const history = await session.get('/api/history');
  expect(history.status).toBe(503);
  expect(history.headers.get('retry-after')).toBe('2');
  expect(await codeOf(history)).toBe('unavailable');
  expect(
    await codeOf(
      await session.post('/api/session', { email: 'anna@acme.example', password: 'anna-password' }),
    ),
  ).toBe('unavailable');
  await expect(
    connector.ask('records.append', { records: [callRecord(annaId, 'r1')] }),
  ).rejects.toMatchObject({
    code: 'unavailable',
  });

  const { call } = await anna.call('call.place', placeParams('102'));
  expect(call).toMatchObject({ position: 'here', remote: { name: 'Ben Carter' } });
  connector.tell('call.changed', {
    userId: annaId,
    revision: { epoch: connector.epoch, rev: 1 },
    call: linkCall(),
  });
  expect(await anna.event('call.changed')).toMatchObject({ call: { remote: { name: 'Ben Carter' } } });
  expect(await anna.call('snapshot.get', {})).toMatchObject({ connector: 'online', calls: { known: true } });
  expect((await anna.call('directory.search', { query: 'ben', limit: 5 })).entries).toHaveLength(1);

  await comeBack();
  expect(await connector.ask('records.append', { records: [callRecord(annaId, 'r1')] })).toEqual({
    accepted: ['r1'],
    refused: [],
  });
  expect(await anna.event('history.added')).toMatchObject({ entry: { recordId: 'r1' } });
  expect((await session.get('/api/history')).status).toBe(200);
});

test('a client that comes while the database is away is told to come again', async () => {
  const { cloud, session, goAway, comeBack } = await world();
  await goAway();
  const late = await openClient(cloud.url, session, { hello: false });
  expect(await late.frame('refused')).toMatchObject({ error: { code: 'unavailable' } });
  expect(await late.closed).toBe(1001);
  await comeBack();
  await (await openClient(cloud.url, session)).snapshot();
});

test('what was revoked while the cloud could not hear it ends when the database is back', async () => {
  const { url, admin, keyId, session, connector, anna, goAway, comeBack } = await world();
  // Without a notice, as for a cloud that has lost its way to the database. Not after it: the way may be back sooner.
  await server.query(url, 'UPDATE api_keys SET revoked_at = 1 WHERE key_id = $1', [keyId]);
  await server.query(url, 'DELETE FROM sessions');
  await goAway();
  await comeBack();
  expect(await connector.frame('refused')).toMatchObject({ error: { code: 'api_key_revoked' } });
  expect(await connector.closed).toBe(4401);
  expect(await anna.event('session.ended')).toEqual({ reason: 'revoked' });
  expect(await anna.closed).toBe(4401);
  expect(await codeOf(await session.get('/api/history'))).toBe('unauthenticated');
  expect(admin.secrets).toBeDefined();
});

test('what cannot be looked at after a gap is looked at again until it can; the rest is not held up', async () => {
  const { url, cloud, keyId, connector, anna } = await world();
  const logged = (text: string) =>
    vi.waitUntil(() => cloud.logs.some((line) => line.includes(text)), { timeout: 30_000 });
  await server.query(url, 'REVOKE SELECT ON sessions FROM offhook_app');
  // Nobody is told of these.
  await server.query(url, 'UPDATE api_keys SET revoked_at = 1 WHERE key_id = $1', [keyId]);
  await server.query(url, 'DELETE FROM sessions');
  await server.query(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'offhook-cloud-changes'`,
  );
  expect(await connector.frame('refused')).toMatchObject({ error: { code: 'api_key_revoked' } });
  await logged('it is tried again');
  expect(anna.pending()).not.toContain('session.ended');
  await server.query(url, 'GRANT SELECT ON sessions TO offhook_app');
  expect(await anna.event('session.ended')).toEqual({ reason: 'revoked' });
});

test('a backend that is killed in the middle of a transaction ends that request alone', async () => {
  const { url, admin, session } = await world();
  const broken = admin.database.inTenant(
    'acme' as Parameters<typeof admin.database.inTenant>[0],
    async (trx) => {
      await server.query(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      return trx.selectFrom('users').selectAll().execute();
    },
  );
  await expect(broken).rejects.toMatchObject({ code: 'unavailable' });
  expect((await session.get('/api/session')).status).toBe(200);
});
