import { AuditEntry, AuditPage, type AuditAction, type TenantId } from '@offhook/contract';
import { CompiledQuery } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { signIn } from '../testing/peers.ts';
import { writeAudits, type Actor } from './audit.ts';
import { allEntries } from './export.ts';
import { createAuditStore } from './store.ts';

const server = useTestServer();
const acme = 'acme' as TenantId;
const ada: Actor = { kind: 'person', id: 'usr_ada', name: 'Ada Ådmin <ada@acme.example>', role: 'admin' };
const pia: Actor = { kind: 'person', id: 'usr_pia', name: 'Pia <pia@offhook.example>', role: 'provider' };

const act = (action: AuditAction, name: string) => ({
  action,
  subject: { kind: action.split('.')[0] ?? '', id: name, name },
});

async function world(on = server, owner: 'superuser' | 'ordinary' = 'superuser') {
  const { createDatabase } = on;
  const url = await createDatabase(owner);
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const write = (actor: Actor, acts: [action: AuditAction, name: string][], tenantId: string = acme) =>
    admin.database.inTenant(tenantId as TenantId, (trx) =>
      writeAudits(
        trx,
        tenantId as TenantId,
        actor,
        acts.map(([action, name]) => act(action, name)),
      ),
    );
  return { url, admin, write, store: createAuditStore(admin.database) };
}

async function served() {
  const all = await world();
  const provider = {
    tenant: { id: 'provider', name: 'Offhook' },
    users: [{ email: 'pia@offhook.example', name: 'Pia', role: 'admin', password: 'pia-password' }],
  };
  await all.admin.apply(provider);
  await server.query(all.url, `UPDATE users SET role = 'provider' WHERE email = 'pia@offhook.example'`);
  const cloud = await startCloud(all.url, all.admin.secrets);
  const people = {
    admin: await signIn(cloud.url, 'admin@acme.example', 'admin-password'),
    provider: await signIn(cloud.url, 'pia@offhook.example', 'pia-password'),
    anna: await signIn(cloud.url, 'anna@acme.example', 'anna-password'),
  };
  const page = async (path: string, who: keyof typeof people = 'admin') =>
    AuditPage.parse(await (await people[who].get(path)).json());
  const names = async (query: string) =>
    (await page(`/api/admin/audit?${query}`)).entries.map(({ subject }) => subject.name);
  return { ...all, cloud, people, page, names };
}

describe.each(['superuser', 'ordinary'] as const)('with a login role that is %s', (owner) => {
  // The roles are made by the first who migrates, and are theirs to give.
  const own = useTestServer();

  test('the log is only ever added to: neither the application nor who owns the tables can change or remove a line', async () => {
    const { admin, url } = await world(own, owner);
    const lines = () =>
      admin.database.inTenant(acme, (trx) => trx.selectFrom('audit_log').selectAll().execute());
    const before = await lines();
    expect(before.length).toBeGreaterThan(0);
    for (const text of [
      `UPDATE audit_log SET actor_name = 'nobody'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
      'TRUNCATE tenants CASCADE',
      'ALTER TABLE audit_log DISABLE TRIGGER ALL',
    ]) {
      const statement = CompiledQuery.raw(text);
      await expect(admin.database.inTenant(acme, (trx) => trx.executeQuery(statement))).rejects.toThrow(
        /permission denied|must be owner/u,
      );
      await expect(admin.database.asProvider((trx) => trx.executeQuery(statement))).rejects.toThrow(
        /permission denied|must be owner/u,
      );
    }
    // A query of the service that forgot to become the application's role.
    await expect(own.query(url, 'TRUNCATE audit_log')).rejects.toThrow('only ever added to');
    await expect(own.query(url, 'TRUNCATE tenants CASCADE')).rejects.toThrow('only ever added to');
    for (const text of [`UPDATE audit_log SET actor_name = 'nobody'`, 'DELETE FROM audit_log']) {
      // Who is no superuser does not even see the lines.
      const done = own.query(url, `${text} RETURNING 1`).catch((error: Error) => error.message);
      expect(await done).toEqual(owner === 'superuser' ? 'the audit log is only ever added to' : []);
    }
    expect(await lines()).toEqual(before);
  });

  test('with a tenant that goes for good goes its log', async () => {
    const { admin } = await world(own, owner);
    await admin.database.inTenant(acme, (trx) => trx.deleteFrom('tenants').execute());
    expect(
      await admin.database.inTenant(acme, (trx) => trx.selectFrom('audit_log').selectAll().execute()),
    ).toEqual([]);
    expect(
      await admin.database.inTenant('other' as TenantId, (trx) =>
        trx.selectFrom('audit_log').selectAll().execute(),
      ),
    ).not.toEqual([]);
  });
});

test('administrators look through what was done in their tenant: newest first, page by page', async () => {
  const { write, page } = await served();
  await write(
    ada,
    Array.from({ length: 7 }, (_, index) => ['user.create', `person ${index}`]),
  );
  const first = await page('/api/admin/audit?action=user.create&limit=3');
  expect(first.entries.map(({ subject }) => subject.name)).toEqual(['person 6', 'person 5', 'person 4']);
  expect(first.more).toBe(true);
  // What is written meanwhile moves no page.
  await write(ada, [['user.create', 'later']]);
  const second = await page(
    `/api/admin/audit?action=user.create&limit=3&before=${first.entries.at(-1)?.auditId}`,
  );
  expect(second.entries.map(({ subject }) => subject.name)).toEqual(['person 3', 'person 2', 'person 1']);
  expect(second.entries[0]).toMatchObject({
    actor: { kind: 'person', id: 'usr_ada', name: 'Ada Ådmin <ada@acme.example>', role: 'admin' },
    action: 'user.create',
    subject: { kind: 'user', id: 'person 3' },
  });
});

test('search is for beginnings of words, without accents, in who acted, the action and what it was done to', async () => {
  const { write, names } = await served();
  await write(ada, [
    ['api_key.revoke', 'Zürich, Süd'],
    ['connector.create', `O'Brien & "Söhne"`],
  ]);
  await write({ kind: 'system', id: '', name: 'system' }, [['user.delete', 'eve.engel@acme.example']]);
  expect(await names('search=zur')).toEqual(['Zürich, Süd']);
  expect(await names('search=SÜD%20revoke')).toEqual(['Zürich, Süd']);
  expect(await names('search=engel')).toEqual(['eve.engel@acme.example']);
  expect(await names(`search=${encodeURIComponent(`o'brien "sohne`)}`)).toEqual([`O'Brien & "Söhne"`]);
  expect(await names('search=adm%20key')).toEqual(['Zürich, Süd']);
  expect(await names('search=rich')).toEqual([]);
  expect(await names(`search=${encodeURIComponent("!!! ' & | :* \\")}`)).toEqual([]);
  expect(await names('action=api_key')).toEqual(['Zürich, Süd']);
  expect(await names('action=api_ke%25')).toEqual([]);
  expect(await names('actorId=usr_ada&search=s')).toEqual([`O'Brien & "Söhne"`, 'Zürich, Süd']);
});

test('days are those of the tenant; what is no day is refused in words', async () => {
  const { url, people, names } = await served();
  await server.query(url, `UPDATE tenants SET time_zone = 'Asia/Tokyo' WHERE tenant_id = 'acme'`);
  await server.query(
    url,
    `INSERT INTO audit_log (tenant_id, at, actor_name, action, subject_name)
       SELECT 'acme', a.at, 'x', 'day.test', a.name FROM unnest($1::bigint[], $2::text[]) AS a (at, name)`,
    [
      ['2025-06-09T14:59:59Z', '2025-06-09T15:00:00Z', '2025-06-10T14:59:59Z', '2025-06-10T15:00:00Z'].map(
        Date.parse,
      ),
      ['before', 'first', 'last', 'after'],
    ],
  );
  expect(await names('action=day&from=2025-06-10&to=2025-06-10')).toEqual(['last', 'first']);
  expect(await names('action=day&from=2025-06-11')).toEqual(['after']);
  for (const wrong of ['2025-02-30', '2025-13-01', '0000-01-01']) {
    const refused = await people.admin.get(`/api/admin/audit?to=${wrong}`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: 'bad_request', fields: ['querystring.to'] },
    });
    expect((await people.admin.get(`/api/admin/audit/export?from=${wrong}`)).status).toBe(400);
  }
});

test('the provider sees what its people did, in whatever tenant, and nothing that tenants did themselves', async () => {
  const { write, page, people } = await served();
  await write(pia, [['tenant.suspend', 'Tenant acme']]);
  await write(pia, [['tenant.change', 'Tenant other']], 'other');
  await write(ada, [['user.create', 'nobody else’s business']]);
  const { entries } = await page('/api/provider/audit', 'provider');
  expect(entries.map(({ subject }) => subject.name)).toEqual(['Tenant other', 'Tenant acme']);
  expect((await page('/api/provider/audit?search=susp', 'provider')).entries).toHaveLength(1);
  for (const path of ['/api/admin/audit', '/api/admin/audit/export', '/api/admin/usage']) {
    expect((await people.provider.get(path)).status).toBe(403);
    expect((await people.anna.get(path)).status).toBe(403);
  }
  for (const path of ['/api/provider/audit', '/api/provider/audit/export', '/api/provider/usage']) {
    expect((await people.admin.get(path)).status).toBe(403);
  }
});

test('exports have all of it, as CSV that no spreadsheet runs and as JSON lines', async () => {
  const { write, people, page } = await served();
  await write(
    ada,
    Array.from({ length: 1_234 }, (_, index) => ['connector.finding', `=HYPERLINK("${index}")`]),
  );
  const csv = await people.admin.get('/api/admin/audit/export?action=connector.finding');
  expect(csv.headers.get('content-type')).toMatch(/^text\/csv/u);
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"');
  const text = Buffer.from(await csv.arrayBuffer()).toString('utf8');
  expect(text.startsWith('\ufeffID,Time (UTC),')).toBe(true);
  const lines = text.trimEnd().split('\r\n');
  expect(lines).toHaveLength(1_235);
  expect(lines[1]).toContain(`"'=HYPERLINK(""1233"")"`);
  expect(text).not.toMatch(/(?:^|,)"?[=+\-@]/mu);

  const jsonl = await people.admin.get('/api/admin/audit/export?format=jsonl&action=connector.finding');
  const entries = (await jsonl.text())
    .trimEnd()
    .split('\n')
    .map((line) => AuditEntry.parse(JSON.parse(line)));
  expect(entries).toHaveLength(1_234);
  expect(entries.at(-1)?.subject.name).toBe('=HYPERLINK("0")');
  // Taking the log away is an act like others.
  const [told] = (await page('/api/admin/audit?action=audit.export')).entries;
  expect(told).toMatchObject({
    action: 'audit.export',
    after: { format: 'jsonl', action: 'connector.finding' },
  });
});

test('an export reads no further than it is taken, and holds nothing between two pages', async () => {
  const { write, store, admin } = await world();
  await write(
    ada,
    Array.from({ length: 50 }, (_, index) => ['connector.finding', String(index)]),
  );
  const asked: (number | undefined)[] = [];
  const counting = {
    page: (...[view, filter, limit, before]: Parameters<typeof store.page>) => {
      asked.push(before);
      return store.page(view, filter, limit, before);
    },
  };
  const entries = allEntries(counting, { of: 'tenant', tenantId: acme }, { action: 'connector.finding' }, 10);
  for (let index = 0; index < 10; index += 1) await entries.next();
  expect(asked).toHaveLength(1);
  expect(admin.database.pool.totalCount).toBe(admin.database.pool.idleCount);
  // What is written meanwhile is in no later page.
  await write(ada, [['connector.finding', 'later']]);
  const rest: string[] = [];
  for await (const { subject } of entries) rest.push(subject.name);
  expect(rest).toEqual(Array.from({ length: 40 }, (_, index) => String(39 - index)));
});
