import { Overview, type TenantId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { hourOf, HOUR_MS } from '../connectors/hours.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { callRecord, openConnector, signIn } from '../testing/peers.ts';
import { createOverviewStore } from './store.ts';

const server = useTestServer();

async function world(file: Record<string, unknown> = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme', file));
  const cloud = await startCloud(url, admin.secrets);
  const person = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const overview = async () => Overview.parse(await (await person.get('/api/admin/overview')).json());
  return { url, admin, cloud, person, overview };
}

test('of a new tenant: nothing is set up, and the charts are empty but whole', async () => {
  const administrator = tenantFile('acme').users.at(-1);
  const { overview } = await world({ connectors: [], users: [administrator] });
  const { guide, connectors, seats, users, hours, seatDays } = await overview();
  expect(guide.map(({ step, done }) => [step, done])).toEqual([
    ['platform', false],
    ['connector', false],
    ['users', false],
    ['sign_in', false],
    ['support', false],
  ]);
  expect({ connectors, seats, users }).toEqual({
    connectors: [],
    seats: { used: 0 },
    users: { active: 1, invited: 0, disabled: 0 },
  });
  expect(hours).toHaveLength(48);
  expect(hours.at(-1)).toEqual({ at: hourOf(Date.now()), lines: 0, registered: 0, calls: 0 });
  expect(seatDays).toEqual([{ day: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/u) as string, used: 0 }]);
});

test('of one that is set up: each step is done when it is so, and calls count in the hour in which they began', async () => {
  const { url, admin, cloud, overview } = await world();
  const { key } = await admin.createKey('acme');
  const connector = await openConnector(cloud.url, key);
  connector.tell('status', { lines: 2, registered: 2, calls: 0, spooledRecords: 0 });
  const annaId = await admin.userId('anna@acme.example');
  const now = Date.now();
  const record = (id: string, startedAt: number) =>
    callRecord(annaId, id, { startedAt, answeredAt: startedAt, endedAt: startedAt + 1 });
  const records = [record('r1', now), record('r2', now), record('r3', now - 3 * HOUR_MS)];
  await connector.call('records.append', { records });
  await connector.call('records.append', { records });
  connector.socket.close();
  await connector.closed;
  await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await server.query(
    url,
    `UPDATE tenants SET support_address = 'help@acme.example' WHERE tenant_id = 'acme'`,
  );
  await expect
    .poll(async () => (await overview()).hours.filter(({ lines, calls }) => lines > 0 || calls > 0))
    .toEqual([
      { at: hourOf(now - 3 * HOUR_MS), lines: 0, registered: 0, calls: 1 },
      { at: hourOf(now), lines: 2, registered: 2, calls: 2 },
    ]);
  const seen = await overview();
  expect(seen.guide.every(({ done }) => done)).toBe(true);
  expect(seen).toMatchObject({ seats: { used: 2 }, connectors: [{ name: 'Office', online: false }] });
  expect(seen.seatDays.at(-1)).toMatchObject({ used: 2 });
});

test('samples older than 90 days go when a new hour begins', async () => {
  const { url, admin, cloud } = await world();
  const connectorId = await admin.connectorId('acme');
  const old = hourOf(Date.now()) - 91 * 24 * HOUR_MS;
  await server.query(url, `INSERT INTO connector_hours VALUES ('acme', $1, $2, 1, 1, 1)`, [connectorId, old]);
  const { key } = await admin.createKey('acme');
  const connector = await openConnector(cloud.url, key);
  await connector.frame('welcome');
  await expect
    .poll(() => server.query(url, 'SELECT hour FROM connector_hours'))
    .toEqual([{ hour: String(hourOf(Date.now())) }]);
});

test('is quick with 50,000 users', async () => {
  const { admin, url } = await world();
  await server.query(
    url,
    `INSERT INTO users (tenant_id, user_id, email, name, role, activated_at)
     SELECT 'acme', 'u' || n, 'u' || n || '@many.example', 'U', 'user', CASE WHEN n % 3 = 0 THEN NULL ELSE 1 END
       FROM generate_series(1, 50000) n`,
  );
  await server.query(
    url,
    `INSERT INTO lines (tenant_id, line_id, connector_id, user_id, number, display_name, auth_user, secret)
     SELECT 'acme', 'l' || n, (SELECT connector_id FROM connectors), 'u' || n, n::text, '', '', ''
       FROM generate_series(1000, 41000) n`,
  );
  const store = createOverviewStore(admin.database);
  const took: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const before = performance.now();
    const { seats, users } = await store.read('acme' as TenantId, Date.now());
    took.push(performance.now() - before);
    expect(seats.used).toBe(40_003);
    expect(users).toMatchObject({ invited: 16_666 });
  }
  // Some tens of milliseconds; the bound leaves room for a busy machine.
  expect(Math.min(...took)).toBeLessThan(1_500);
});
