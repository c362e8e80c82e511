import { expect, test } from 'vitest';
import { commandLine } from '../audit/audit.ts';
import { createSignInStore } from '../sign-in/store.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openClient, openConnector, person, signIn } from '../testing/peers.ts';
import { createUserWriter, writeUsers } from './writer.ts';

const server = useTestServer();
const credentials = { email: 'anna@acme.example', password: 'anna-password' };

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const writer = createUserWriter({ secrets: admin.secrets });
  const setDisabled = async (disabled: boolean) => {
    const account = await createSignInStore(admin.database).findAccount(credentials.email);
    if (account === undefined) throw new Error('Anna is not there');
    const { tenantId, userId } = account;
    return writeUsers(admin.database, writer, tenantId, (trx) =>
      writer.setDisabled(trx, tenantId, commandLine, userId, disabled),
    );
  };
  const connector = await openConnector(cloud.url, key);
  await connector.event('clients.snapshot');
  const numbers = async () =>
    (await connector.call('config.get', {})).lines.map(({ number }) => number).toSorted();
  return { url, admin, cloud, connector, numbers, setDisabled };
}

test('a disabled user is out at once: sessions, sockets, sign-in, line and directory', async () => {
  const { cloud, connector, numbers, setDisabled } = await world();
  const session = await signIn(cloud.url, credentials.email, credentials.password);
  const anna = await openClient(cloud.url, session);
  await anna.snapshot();
  const ben = await openClient(cloud.url, await signIn(cloud.url, 'ben@acme.example', 'ben-password'));
  await ben.snapshot();
  const { revision } = await connector.call('config.get', {});
  expect(await numbers()).toEqual(['101', '102']);

  expect(await setDisabled(true)).toBe(true);
  expect(await anna.event('session.ended')).toEqual({ reason: 'revoked' });
  expect(await anna.closed).toBe(4401);
  expect((await session.get('/api/history')).status).toBe(401);
  const refused = await person(cloud.url).post('/api/session', credentials);
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { code: 'invalid_credentials' } });
  expect(await connector.event('config.changed')).toEqual({ revision: revision + 1 });
  expect(await numbers()).toEqual(['102']);
  expect(await ben.call('directory.search', { query: 'anna', limit: 5 })).toEqual({ entries: [] });
});

test('enabled again, the user is as before; what changes nothing is not told', async () => {
  const { url, admin, cloud, connector, numbers, setDisabled } = await world();
  await setDisabled(true);
  expect(await setDisabled(true)).toBe(false);
  // The file does not say who is disabled: applying it lets nobody in.
  await admin.apply(
    tenantFile('acme', { users: [{ ...tenantFile('acme').users[0], name: 'Anna Neumann' }] }),
  );
  expect((await person(cloud.url).post('/api/session', credentials)).status).toBe(401);
  expect(await setDisabled(false)).toBe(true);
  // Disabled, renamed, enabled.
  for (let change = 0; change < 3; change += 1) await connector.event('config.changed');
  expect(await numbers()).toEqual(['101', '102']);
  const anna = await openClient(cloud.url, await signIn(cloud.url, credentials.email, credentials.password));
  expect((await anna.snapshot()).me).toMatchObject({ name: 'Anna Neumann', number: '101' });
  const audit = await server.query<{ action: string }>(
    url,
    `SELECT action FROM audit_log WHERE subject_name = 'anna@acme.example' ORDER BY audit_id`,
  );
  expect(audit.map(({ action }) => action)).toEqual([
    'user.create',
    // Her line.
    'user.change',
    'user.disable',
    'user.change',
    'user.enable',
  ]);
});
