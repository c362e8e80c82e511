import type { TenantId } from '@offhook/contract';
import { SeededRandom } from '@offhook/testkit';
import { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { commandLine } from '../audit/audit.ts';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { createUserWriter, writeUsers } from '../users/writer.ts';
import { requireSeat } from './seats.ts';
import { createUsageStore, seatDays } from './usage-store.ts';

const server = useTestServer();
const acme = 'acme' as TenantId;
const DAY = 86_400_000;

type Span = { user: string; from: number; to: number | null };

/** A tenant whose people had seats as told, and nobody else. */
async function world(options: { zone?: string; startsOn?: string; createdAt?: string; seats?: number } = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { zone = 'Europe/Berlin', startsOn = '2025-01-01', createdAt = '2025-01-01', seats = 100 } = options;
  // As a tenant that has been here for long, and whose people have no seats.
  const sql = <Row>(text: string, values: unknown[] = []) => server.query<Row>(url, text, values);
  await sql('UPDATE tenants SET time_zone = $1, created_at = $2 WHERE tenant_id = $3', [
    zone,
    Date.parse(createdAt),
    'acme',
  ]);
  await sql(
    `INSERT INTO subscriptions VALUES ('acme', 'openscape-voice', $1, 1000, 'EUR', $2)
       ON CONFLICT (tenant_id) DO UPDATE SET seats = excluded.seats, starts_on = excluded.starts_on`,
    [seats, startsOn],
  );
  const usage = createUsageStore(admin.database);
  const setSpans = async (spans: Span[]) => {
    await sql('DELETE FROM lines; DELETE FROM seat_spans');
    await sql(
      `INSERT INTO seat_spans (tenant_id, user_id, taken_at, freed_at)
         SELECT 'acme', s.* FROM jsonb_to_recordset($1) AS s ("user" text, "from" bigint, "to" bigint)`,
      [JSON.stringify(spans)],
    );
  };
  const recordedDays = () =>
    sql<{ day: string; used: number }>('SELECT day::text, used FROM seat_days ORDER BY day');
  return { url, admin, sql, usage, setSpans, recordedDays };
}

const instant = (text: string) => Date.parse(text);

test('a day counts on which the seat was taken at any time of it, in the time zone of the tenant, also when clocks change', async () => {
  const { usage, setSpans, recordedDays } = await world();
  await setSpans([
    // Taken a minute before midnight in Berlin, freed at the midnight that ends the next day.
    { user: 'late', from: instant('2025-03-29T22:59:00Z'), to: instant('2025-03-30T22:00:00Z') },
    // For no time at all, in the hour that is there twice.
    { user: 'short', from: instant('2025-10-26T00:30:00Z'), to: instant('2025-10-26T00:30:00Z') },
    // Twice on one day is one day.
    { user: 'twice', from: instant('2025-10-26T08:00:00Z'), to: instant('2025-10-26T09:00:00Z') },
    { user: 'twice', from: instant('2025-10-26T10:00:00Z'), to: instant('2025-10-26T11:00:00Z') },
  ]);
  await usage.record(acme, instant('2025-11-02T12:00:00Z'));
  expect((await recordedDays()).filter((day) => day.used > 0)).toEqual([
    { day: '2025-03-29', used: 1 },
    { day: '2025-03-30', used: 1 },
    { day: '2025-10-26', used: 2 },
  ]);
  const lines = await usage.ofTenant(acme, instant('2025-11-02T12:00:00Z'));
  expect(lines.map(({ month }) => month)).toEqual(
    Array.from({ length: 11 }, (_, index) => `2025-${String(11 - index).padStart(2, '0')}`),
  );
  expect(lines.find(({ month }) => month === '2025-03')).toEqual({
    tenantId: 'acme',
    tenantName: 'Tenant acme',
    month: '2025-03',
    platform: 'openscape-voice',
    timeZone: 'Europe/Berlin',
    seats: 100,
    userDays: 2,
    daysInMonth: 31,
    userMonths: 0.0645,
    price: { amount: 1000, currency: 'EUR' },
    amount: 65,
    closed: true,
  });
  expect(lines[0]).toMatchObject({ month: '2025-11', userDays: 0, closed: false });
});

/** The calendar day of an instant, by the language's own calendar. */
const calendar = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at: number) => format.format(at);
};

/** What the tables must say: every half hour is looked at, and every end of a span. */
function bruteForce(spans: Span[], zone: string, until: number): Map<string, Set<string>> {
  const dayOf = calendar(zone);
  const days = new Map<string, Set<string>>();
  for (const { user, from, to } of spans) {
    const last = Math.min(to === null ? until : Math.max(from, to - 1), until);
    const instants = [last];
    for (let at = from; at <= last; at += DAY / 48) instants.push(at);
    for (const at of instants) {
      const day = dayOf(at);
      days.set(day, (days.get(day) ?? new Set()).add(user));
    }
  }
  return days;
}

test.each([
  { zone: 'Europe/Berlin', seed: 1 },
  { zone: 'America/New_York', seed: 2 },
  { zone: 'Pacific/Chatham', seed: 3 },
  { zone: 'Asia/Beirut', seed: 4 },
  { zone: 'UTC', seed: 5 },
])(
  'any sequence of assignments is counted as one would by hand: $zone, seed $seed',
  async ({ zone, seed }) => {
    const random = new SeededRandom(seed);
    const { usage, setSpans, recordedDays } = await world({ zone });
    const begin = instant('2025-02-20T00:00:00Z');
    const until = instant('2025-05-10T12:34:56Z');
    const spans = Array.from({ length: 15 }, (_, index) => `user-${index}`).flatMap((user): Span[] => {
      const own: Span[] = [];
      let from = begin + Math.floor(random.fraction() * 40 * DAY);
      while (from < until && own.at(-1)?.to !== null) {
        // Some short, some for weeks, some for good; some come back on the same day.
        const to = from + Math.floor(random.fraction() ** 4 * 40 * DAY);
        own.push({ user, from, to: random.fraction() < 0.2 || to > until ? null : to });
        from = to + Math.floor(random.fraction() ** 3 * 20 * DAY);
      }
      return own;
    });
    await setSpans(spans);
    // At odd times, with days and weeks missed in between; what is run twice is counted once.
    for (let at = begin; at < until; at += Math.floor(random.fraction() * 9 * DAY)) {
      await setSpans(
        spans
          .filter(({ from }) => from <= at)
          .map((span) => ({ ...span, to: span.to !== null && span.to <= at ? span.to : null })),
      );
      await usage.record(acme, at);
      if (random.fraction() < 0.3) await usage.record(acme, at);
    }
    await setSpans(spans);
    const expected = bruteForce(spans, zone, until);
    const today = calendar(zone)(until);
    const live = await usage.ofTenant(acme, until);
    await usage.record(acme, until);
    const recorded = await recordedDays();
    expect(
      Object.fromEntries(recorded.filter(({ used }) => used > 0).map(({ day, used }) => [day, used])),
    ).toEqual(
      Object.fromEntries(
        [...expected].filter(([day]) => day < today).map(([day, users]) => [day, users.size]),
      ),
    );
    for (const line of live.filter(({ month }) => month >= '2025-02')) {
      const days = [...expected].filter(([day]) => day.startsWith(line.month));
      expect(line).toMatchObject({ userDays: days.reduce((sum, [, users]) => sum + users.size, 0) });
    }
    // Recording changes no figure.
    const figures = (lines: typeof live) => lines.map(({ closed: _closed, ...line }) => line);
    expect(figures(await usage.ofTenant(acme, until))).toEqual(figures(live));
  },
);

test('a month is closed once, with the seats and the price that it had; nothing changes it any more', async () => {
  const { admin, sql, usage, setSpans } = await world();
  await setSpans([{ user: 'anna', from: instant('2025-06-01T10:00:00Z'), to: null }]);
  await usage.record(acme, instant('2025-07-01T12:00:00Z'));
  const june = async () =>
    (await usage.ofTenant(acme, instant('2025-07-02T00:00:00Z'), '2025-06')).map(
      ({ userDays, amount, seats, closed }) => ({ userDays, amount, seats, closed }),
    );
  expect(await june()).toEqual([{ userDays: 30, amount: 1000, seats: 100, closed: true }]);
  // Known late, dearer, more: the bill has gone out.
  await setSpans([
    { user: 'anna', from: instant('2025-06-01T10:00:00Z'), to: null },
    { user: 'ben', from: instant('2025-06-01T10:00:00Z'), to: null },
  ]);
  await sql('UPDATE subscriptions SET price_amount = 5000, seats = 7');
  await usage.record(acme, instant('2025-07-03T12:00:00Z'));
  expect(await june()).toEqual([{ userDays: 30, amount: 1000, seats: 100, closed: true }]);
  for (const text of [
    'UPDATE usage_months SET user_days = 0',
    'DELETE FROM usage_months',
    'UPDATE seat_days SET used = 0',
    'DELETE FROM seat_days',
    'TRUNCATE usage_months',
  ]) {
    const done = admin.database.inTenant(acme, (trx) => trx.executeQuery(CompiledQuery.raw(text)));
    await expect(done).rejects.toThrow(/permission denied/u);
  }
});

test('whoever changes the price or the time zone closes first what is over, though no job has run', async () => {
  const { admin, sql, usage, setSpans, recordedDays } = await world();
  await setSpans([{ user: 'anna', from: instant('2025-06-01T10:00:00Z'), to: null }]);
  await admin.database.inTenant(acme, (trx) =>
    trx.updateTable('subscriptions').set({ price_amount: 5000 }).execute(),
  );
  const amounts = new Map((await usage.ofTenant(acme, Date.now())).map((line) => [line.month, line]));
  expect(amounts.get('2025-06')).toMatchObject({ amount: 1000, closed: true });
  expect([...amounts.values()].filter(({ closed }) => !closed)).toMatchObject([
    { price: { amount: 5000, currency: 'EUR' } },
  ]);
  await sql('TRUNCATE seat_days, usage_months');
  await admin.database.asProvider((trx) =>
    trx.updateTable('tenants').set({ time_zone: 'Asia/Tokyo' }).where('tenant_id', '=', acme).execute(),
  );
  expect((await recordedDays())[0]).toEqual({ day: '2025-06-01', used: 1 });
  expect((await usage.ofTenant(acme, Date.now(), '2025-06'))[0]).toMatchObject({ timeZone: 'Europe/Berlin' });
});

test('a time zone that moves counts no day twice', async () => {
  const { sql, usage, setSpans, recordedDays } = await world({ zone: 'Pacific/Auckland' });
  await setSpans([
    { user: 'anna', from: instant('2025-06-09T00:00:00Z'), to: instant('2025-06-12T00:00:00Z') },
  ]);
  await usage.record(acme, instant('2025-06-11T00:00:00Z'));
  await sql(`ALTER TABLE tenants DISABLE TRIGGER record_usage`);
  await sql(`UPDATE tenants SET time_zone = 'America/Los_Angeles' WHERE tenant_id = 'acme'`);
  // There it is the tenth, which is recorded already.
  await usage.record(acme, instant('2025-06-11T01:00:00Z'));
  await usage.record(acme, instant('2025-06-20T00:00:00Z'));
  expect((await recordedDays()).filter(({ used }) => used > 0)).toEqual([
    { day: '2025-06-09', used: 1 },
    { day: '2025-06-10', used: 1 },
    { day: '2025-06-11', used: 1 },
  ]);
  await sql(`UPDATE tenants SET time_zone = 'Nowhere/At all' WHERE tenant_id = 'acme'`);
  expect((await usage.ofTenant(acme, instant('2025-06-20T00:00:00Z')))[0]).toMatchObject({ timeZone: 'UTC' });
});

test('nothing is billed before the subscription starts, or before the tenant was there', async () => {
  const { usage, setSpans } = await world({ startsOn: '2025-06-21', createdAt: '2025-06-11' });
  await setSpans([{ user: 'anna', from: instant('2025-06-01T00:00:00Z'), to: null }]);
  const months = async (now: string) =>
    (await usage.ofTenant(acme, instant(now))).map(({ month, userDays }) => [month, userDays]);
  expect(await months('2025-06-20T12:00:00Z')).toEqual([]);
  expect(await months('2025-06-30T12:00:00Z')).toEqual([['2025-06', 10]]);
});

test('lines and people who come, go, are disabled and come back: the trigger tells who has a seat, and since when', async () => {
  const { admin, sql, usage } = await world();
  const writer = createUserWriter({ secrets: admin.secrets, requireSeats: requireSeat });
  const connectorId = await admin.connectorId('acme');
  const write = (work: Parameters<typeof writeUsers<unknown>>[3]) =>
    writeUsers(admin.database, writer, acme, work);
  const holders = async () =>
    (
      await sql<{ email: string }>(
        `SELECT coalesce(u.email, s.user_id) AS email FROM seat_spans s LEFT JOIN users u USING (tenant_id, user_id)
          WHERE s.freed_at IS NULL ORDER BY 1`,
      )
    ).map(({ email }) => email.split('@')[0]);
  const [anna, ben] = [await admin.userId('anna@acme.example'), await admin.userId('ben@acme.example')];
  expect(await holders()).toEqual(['anna', 'ben']);

  await write((trx) => writer.setDisabled(trx, acme, commandLine, anna, true));
  expect(await holders()).toEqual(['ben']);
  // A line in another connector, or another number, is the same seat.
  await write((trx) => writer.change(trx, acme, commandLine, ben, { line: { connectorId, number: '111' } }));
  expect(await holders()).toEqual(['ben']);
  await write((trx) => writer.setDisabled(trx, acme, commandLine, anna, false));
  await write((trx) => writer.remove(trx, acme, commandLine, ben));
  expect(await holders()).toEqual(['anna']);
  await write((trx) => writer.restore(trx, acme, commandLine, ben));
  expect(await holders()).toEqual(['anna', 'ben']);
  // Who is gone altogether has had a seat nevertheless.
  await admin.database.inTenant(acme, (trx) => trx.deleteFrom('users').where('user_id', '=', ben).execute());
  expect(await holders()).toEqual(['anna']);
  const [line] = await usage.ofTenant(acme, Date.now());
  expect(line).toMatchObject({ userDays: 2 });
  // With the connector go its lines.
  await admin.database.inTenant(acme, (trx) => trx.deleteFrom('connectors').execute());
  expect(await holders()).toEqual([]);
  expect(await sql('SELECT 1 FROM seat_spans WHERE freed_at < taken_at')).toEqual([]);
  // What was not told of, the next round notices.
  await sql(`INSERT INTO seat_spans (tenant_id, user_id, taken_at) VALUES ('acme', $1, 1)`, [anna]);
  await usage.record(acme, Date.now());
  expect(await holders()).toEqual([]);
});

test('of two who want the last seat at once one gets it, whoever writes', async () => {
  const { admin } = await world({ seats: 3 });
  const { database } = admin;
  const connectorId = await admin.connectorId('acme');
  const take = (name: string) =>
    database.inTenant(acme, async (trx) => {
      await requireSeat(trx, acme);
      await trx
        .insertInto('users')
        .values({
          tenant_id: acme,
          user_id: name,
          email: `${name}@acme.example`,
          name,
          role: 'user',
          password_hash: null,
        })
        .execute();
      await trx
        .insertInto('lines')
        .values({
          tenant_id: acme,
          line_id: name,
          connector_id: connectorId,
          user_id: name,
          number: name,
          display_name: name,
          auth_user: name,
          secret: Buffer.alloc(0),
        })
        .execute();
    });
  const outcomes = await Promise.allSettled([take('eve'), take('finn')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'seats_exhausted' });
});

test('a suspended tenant is counted on; one that is deleted for good is billed to its last day', async () => {
  const { admin, sql, usage, setSpans } = await world();
  await setSpans([{ user: 'anna', from: Date.now() - 400 * DAY, to: null }]);
  await sql(`UPDATE tenants SET status = 'suspended' WHERE tenant_id = 'acme'`);
  const before = await usage.ofTenant(acme, Date.now());
  expect(before[0]).toMatchObject({ closed: false });
  expect(before[0]?.userDays).toBeGreaterThan(0);
  await admin.database.inTenant(acme, (trx) => trx.deleteFrom('tenants').execute());
  const [last] = await usage.ofAll(Date.now(), before[0]?.month ?? '');
  expect(last).toEqual({ ...before[0], closed: true });
  expect(await sql('SELECT 1 FROM seat_days UNION ALL SELECT 1 FROM seat_spans')).toEqual([]);
});

test('the provider sees counts of every tenant, and nobody who is counted', async () => {
  const { admin, usage } = await world();
  const now = Date.now();
  const month = calendar('Europe/Berlin')(now).slice(0, 7);
  expect(await usage.ofAll(now, month)).toMatchObject([{ tenantId: 'acme', userDays: 2, closed: false }]);
  await expect(
    admin.database.asProvider((trx) => trx.selectFrom('seat_spans').selectAll().execute()),
  ).rejects.toThrow(/permission denied/u);
  // And a tenant cannot ask as the provider does.
  await expect(
    admin.database.inTenant(acme, (trx) =>
      trx.executeQuery(CompiledQuery.raw(`SELECT * FROM provider_open_usage(${now})`)),
    ),
  ).rejects.toThrow(/permission denied/u);
});

test('seats over time, for charts: one value a day, 0 before there was any', async () => {
  const { admin, usage, setSpans } = await world();
  await setSpans([{ user: 'anna', from: instant('2025-06-08T12:00:00Z'), to: null }]);
  await usage.record(acme, instant('2025-06-10T12:00:00Z'));
  const days = await admin.database.inTenant(acme, (trx) =>
    seatDays(trx, acme, 5, instant('2025-06-11T12:00:00Z')),
  );
  expect(days).toEqual([
    { day: '2025-06-07', used: 0 },
    { day: '2025-06-08', used: 1 },
    { day: '2025-06-09', used: 1 },
    { day: '2025-06-10', used: 1 },
    { day: '2025-06-11', used: 1 },
  ]);
});
