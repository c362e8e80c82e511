import { Import, type ImportRow, type TenantId } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openEvents } from '../testing/events.ts';
import { writtenMails } from '../testing/mails.ts';
import { signIn } from '../testing/peers.ts';
import { lineContext } from '../secrets/secret-box.ts';
import { openImports } from './testing.test-support.ts';

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const cloud = await startCloud(url, admin.secrets, {
    timings: { imports: { lookEvery: 100, lease: 1_000, removeEvery: 200 } },
  });
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const passwordOf = (email: string) =>
    admin.database.inTenant('acme' as TenantId, async (trx) => {
      const row = await trx
        .selectFrom('lines')
        .innerJoin('users', 'users.user_id', 'lines.user_id')
        .select(['line_id', 'secret'])
        .where('email', '=', email)
        .executeTakeFirstOrThrow();
      return admin.secrets.open(row.secret, lineContext('acme', row.line_id));
    });
  /** Everything that an import may touch, to the last bit. */
  const everything = () =>
    server.query<object>(
      url,
      `SELECT u.email, u.name, u.role, u.language, u.source, u.password_hash, u.user_id, l.line_id, l.number, l.display_name,
              l.auth_user, encode(l.secret, 'hex') AS secret, l.main_number, l.short_number, l.caller_id, l.desk_phone,
              l.voicemail_number, l.kept
         FROM users u LEFT JOIN lines l USING (tenant_id, user_id) WHERE tenant_id = 'acme' ORDER BY email`,
    );
  return { url, admin, cloud, ada, passwordOf, everything, ...openImports(cloud.url, ada) };
}

const csv = (...rows: string[]) => ['E-Mail;Name;Rufnummer;Kennwort;Mobil;Rolle', ...rows].join('\r\n');
const problemsOf = (rows: ImportRow[]) =>
  rows.map(({ row, problem }) => [row, problem?.code, problem?.column]);

describe('the preview', () => {
  test('tells new, changed, unchanged and refused, with row, column and reason', async () => {
    const { upload, settled, rows } = await world();
    const file = csv(
      'anna@acme.example;Anna Berger;101;;;',
      'ben@acme.example;Ben Carter-Smith;+49 (89) 102;new-secret;0170 1;',
      'carla@acme.example;Carla Diaz;103;secret-103;;user',
      'dora@acme.example;Dora Ek;;;;Administratorin',
      'ben@acme.example;Twice;;;;',
      'nobody;No Address;104;x;;',
      'emil@acme.example;Emil;105;;;',
      'fred@acme.example;Fred;101;x;;',
      'gina@acme.example;Gina;103;x;;',
      'anna@other.example;Anna Elsewhere;106;x;;',
      'hans@acme.example;Hans;1,07E+05;x;;',
    );
    const { importId } = await upload(file);
    const done = await settled(importId);
    expect(done).toMatchObject({
      state: 'preview',
      encoding: 'utf-8',
      delimiter: ';',
      counts: { new: 2, changed: 1, unchanged: 1, refused: 7 },
      progress: { done: 11, of: 11 },
    });
    expect(done.columns?.map(({ heading, field }) => [heading, field])).toEqual([
      ['E-Mail', 'email'],
      ['Name', 'name'],
      ['Rufnummer', 'number'],
      ['Kennwort', 'password'],
      ['Mobil', 'alternativeNumber'],
      ['Rolle', 'role'],
    ]);
    expect(JSON.stringify(done)).not.toContain('secret');
    const [changed] = await rows(importId, 'kind=changed');
    expect(changed).toMatchObject({
      row: 3,
      email: 'ben@acme.example',
      changes: [
        { field: 'name', before: 'Ben Carter', after: 'Ben Carter-Smith' },
        { field: 'number', before: '102', after: '+4989102' },
        { field: 'alternativeNumber', after: '01701' },
        { field: 'password' },
      ],
    });
    expect(problemsOf(await rows(importId, 'kind=refused'))).toEqual([
      [6, 'email_twice', undefined],
      [7, 'email_invalid', 'E-Mail'],
      [8, 'password_missing', 'Kennwort'],
      [9, 'number_taken', 'Rufnummer'],
      [10, 'number_twice', 'Rufnummer'],
      [11, 'email_of_other_tenant', 'E-Mail'],
      [12, 'number_invalid', 'Rufnummer'],
    ]);
    expect((await rows(importId, 'pageSize=4&page=3')).map(({ row }) => row)).toEqual([10, 11, 12]);
  });

  test('changes nothing', async () => {
    const { upload, settled, everything } = await world();
    const before = await everything();
    await settled(
      (await upload(csv('ben@acme.example;Other;109;p;;', 'new@acme.example;New;110;p;;'))).importId,
    );
    expect(await everything()).toEqual(before);
  });

  test('columns that nobody recognises are mapped by hand, and a mapping can be corrected', async () => {
    const { upload, settled, map, rows } = await world();
    const { importId } = await upload(
      'Konto,Wer,Leitung\nzoe@acme.example,Zoe,120\nx,Y,1\n',
      '&name=staff.csv',
    );
    const asked = await settled(importId);
    expect(asked).toMatchObject({ state: 'mapping', fileName: 'staff.csv' });
    expect(asked.columns?.[1]).toEqual({ heading: 'Wer', samples: ['Zoe', 'Y'], field: null });
    expect((await map(importId, ['name', 'name', null])).status).toBe(400);
    expect((await map(importId, ['email', 'name', null])).status).toBe(202);
    expect(await settled(importId)).toMatchObject({ state: 'preview', counts: { new: 1, refused: 1 } });
    expect((await map(importId, ['email', 'name', 'number'])).status).toBe(202);
    await settled(importId);
    expect(problemsOf(await rows(importId, ''))).toEqual([
      [2, 'password_missing', 'password'],
      [3, 'email_invalid', 'Konto'],
    ]);
  });

  test('a mapping can come with the file, or be asked for', async () => {
    const { upload, settled } = await world();
    const mapping = encodeURIComponent(JSON.stringify({ columns: [null, 'email', 'name'] }));
    const mapped = await upload('a,b,c\n1,zoe@acme.example,Zoe\n', `&mapping=${mapping}`);
    expect(await settled(mapped.importId)).toMatchObject({ state: 'preview', counts: { new: 1 } });
    const asked = await upload(csv('zoe@acme.example;Zoe;;;;'), '&mapping=ask');
    expect((await settled(asked.importId)).state).toBe('mapping');
  });

  test.each([
    ['nothing', '', 'empty'],
    ['blanks', ' \r\n \r\n', 'empty'],
    ['headings alone', 'E-Mail,Name\r\n', 'empty'],
    ['a spreadsheet', 'PK\u0003\u0004\u0014\u0000\u0006\u0000', 'unreadable'],
    ['JSON of something else', '{"users":[]}', 'unreadable'],
    [
      'JSON of a later version',
      '{"format":"offhook-subscribers","version":9,"subscribers":[]}',
      'version_unknown',
    ],
    ['too many rows', `E-Mail,Name\n${'a,b\n'.repeat(100_001)}`, 'too_many_rows'],
  ])('%s is refused as a whole', async (_what, file, failure) => {
    const { upload, settled } = await world();
    expect(await settled((await upload(file)).importId)).toMatchObject({ state: 'failed', failure });
  });

  test('a file that is too large is refused while it comes, and leaves nothing', async () => {
    const { post, list, url } = await world();
    const response = await post(new Blob([Buffer.alloc(33 * 1024 * 1024, 'a')]));
    expect(response.status).toBe(413);
    expect(await list()).toEqual([]);
    expect(await server.query(url, 'SELECT 1 FROM import_chunks')).toEqual([]);
  });
});

test('a file is applied as one act, told to the connector and the audit log, and undone to the last bit', async () => {
  const { upload, settled, act, everything, passwordOf, url, admin } = await world();
  const before = await everything();
  const revision = async () =>
    (
      await server.query<{ r: string }>(
        url,
        `SELECT config_revision AS r FROM connectors WHERE tenant_id = 'acme'`,
      )
    )[0]?.r;
  const revisionBefore = Number(await revision());
  const { importId } = await upload(
    csv(
      'ben@acme.example;Ben Carter-Smith;122;new-secret;0170;admin',
      'carla@acme.example;Carla Diaz;103;secret-103;;',
      'anna@acme.example;Anna Berger;101;;;',
    ),
  );
  await settled(importId);
  expect((await act(importId, 'apply', { invite: true })).status).toBe(202);
  const applied = await settled(importId);
  expect(applied).toMatchObject({ state: 'applied', counts: { new: 1, changed: 1, unchanged: 1 } });
  expect((applied.undoUntil ?? 0) - (applied.appliedAt ?? 0)).toBe(24 * 3_600_000);
  expect(await passwordOf('ben@acme.example')).toBe('new-secret');
  expect(await passwordOf('carla@acme.example')).toBe('secret-103');
  expect(Number(await revision())).toBe(revisionBefore + 1);
  // Passwords are kept nowhere but with the lines.
  expect(await server.query(url, 'SELECT 1 FROM import_rows WHERE sealed_password IS NOT NULL')).toEqual([]);
  expect(await server.query(url, 'SELECT 1 FROM import_chunks')).toEqual([]);
  await expect
    .poll(async () => (await writtenMails(admin, 'acme')).map(({ to }) => to), { timeout: 10_000 })
    .toEqual(['carla@acme.example']);

  expect((await act(importId, 'undo')).status).toBe(202);
  expect(await settled(importId)).toMatchObject({ state: 'undone', counts: { refused: 0 } });
  expect(await everything()).toEqual(before);
  expect(await passwordOf('ben@acme.example')).toBe('sip-102-acme');
  expect(Number(await revision())).toBe(revisionBefore + 2);
  const acts = await server.query<{ action: string; after: object; actor_name: string }>(
    url,
    `SELECT action, after, actor_name FROM audit_log WHERE action LIKE 'import.%' ORDER BY audit_id`,
  );
  expect(acts).toMatchObject(
    [
      { action: 'import.apply', after: { new: 1, changed: 1, unchanged: 1 }, actor_name: /admin@acme/u },
      { action: 'import.undo', after: { leftAlone: 0 } },
    ].map((one) => ({ ...one, actor_name: expect.stringContaining('admin@acme.example') as string })),
  );
  expect((await act(importId, 'undo')).status).toBe(409);
  expect((await act(importId, 'apply', {})).status).toBe(409);
});

test('what people kept for themselves since is kept by the undo', async () => {
  const { upload, settled, act, url } = await world();
  const { importId } = await upload(csv('ben@acme.example;Ben;102;;0170;'));
  await settled(importId);
  await act(importId, 'apply', {});
  await settled(importId);
  await server.query(
    url,
    `UPDATE lines SET kept = kept || '{"busy":"ring"}' WHERE number = '102' AND tenant_id = 'acme'`,
  );
  await act(importId, 'undo');
  expect(await settled(importId)).toMatchObject({ state: 'undone', counts: { refused: 0 } });
  const [line] = await server.query<{ kept: object }>(
    url,
    `SELECT kept FROM lines WHERE number = '102' AND tenant_id = 'acme'`,
  );
  expect(line?.kept).not.toHaveProperty('alternativeNumber');
});

test('the undo leaves alone whom somebody else has changed since, and lists them', async () => {
  const { upload, settled, act, rows, ada, admin } = await world();
  const { importId } = await upload(
    csv(
      'ben@acme.example;Ben I.;102;;;',
      'anna@acme.example;Anna I.;101;;;',
      'carla@acme.example;Carla;103;p;;',
    ),
  );
  await settled(importId);
  await act(importId, 'apply', {});
  await settled(importId);
  const benId = await admin.userId('ben@acme.example');
  expect((await ada.patch(`/api/admin/users/${benId}`, { name: 'Ben By Hand' })).status).toBe(200);
  const carlaId = await admin.userId('carla@acme.example');
  expect((await ada.patch(`/api/admin/users/${carlaId}`, { name: 'Carla By Hand' })).status).toBe(200);
  await act(importId, 'undo');
  expect(await settled(importId)).toMatchObject({ state: 'undone', counts: { refused: 2 } });
  expect((await rows(importId, 'kind=refused')).map(({ email, problem }) => [email, problem?.code])).toEqual([
    ['ben@acme.example', 'changed_since'],
    ['carla@acme.example', 'changed_since'],
  ]);
  const names = async () =>
    ((await (await ada.get('/api/admin/users')).json()) as { users: { name: string }[] }).users.map(
      (u) => u.name,
    );
  expect(await names()).toEqual(['Ada Admin', 'Anna Berger', 'Ben By Hand', 'Carla By Hand']);
});

test('an undo ends after a day, and what was kept for it is removed', async () => {
  const { upload, settled, act, url, list } = await world();
  const { importId } = await upload(csv('ben@acme.example;Ben I.;102;;;'));
  await settled(importId);
  await act(importId, 'apply', {});
  await settled(importId);
  await server.query(url, `UPDATE imports SET undo_until = 1`);
  const response = await act(importId, 'undo');
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ error: { code: 'undo_expired' } });
  await server.query(url, `UPDATE imports SET touched_at = 0`);
  await expect.poll(() => server.query(url, 'SELECT 1 FROM import_rows'), { timeout: 10_000 }).toEqual([]);
  expect(await list()).toMatchObject([{ importId, state: 'applied', counts: { changed: 1 } }]);
});

test('when what there is has changed since the preview, nothing is applied and the preview is made anew', async () => {
  const { upload, settled, act, ada, admin, everything, rows } = await world();
  const { importId } = await upload(
    csv('ben@acme.example;Ben I.;102;;;', 'carla@acme.example;Carla;103;p;;'),
  );
  await settled(importId);
  const benId = await admin.userId('ben@acme.example');
  await ada.patch(`/api/admin/users/${benId}`, { name: 'Ben By Hand' });
  const before = await everything();
  await act(importId, 'apply', {});
  const again = await settled(importId, ({ state, failure }) => state === 'preview' && failure === 'stale');
  expect(again).toMatchObject({ counts: { new: 1, changed: 1 } });
  expect(await everything()).toEqual(before);
  expect((await rows(importId, 'kind=changed'))[0]?.changes).toEqual([
    { field: 'name', before: 'Ben By Hand', after: 'Ben I.' },
  ]);
  await act(importId, 'apply', {});
  const applied = await settled(importId);
  expect(applied.state).toBe('applied');
  expect(applied.failure).toBeUndefined();
});

/** 2,500 people whose numbers are turned by so many places. */
const staff = (shift: number) =>
  csv(
    ...Array.from(
      { length: 2_500 },
      (_, i) => `p${i}@acme.example;Person ${i};${5_000 + ((i + shift) % 2_500)};${shift === 0 ? 'p' : ''};;`,
    ),
  );

test('people change numbers with each other, whichever batch they are in', async () => {
  const { upload, settled, act, everything } = await world();
  for (const shift of [0, 1]) {
    const { importId } = await upload(staff(shift));
    expect((await settled(importId)).counts).toMatchObject(shift === 0 ? { new: 2_500 } : { changed: 2_500 });
    const before = await everything();
    await act(importId, 'apply', {});
    expect((await settled(importId)).state).toBe('applied');
    if (shift === 0) continue;
    expect(await everything()).not.toEqual(before);
    await act(importId, 'undo');
    expect(await settled(importId)).toMatchObject({ state: 'undone', counts: { refused: 0 } });
    expect(await everything()).toEqual(before);
  }
});

test('seats and the last administrator are seen in the preview', async () => {
  const { upload, settled, rows, url } = await world();
  await server.query(
    url,
    `INSERT INTO subscriptions (tenant_id, platform, seats, price_amount, currency, starts_on)
       VALUES ('acme', 'generic-sip', 3, 100, 'EUR', '2026-01-01')`,
  );
  const { importId } = await upload(
    csv(
      'a@acme.example;A;201;p;;',
      'b@acme.example;B;202;p;;',
      'c@acme.example;C;;;;',
      'admin@acme.example;Ada Admin;;;;user',
    ),
  );
  expect((await settled(importId)).counts).toEqual({ new: 2, changed: 0, unchanged: 0, refused: 2 });
  expect(problemsOf(await rows(importId, 'kind=refused'))).toEqual([
    [3, 'seats_exhausted', undefined],
    [5, 'last_administrator', 'Rolle'],
  ]);
});

test('the versioned JSON goes the same way', async () => {
  const { upload, settled, act, passwordOf } = await world();
  const file = JSON.stringify({
    format: 'offhook-subscribers',
    version: 1,
    source: 'offhook-migrate',
    subscribers: [
      { email: 'carla@acme.example', name: 'Carla', number: '103', password: ' p;"x ', mainNumber: '1103' },
      { email: 'x' },
    ],
  });
  const { importId } = await upload(file, '&name=subscribers.json');
  const preview = await settled(importId);
  expect(preview).toMatchObject({ state: 'preview', counts: { new: 1, refused: 1 } });
  expect(preview.columns).toBeUndefined();
  await act(importId, 'apply', {});
  await settled(importId);
  expect(await passwordOf('carla@acme.example')).toBe(' p;"x ');
});

test('other tenants and users see nothing of it', async () => {
  const { upload, settled, cloud } = await world();
  const { importId } = await upload(csv('carla@acme.example;Carla;103;p;;'));
  await settled(importId);
  const stranger = await signIn(cloud.url, 'admin@other.example', 'admin-password');
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  for (const path of ['', '/rows']) {
    expect((await stranger.get(`/api/admin/imports/${importId}${path}`)).status).toBe(404);
    expect((await anna.get(`/api/admin/imports/${importId}${path}`)).status).toBe(403);
  }
  expect((await stranger.post(`/api/admin/imports/${importId}/apply`, {})).status).toBe(404);
  expect((await stranger.post(`/api/admin/imports/${importId}/undo`)).status).toBe(404);
  expect((await stranger.delete(`/api/admin/imports/${importId}`)).status).toBe(404);
  expect(
    Import.array().parse(
      ((await (await stranger.get('/api/admin/imports')).json()) as { imports: [] }).imports,
    ),
  ).toEqual([]);
});

test('a preview can be discarded, an applied import cannot', async () => {
  const { upload, settled, act, ada, url } = await world();
  const { importId } = await upload(csv('carla@acme.example;Carla;103;p;;'));
  await settled(importId);
  expect((await ada.delete(`/api/admin/imports/${importId}`)).status).toBe(204);
  expect(await server.query(url, 'SELECT 1 FROM import_rows')).toEqual([]);
  const second = await upload(csv('carla@acme.example;Carla;103;p;;'));
  await settled(second.importId);
  await act(second.importId, 'apply', {});
  await settled(second.importId);
  expect((await ada.delete(`/api/admin/imports/${second.importId}`)).status).toBe(409);
});

test('events tell of an import’s progress, of its end, and that it has been discarded', async () => {
  const { cloud, ada, upload, act } = await world();
  const { until } = await openEvents(cloud.url, ada);
  const rows = Array.from({ length: 3_000 }, (_, index) => `p${index}@acme.example;Person ${index};;;;`);
  const { importId } = await upload(csv(...rows));
  const told = (state: string) =>
    until(
      new RegExp(`event: import\\ndata: (\\{.*"importId":"${importId}".*"state":"${state}".*\\})\\n\\n`, 'u'),
    );
  const [, data] = (await told('preview')) as RegExpExecArray;
  expect(JSON.parse(data ?? '')).toMatchObject({ import: { progress: { done: 3_000, of: 3_000 } } });
  await act(importId, 'apply', { invite: false });
  await told('applied');
  await until(/event: directory\n/u);
  const other = await upload(csv('one@acme.example;One;;;;'));
  await until(new RegExp(`"importId":"${other.importId}".*"state":"preview"`, 'u'));
  await ada.delete(`/api/admin/imports/${other.importId}`);
  await until(new RegExp(`event: import.discarded\\ndata: .*${other.importId}`, 'u'));
});

test('an import whose row cannot be read has failed with that, and holds up no other', async () => {
  const { url, upload, settled } = await world();
  await server.query(
    url,
    `INSERT INTO imports (tenant_id, import_id, file_name, connector_id, state, created_by, actor, complete, created_at, touched_at)
     SELECT tenant_id, 'imp_broken', 'broken.csv', connector_id, 'reading', 'Ada', '{}', true, $1, $1
       FROM connectors WHERE tenant_id = 'acme'`,
    [Date.now()],
  );
  const { importId } = await upload(csv('carla@acme.example;Carla Diaz;103;secret-103;;user'));
  expect(await settled(importId)).toMatchObject({ state: 'preview' });
  const rows = await server.query(url, `SELECT state, failure FROM imports WHERE import_id = 'imp_broken'`);
  expect(rows).toEqual([{ state: 'failed', failure: 'internal' }]);
});
