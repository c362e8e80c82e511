import type { TenantId, UserId } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { commandLine, writeAudit, type Actor } from '../audit/audit.ts';
import { enqueueMail } from '../mail/outbox.ts';
import { createMetrics } from '../operations/metrics.ts';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { createUserWriter, writeUsers } from '../users/writer.ts';
import { startPrivacyJobs } from './jobs.ts';

const server = useTestServer();
const acme = 'acme' as TenantId;
const DAY = 86_400_000;
const NEVER = 2 ** 31 - 1;

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const clock = { now: Date.parse('2026-11-24T12:00:00Z') };
  const now = () => clock.now;
  const metrics = createMetrics();
  const logs: object[] = [];
  const node = () => {
    const log = { info: (fields: object) => void logs.push(fields), warn: () => {} };
    const batch = { people: 2, records: 3 };
    const jobs = startPrivacyJobs({ database: admin.database, metrics, log, every: NEVER, now, batch });
    onTestFinished(() => jobs.close());
    return jobs;
  };
  const writer = createUserWriter({ secrets: admin.secrets, now });
  const remove = (userId: UserId) =>
    writeUsers(admin.database, writer, acme, (trx) => writer.remove(trx, acme, commandLine, userId));
  const restore = (userId: UserId) =>
    writeUsers(admin.database, writer, acme, (trx) => writer.restore(trx, acme, commandLine, userId));
  const [anna, ben] = [await admin.userId('anna@acme.example'), await admin.userId('ben@acme.example')];
  let records = 0;
  const record = async (
    tenantId: string,
    userId: UserId,
    endedAt: number,
    remote?: { userId: UserId; name: string },
  ) => {
    records += 1;
    await server.query(
      url,
      `INSERT INTO call_records (tenant_id, record_id, user_id, connector_id, call_id, correlation_id, direction,
                                 remote_number, remote_name, remote_user_id, started_at, ended_at, cause)
       VALUES ($1, $2, $3, 'con', 'c', 'c', 'incoming', '101', $4, $5, $6, $6, 'completed')`,
      [tenantId, `rec-${records}`, userId, remote?.name ?? null, remote?.userId ?? null, endedAt],
    );
  };
  const count = async (what: string) =>
    (await server.query<{ n: number }>(url, `SELECT count(*)::int AS n FROM ${what}`))[0]?.n;
  const counted = async (name: string) =>
    (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value;
  return { url, admin, clock, node, remove, restore, anna, ben, record, count, counted, logs };
}

test('after the grace period a deleted person is gone, and nothing anywhere names them', async () => {
  const { url, admin, clock, node, remove, anna, ben, record, count, counted } = await world();
  const asAnna: Actor = {
    kind: 'person',
    id: anna,
    name: 'Anna Berger <anna@acme.example>',
    role: 'user',
    address: '192.0.2.7',
  };
  await admin.database.inTenant(acme, async (trx) => {
    const subject = { kind: 'user', id: ben, name: 'ben@acme.example' };
    await writeAudit(trx, acme, asAnna, { action: 'user.change', subject, after: { name: 'Ben Carter' } });
    const params = { name: 'Anna Berger', at: clock.now };
    const to = 'anna@acme.example';
    await enqueueMail(trx, admin.secrets, acme, { kind: 'password_changed', to, language: 'en', params });
  });
  await record('acme', anna, clock.now);
  await record('acme', ben, clock.now, { userId: anna, name: 'Anna Berger' });
  await record('acme', ben, clock.now, { userId: ben, name: 'Ben Carter' });
  await server.query(
    url,
    `UPDATE tenants SET terms_accepted_by = 'Anna Berger <anna@acme.example>' WHERE tenant_id = 'acme'`,
  );
  await remove(anna);
  const jobs = node();

  clock.now += 30 * DAY - 1;
  await jobs.run();
  expect(await count(`users WHERE name = 'Anna Berger' AND tenant_id = 'acme'`)).toBe(1);

  clock.now += 1;
  await jobs.run();
  // Every table there is, so that a new one cannot be forgotten.
  const tables = await server.query<{ name: string }>(
    url,
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'`,
  );
  expect(tables.length).toBeGreaterThan(10);
  const everything = await Promise.all(
    tables.map(({ name }) =>
      server.query<{ row: string }>(url, `SELECT t::text AS row FROM ${name} t WHERE tenant_id = 'acme'`),
    ),
  );
  expect(JSON.stringify(everything)).not.toMatch(/Anna|Berger|anna@acme|192\.0\.2\.7|sip-101/u);
  // Who called Ben stays known by number alone; what was done stays done, by somebody with an id.
  expect(
    await server.query(
      url,
      'SELECT remote_number, remote_name, remote_user_id FROM call_records ORDER BY record_id',
    ),
  ).toEqual([
    { remote_number: '101', remote_name: null, remote_user_id: null },
    { remote_number: '101', remote_name: 'Ben Carter', remote_user_id: ben },
  ]);
  const log = await server.query(
    url,
    `SELECT actor_name, action, subject_name, after FROM audit_log
      WHERE tenant_id = 'acme' AND (subject_id = $1 OR actor_id = $1) ORDER BY audit_id`,
    [anna],
  );
  expect(log).toMatchObject([
    { action: 'user.create', subject_name: anna, after: { name: '•••', email: '•••', role: 'user' } },
    { action: 'user.change', subject_name: anna, after: { 'line.number': '•••' } },
    { actor_name: anna, subject_name: 'ben@acme.example', after: { name: 'Ben Carter' } },
    { action: 'user.delete', subject_name: anna },
    { action: 'user.erase', actor_name: 'system', subject_name: anna },
  ]);
  expect(await counted('offhook_erased_people_total')).toBe(1);
  // The same name at another company is another person.
  expect(await count(`users WHERE name = 'Anna Berger'`)).toBe(1);
});

test('imports of an administrator who is gone name nobody; those of others are as they were', async () => {
  const { url, admin, clock, node, remove, anna, ben, count } = await world();
  const connectorId = await admin.connectorId('acme');
  for (const [importId, userId, name] of [
    ['imp_1', anna, 'Anna Berger <anna@acme.example>'],
    ['imp_2', ben, 'Ben Carter <ben@acme.example>'],
  ] as const) {
    const actor = { kind: 'person', id: userId, name, role: 'admin', address: '192.0.2.7' };
    await admin.database.inTenant(acme, (trx) =>
      trx
        .insertInto('imports')
        .values({
          tenant_id: acme,
          import_id: importId,
          file_name: 'people.csv',
          connector_id: connectorId,
          state: 'applied',
          mapping: null,
          created_by: name,
          actor: JSON.stringify(actor),
          created_at: clock.now,
          touched_at: clock.now,
        })
        .execute(),
    );
  }
  await remove(anna);
  clock.now += 30 * DAY;
  await node().run();
  expect(
    await server.query(
      url,
      `SELECT created_by, actor->>'name' AS actor, actor->>'address' AS address FROM imports ORDER BY import_id`,
    ),
  ).toEqual([
    { created_by: anna, actor: anna, address: null },
    {
      created_by: 'Ben Carter <ben@acme.example>',
      actor: 'Ben Carter <ben@acme.example>',
      address: '192.0.2.7',
    },
  ]);
  expect(await count(`users WHERE user_id = '${anna}'`)).toBe(0);
});

test('who is taken back in time stays; afterwards it is too late', async () => {
  const { clock, node, remove, restore, anna, count } = await world();
  await remove(anna);
  clock.now += 29 * DAY;
  await restore(anna);
  clock.now += 10 * DAY;
  await node().run();
  expect(await count(`users WHERE email = 'anna@acme.example'`)).toBe(1);
  await remove(anna);
  clock.now += 30 * DAY;
  await expect(restore(anna)).rejects.toMatchObject({ code: 'undo_expired' });
});

test('the tenant says how long: no grace at all is at once', async () => {
  const { url, node, remove, anna, ben, count } = await world();
  await server.query(url, `UPDATE tenants SET deletion_grace_days = 0 WHERE tenant_id = 'acme'`);
  await Promise.all([remove(anna), remove(ben)]);
  await node().run();
  expect(await count(`users WHERE tenant_id = 'acme'`)).toBe(1);
});

test('call records go after the time that their tenant keeps them, in batches', async () => {
  const { url, admin, clock, node, anna, record, count, counted } = await world();
  const other = await admin.userId('anna@other.example');
  await server.query(url, `UPDATE tenants SET call_retention_days = 30 WHERE tenant_id = 'acme'`);
  for (let age = 0; age < 10; age += 1) {
    await record('acme', anna, clock.now - (25 + age) * DAY);
    await record('other', other, clock.now - (25 + age) * DAY);
  }
  await node().run();
  // 25 to 30 days old; the other keeps them for a year.
  expect(await count(`call_records WHERE tenant_id = 'acme'`)).toBe(6);
  expect(await count(`call_records WHERE tenant_id = 'other'`)).toBe(10);
  clock.now += 340 * DAY;
  await node().run();
  expect(await count(`call_records WHERE tenant_id = 'acme'`)).toBe(0);
  expect(await count(`call_records WHERE tenant_id = 'other'`)).toBe(1);
  expect(await counted('offhook_expired_call_records_total')).toBe(19);
});

test('[H3] what is known of how calls sounded goes with the records of calls', async () => {
  const { url, clock, node, anna, count } = await world();
  await server.query(url, `UPDATE tenants SET call_retention_days = 30 WHERE tenant_id = 'acme'`);
  for (const days of [20, 29, 31, 90]) {
    await server.query(
      url,
      `INSERT INTO call_quality (tenant_id, report_id, user_id, call_id, ended_at, summary)
       VALUES ('acme', $1, $2, 'c', $3, '{}')`,
      [`rep-${days}`, anna, clock.now - days * DAY],
    );
  }
  await node().run();
  expect(await count('call_quality')).toBe(2);
});

test('of several nodes one works at a time', async () => {
  const { url, clock, node, remove, anna, ben, count, logs } = await world();
  await Promise.all([remove(anna), remove(ben)]);
  clock.now += 30 * DAY;
  await Promise.all([node().run(), node().run(), node().run()]);
  expect(await count(`users WHERE tenant_id = 'acme'`)).toBe(1);
  expect(await server.query(url, `SELECT 1 FROM audit_log WHERE action = 'user.erase'`)).toHaveLength(2);
  expect(logs.length).toBeGreaterThan(0);
});

test('one person who cannot be removed keeps neither others nor old records from going', async () => {
  const { url, clock, node, remove, anna, ben, record, count } = await world();
  await remove(anna);
  clock.now += 1;
  await remove(ben);
  const ada = (
    await server.query<{ user_id: UserId }>(
      url,
      `SELECT user_id FROM users WHERE email = 'admin@acme.example'`,
    )
  )[0];
  if (ada === undefined) throw new Error('there is no administrator');
  await record('acme', ada.user_id, clock.now - 400 * DAY);
  await server.query(
    url,
    `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a defect'; END; $$;
     CREATE TRIGGER keep BEFORE DELETE ON users FOR EACH ROW WHEN (OLD.user_id = '${anna}') EXECUTE FUNCTION keep()`,
  );
  clock.now += 31 * DAY;
  await node().run();
  expect(await count(`users WHERE user_id = '${anna}'`)).toBe(1);
  expect(await count(`users WHERE user_id = '${ben}'`)).toBe(0);
  expect(await count('call_records')).toBe(0);
});

test('the application can rewrite nothing that is not due', async () => {
  const { url, admin, clock, anna } = await world();
  const { rows } = await admin.database.pool.query<{ done: boolean }>(
    'SELECT pseudonymise_person($1, $2, $3) AS done',
    ['acme', anna, clock.now],
  );
  expect(rows).toEqual([{ done: false }]);
  for (const statement of [
    `UPDATE audit_log SET actor_name = 'x'`,
    'DELETE FROM audit_log',
    'DELETE FROM call_records',
  ]) {
    await expect(
      server.query(url, `BEGIN; SET LOCAL ROLE offhook_app; ${statement}; COMMIT`),
    ).rejects.toThrow('permission denied');
  }
});
