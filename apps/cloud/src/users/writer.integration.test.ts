import { randomBytes } from 'node:crypto';
import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { commandLine } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { createSecretBox, lineContext } from '../secrets/secret-box.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openConnector } from '../testing/peers.ts';
import type { LineRow, NewUserRow, RequireSeats } from './rows.ts';
import { createUserWriter, writeUsers, type UserWriter } from './writer.ts';

const server = useTestServer();
const acme = 'acme' as TenantId;
const DAY = 86_400_000;

async function world(parts: { requireSeats?: RequireSeats; now?: () => number } = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const writer = createUserWriter({ secrets: admin.secrets, ...parts });
  const office = await admin.connectorId('acme');
  const write = <T>(work: (trx: TenantTransaction, writer: UserWriter) => Promise<T>) =>
    writeUsers(admin.database, writer, acme, (trx) => work(trx, writer));
  const line = (number: string, more: Partial<LineRow> = {}): LineRow => ({
    connectorId: office,
    number,
    password: `sip-${number}`,
    ...more,
  });
  const audit = () =>
    server.query<{ action: string; subject_name: string; before: object | null; after: object | null }>(
      url,
      `SELECT action, subject_name, before, after FROM audit_log
        WHERE tenant_id = 'acme' AND action LIKE 'user.%' ORDER BY audit_id`,
    );
  const lineOf = async (email: string) =>
    (
      await server.query<Record<string, unknown>>(
        url,
        `SELECT l.* FROM lines l JOIN users u USING (tenant_id, user_id) WHERE u.email = $1`,
        [email],
      )
    )[0];
  const revision = async () =>
    (
      await server.query<{ r: number }>(
        url,
        `SELECT config_revision::int AS r FROM connectors WHERE tenant_id = 'acme'`,
      )
    )[0]?.r;
  const id = (name: string) => admin.userId(`${name}@acme.example`);
  return { url, admin, writer, office, write, line, audit, lineOf, revision, id };
}
const eve: NewUserRow = { email: 'eve@acme.example', name: 'Eve Engel', source: 'portal' };
const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error instanceof OffhookError ? error.code : error;
  }
};

test('a new person with a line: everything of it, the password sealed, one act in the log, the connector told once', async () => {
  const { url, admin, write, line, lineOf, revision } = await world();
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const connector = await openConnector(cloud.url, key);
  await connector.event('clients.snapshot');
  const before = (await revision()) ?? 0;

  await write(async (trx, writer) => {
    await writer.create(trx, acme, commandLine, {
      ...eve,
      line: line('201', {
        mainNumber: '2010',
        shortNumber: '21',
        callerId: '+49 89 7007 201',
        deskPhone: '202',
        alternativeNumber: '+49 171 1',
        voicemailNumber: '599',
      }),
    });
    await writer.create(trx, acme, commandLine, {
      ...eve,
      email: 'finn@acme.example',
      line: line('203', { authUser: 'finn' }),
    });
  });
  expect(await connector.event('config.changed')).toEqual({ revision: before + 1 });
  const stored = await lineOf('eve@acme.example');
  expect(stored).toMatchObject({
    number: '201',
    main_number: '2010',
    short_number: '21',
    caller_id: '+49 89 7007 201',
    desk_phone: '202',
    voicemail_number: '599',
    auth_user: '201',
    display_name: 'Eve Engel',
    kept: { alternativeNumber: '+49 171 1' },
  });
  const sealed = stored?.['secret'] as Buffer;
  expect(admin.secrets.open(sealed, lineContext('acme', String(stored?.['line_id'])))).toBe('sip-201');
  expect(await lineOf('finn@acme.example')).toMatchObject({ auth_user: 'finn' });
  // What the connector gets of it.
  const { lines } = await connector.call('config.get', {});
  expect(lines.find(({ number }) => number === '201')).toMatchObject({
    shortNumber: '21',
    callerId: '+49 89 7007 201',
    voicemailNumber: '599',
    kept: { alternativeNumber: '+49 171 1' },
  });
});

test('the log has what was and what is, and no password', async () => {
  const { write, line, audit, id } = await world();
  await write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, line: line('201') }));
  const userId = await id('eve');
  const change = { name: 'Eve Ebner', line: line('205', { password: 'another' }) };
  await write((trx, writer) => writer.change(trx, acme, commandLine, userId, change));
  await write((trx, writer) => writer.change(trx, acme, commandLine, userId, { line: null }));
  const told = (await audit()).filter((act) => act.subject_name === 'eve@acme.example');
  expect(told).toMatchObject([
    { action: 'user.create', after: { name: 'Eve Engel', 'line.number': '201' } },
    {
      action: 'user.change',
      before: { name: 'Eve Engel', 'line.number': '201', 'line.displayName': 'Eve Engel' },
      after: {
        name: 'Eve Ebner',
        'line.number': '205',
        'line.displayName': 'Eve Ebner',
        'line.passwordChanged': true,
      },
    },
    { action: 'user.change', before: { 'line.number': '205' } },
  ]);
  expect(JSON.stringify(told)).not.toMatch(/sip-201|another/u);
});

test('what is not named stays, null takes away, and what is the same is not written', async () => {
  const { write, line, lineOf, revision, id, admin } = await world();
  await write((trx, writer) =>
    writer.create(trx, acme, commandLine, {
      ...eve,
      line: line('201', { callerId: '+4989', voicemailNumber: '599', alternativeNumber: '0171' }),
    }),
  );
  const userId = await id('eve');
  const change = (row: LineRow) =>
    write((trx, writer) => writer.change(trx, acme, commandLine, userId, { line: row }));
  const { password: _, ...plain } = line('201');
  expect(await change(plain)).toBe('unchanged');
  expect(await change(line('201'))).toBe('unchanged');
  const before = await revision();
  expect(await change({ ...plain, voicemailNumber: null, alternativeNumber: null })).toBe('changed');
  expect(await revision()).toBe((before ?? 0) + 1);
  const stored = await lineOf('eve@acme.example');
  expect(stored).toMatchObject({
    caller_id: '+4989',
    voicemail_number: null,
    kept: { alternativeNumber: null },
  });
  // The account's name follows the number that it was.
  expect(await change({ ...plain, number: '209' })).toBe('changed');
  const moved = await lineOf('eve@acme.example');
  expect(moved).toMatchObject({ auth_user: '209' });
  const sealed = moved?.['secret'] as Buffer;
  expect(admin.secrets.open(sealed, lineContext('acme', String(moved?.['line_id'])))).toBe('sip-201');
});

test('an address is one person’s in all tenants, and whose is not told', async () => {
  const { write, id } = await world();
  const create = (email: string) =>
    codeOf(write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, email })));
  expect(await create('anna@other.example')).toBe('email_taken');
  expect(await create('ben@acme.example')).toBe('email_taken');
  const userId = await id('anna');
  const rename = (email: string) =>
    codeOf(write((trx, writer) => writer.change(trx, acme, commandLine, userId, { email })));
  expect(await rename('anna@other.example')).toBe('email_taken');
  expect(await rename('anna.berger@acme.example')).toBe('changed');
});

test('numbers are one person’s at their connector: the line, what people call, and the short number', async () => {
  const { write, line, id, lineOf } = await world();
  const create = (row: LineRow) =>
    codeOf(write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, line: row })));
  expect(await create(line('101'))).toBe('number_taken');
  expect(await create(line('7101', { mainNumber: '102' }))).toBe('number_taken');
  expect(await create(line('201', { shortNumber: '21' }))).toMatch(/^usr_/u);
  const anna = await id('anna');
  const ben = await id('ben');
  const short = write((trx, writer) =>
    writer.change(trx, acme, commandLine, anna, { line: line('101', { shortNumber: '21' }) }),
  );
  expect(await codeOf(short)).toBe('number_taken');
  // Two of one batch change numbers with each other; a third who wants one of them is refused and the others are not.
  const outcomes = await write((trx, writer) =>
    writer.changeMany(trx, acme, commandLine, [
      { userId: anna, change: { line: line('102') } },
      { userId: ben, change: { line: line('101') } },
    ]),
  );
  expect(outcomes).toEqual(['changed', 'changed']);
  expect(await lineOf('anna@acme.example')).toMatchObject({ number: '102' });
  // Ben cannot have Eve's, so he keeps his own, and Anna cannot have that.
  const chain = await write((trx, writer) =>
    writer.changeMany(trx, acme, commandLine, [
      { userId: anna, change: { line: line('101') } },
      { userId: ben, change: { line: line('201') } },
    ]),
  );
  expect(chain).toMatchObject([{ refused: 'number_taken' }, { refused: 'number_taken' }]);
});

test('a line needs a connector of the tenant, and a password where it registers for itself', async () => {
  const { admin, write, line } = await world();
  const create = (row: LineRow) =>
    codeOf(write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, line: row })));
  const { password: _, ...plain } = line('201');
  expect(await create(plain)).toBe('bad_request');
  expect(await create(line('201', { connectorId: await admin.connectorId('other') }))).toBe('not_found');
  const pbx = {
    kind: 'generic-sip',
    host: '127.0.0.1',
    port: 5070,
    transport: 'udp',
    attachment: { by: 'trunk', register: false, number: '100', authUser: '100', password: 'trunk' },
  };
  await admin.apply({
    tenant: { id: 'acme', name: 'Acme' },
    connectors: [{ name: 'Trunk', pbx }],
    users: [],
  });
  expect(await create({ ...plain, connectorId: await admin.connectorId('acme', 'Trunk') })).toMatch(/^usr_/u);
});

test('the last administrator stays one, also when two give it up at the same time', async () => {
  const { write, id } = await world();
  const ada = await id('admin');
  const act = (work: (trx: TenantTransaction, writer: UserWriter) => Promise<unknown>) => codeOf(write(work));
  expect(await act((trx, writer) => writer.change(trx, acme, commandLine, ada, { role: 'user' }))).toBe(
    'last_administrator',
  );
  expect(await act((trx, writer) => writer.setDisabled(trx, acme, commandLine, ada, true))).toBe(
    'last_administrator',
  );
  expect(await act((trx, writer) => writer.remove(trx, acme, commandLine, ada))).toBe('last_administrator');
  // Somebody who was invited and has not come is no one to rely on.
  await write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, role: 'admin' }));
  expect(await act((trx, writer) => writer.remove(trx, acme, commandLine, ada))).toBe('last_administrator');

  const anna = await id('anna');
  await write((trx, writer) => writer.change(trx, acme, commandLine, anna, { role: 'admin' }));
  const both = await Promise.all(
    [ada, anna].map((userId) =>
      act((trx, writer) => writer.change(trx, acme, commandLine, userId, { role: 'user' })),
    ),
  );
  expect(new Set(both)).toEqual(new Set(['changed', 'last_administrator']));
});

test('of the seats that are subscribed the last is given once, also to two who ask at the same time', async () => {
  const { url, write, line, id } = await world();
  await server.query(
    url,
    `INSERT INTO subscriptions VALUES ('acme', 'generic-sip', 3, 500, 'EUR', '2026-01-01')`,
  );
  const create = (email: string, number: string) =>
    codeOf(
      write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, email, line: line(number) })),
    );
  // Anna and Ben have two.
  const both = await Promise.all([create('eve@acme.example', '201'), create('finn@acme.example', '202')]);
  expect(both.filter((outcome) => outcome === 'seats_exhausted')).toHaveLength(1);
  const ben = await id('ben');
  await write((trx, writer) => writer.setDisabled(trx, acme, commandLine, ben, true));
  expect(await create('gus@acme.example', '203')).toMatch(/^usr_/u);
});

test('seats are asked for where one is taken: a new line, an enabled one, one that comes back', async () => {
  const asked: number[] = [];
  let left = 10;
  const requireSeats: RequireSeats = async (_trx, _tenantId, howMany) => {
    asked.push(howMany);
    if (howMany > left) throw new OffhookError('seats_exhausted');
  };
  const { write, line, id } = await world({ requireSeats });
  await write((trx, writer) =>
    writer.createMany(trx, acme, commandLine, [
      { ...eve, line: line('201') },
      { ...eve, email: 'finn@acme.example', line: line('202') },
      { ...eve, email: 'gus@acme.example' },
    ]),
  );
  expect(asked).toEqual([2]);
  const [userId, gus] = [await id('eve'), await id('gus')];
  await write((trx, writer) => writer.setDisabled(trx, acme, commandLine, userId, true));
  left = 0;
  const enable = write((trx, writer) => writer.setDisabled(trx, acme, commandLine, userId, false));
  expect(await codeOf(enable)).toBe('seats_exhausted');
  const assign = write((trx, writer) => writer.change(trx, acme, commandLine, gus, { line: line('203') }));
  expect(await codeOf(assign)).toBe('seats_exhausted');
  // A changed line, and one of somebody who may not come in, take none.
  expect(
    await write((trx, writer) => writer.change(trx, acme, commandLine, userId, { line: line('204') })),
  ).toBe('changed');
});

test('a deleted person is out and without a line; restored, with it where its number is free', async () => {
  const now = 1_700_000_000_000;
  const { url, write, line, id, lineOf, audit, admin } = await world({ now: () => now });
  const [anna, ben] = [await id('anna'), await id('ben')];
  const remove = (userId: UserId) => write((trx, writer) => writer.remove(trx, acme, commandLine, userId));
  const restore = (userId: UserId) => write((trx, writer) => writer.restore(trx, acme, commandLine, userId));
  await admin.database.inTenant(acme, (trx) =>
    trx
      .insertInto('sessions')
      .values({
        tenant_id: acme,
        session_id: 's',
        user_id: anna,
        token_hash: Buffer.alloc(32),
        created_at: 1,
        last_seen_at: 1,
        expires_at: 9e12,
      })
      .execute(),
  );
  expect(await remove(anna)).toBe(true);
  expect(await remove(anna)).toBe(false);
  const [row] = await server.query(
    url,
    'SELECT deleted_at::float8, gone_at::float8, disabled_at::float8 FROM users WHERE user_id = $1',
    [anna],
  );
  expect(row).toEqual({ deleted_at: now, gone_at: now + 30 * DAY, disabled_at: now });
  expect(await lineOf('anna@acme.example')).toBeUndefined();
  expect(await server.query(url, 'SELECT 1 FROM sessions')).toEqual([]);
  expect(
    await codeOf(write((trx, writer) => writer.change(trx, acme, commandLine, anna, { name: 'x' }))),
  ).toBe('conflict');

  expect(await restore(anna)).toBe(true);
  const back = await lineOf('anna@acme.example');
  expect(back).toMatchObject({ number: '101' });
  const sealed = back?.['secret'] as Buffer;
  expect(admin.secrets.open(sealed, lineContext('acme', String(back?.['line_id'])))).toBe('sip-101-acme');

  // Disabled before, disabled after; and the number is somebody else's by now.
  await write((trx, writer) => writer.setDisabled(trx, acme, commandLine, ben, true));
  await server.query(url, 'UPDATE users SET disabled_at = 5 WHERE user_id = $1', [ben]);
  await remove(ben);
  await write((trx, writer) => writer.create(trx, acme, commandLine, { ...eve, line: line('102') }));
  await restore(ben);
  expect(await lineOf('ben@acme.example')).toBeUndefined();
  expect(
    await server.query(
      url,
      'SELECT disabled_at::int, deleted_at, former_line FROM users WHERE user_id = $1',
      [ben],
    ),
  ).toEqual([{ disabled_at: 5, deleted_at: null, former_line: null }]);
  expect((await audit()).filter((act) => act.action === 'user.restore').map((act) => act.after)).toEqual([
    { line: true },
    { line: false },
  ]);
});

test('a line whose key has been rotated comes back sealed with the new one; whose key is gone, not at all', async () => {
  const { admin, write, id, lineOf } = await world();
  const anna = await id('anna');
  const next = randomBytes(32);
  const withNext = async (
    work: (trx: TenantTransaction, writer: UserWriter) => Promise<unknown>,
    keys: Buffer[],
  ) => {
    const writer = createUserWriter({ secrets: createSecretBox(keys) });
    await writeUsers(admin.database, writer, acme, (trx) => work(trx, writer));
  };
  const restore = (keys: Buffer[]) =>
    withNext((trx, writer) => writer.restore(trx, acme, commandLine, anna), keys);
  await write((trx, writer) => writer.remove(trx, acme, commandLine, anna));
  await restore([next]);
  expect(await lineOf('anna@acme.example')).toBeUndefined();

  const old = randomBytes(32);
  const line: LineRow = { connectorId: await admin.connectorId('acme'), number: '101', password: 'sip' };
  await withNext((trx, writer) => writer.change(trx, acme, commandLine, anna, { line }), [old]);
  await withNext((trx, writer) => writer.remove(trx, acme, commandLine, anna), [old]);
  await restore([next, old]);
  const back = await lineOf('anna@acme.example');
  const context = lineContext('acme', String(back?.['line_id']));
  expect(createSecretBox([next]).open(back?.['secret'] as Buffer, context)).toBe('sip');
});

test('of many, each is created or refused for itself', async () => {
  const { write, line } = await world();
  const outcomes = await write((trx, writer) =>
    writer.createMany(trx, acme, commandLine, [
      { ...eve, line: line('201') },
      { ...eve, name: 'The same address' },
      { ...eve, email: 'f@acme.example', line: line('201') },
      { ...eve, email: 'g@acme.example', line: line('101') },
      { ...eve, email: 'anna@other.example' },
      { ...eve, email: 'h@acme.example' },
    ]),
  );
  expect(outcomes).toMatchObject([
    { userId: expect.stringMatching(/^usr_/u) as string },
    { refused: 'email_taken' },
    { refused: 'number_taken' },
    { refused: 'number_taken' },
    { refused: 'email_taken' },
    { userId: expect.stringMatching(/^usr_/u) as string },
  ]);
});

test('three thousand people are written and changed as one is, each with their act in the log', async () => {
  const { write, line, url } = await world();
  const people = Array.from({ length: 3_000 }, (_, index) => ({
    email: `p${index}@acme.example`,
    name: `Person ${index}`,
    source: 'import' as const,
    line: line(String(10_000 + index)),
  }));
  const made = await write((trx, writer) => writer.createMany(trx, acme, commandLine, people));
  const changes = made.flatMap((outcome, index) =>
    'userId' in outcome ? [{ userId: outcome.userId, change: { name: `Changed ${index}` } }] : [],
  );
  expect(changes).toHaveLength(3_000);
  const outcomes = await write((trx, writer) => writer.changeMany(trx, acme, commandLine, changes));
  expect(new Set(outcomes)).toEqual(new Set(['changed']));
  const written = await server.query(
    url,
    `SELECT count(*)::int AS people FROM users JOIN lines USING (tenant_id, user_id)
      WHERE name LIKE 'Changed %' AND display_name = name AND email LIKE 'p%'`,
  );
  expect(written).toEqual([{ people: 3_000 }]);
  const acts = `SELECT 1 FROM audit_log WHERE action = 'user.change' AND after->>'name' LIKE 'Changed %'`;
  expect(await server.query(url, acts)).toHaveLength(3_000);
});
