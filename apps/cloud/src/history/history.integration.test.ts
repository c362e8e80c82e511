import {
  Direction,
  EndCause,
  historyKindOf,
  type CallRecord,
  type HistoryEntry,
  type HistoryPage,
  type UserId,
} from '@offhook/contract';
import { expect, test } from 'vitest';
import { expireCallRecords } from '../privacy/erase.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { callRecord, openClient, openConnector, signIn } from '../testing/peers.ts';
import { allEntries } from './export.ts';
import { createHistoryStore } from './store.ts';

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const connector = await openConnector(cloud.url, key);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const { me } = (await (await anna.get('/api/session')).json()) as { me: { userId: UserId } };
  const record = (id: string, rest: Partial<CallRecord> = {}) => callRecord(me.userId, id, rest);
  const append = (...records: CallRecord[]) => connector.call('records.append', { records });
  const page = async (query = ''): Promise<HistoryPage> =>
    (await (await anna.get(`/api/history?${query}`)).json()) as HistoryPage;
  const ids = async (query = '') => (await page(query)).entries.map(({ recordId }) => recordId as string);
  return { url, admin, cloud, anna, me, record, append, page, ids };
}

function missedCall({ answeredAt: _answeredAt, ...record }: CallRecord): CallRecord {
  return { ...record, direction: 'incoming', cause: 'no_answer' };
}

test('[D7] filters, and a search for names, numbers in any format and notes, page by page', async () => {
  const { anna, append, record, ids } = await world();
  await append(
    record('r1', { remote: { number: '+498970112', name: 'Zoë Müller' }, startedAt: 1_000 }),
    missedCall(record('r2', { remote: { number: '08970112' }, startedAt: 2_000 })),
    record('r3', { direction: 'incoming', remote: { number: '201', name: 'Carla' }, startedAt: 3_000 }),
    missedCall(record('r4', { remote: { number: '+34932201', name: 'Jordi' }, startedAt: 4_000 })),
  );
  await anna.patch('/api/history/r3', { note: 'Wants the offer for the zoo by Friday' });
  expect(await ids()).toEqual(['r4', 'r3', 'r2', 'r1']);
  expect(await ids('filter=missed')).toEqual(['r4', 'r2']);
  expect(await ids('filter=incoming')).toEqual(['r4', 'r3', 'r2']);
  expect(await ids('filter=outgoing')).toEqual(['r1']);
  expect(await ids('search=zoe')).toEqual(['r1']);
  expect(await ids('search=mull%20zo')).toEqual(['r1']);
  expect(await ids('search=offer%20carla')).toEqual(['r3']);
  for (const same of ['%2B49%20(0)89%20701-12', '0049%2089%2070112', '089/70112', '70112']) {
    expect([same, await ids(`search=${same}`)]).toEqual([same, ['r2', 'r1']]);
  }
  expect(await ids('search=201')).toEqual(['r4', 'r3']);
  expect(await ids('search=201&filter=missed')).toEqual(['r4']);
  expect(await ids('search=201&limit=1&before=r4')).toEqual(['r3']);
  expect(await ids('search=%25')).toEqual([]);
});

test('[D7] missed calls are counted until they are looked at, on every device at once', async () => {
  const { cloud, anna, append, record } = await world();
  const devices = [await openClient(cloud.url, anna), await openClient(cloud.url, anna)];
  for (const device of devices) await device.snapshot();
  await append(missedCall(record('r1')), record('r2'), missedCall(record('r3')));
  for (const device of devices) expect(await device.event('history.missed')).toEqual({ count: 2 });
  expect(await (await anna.get('/api/history/missed')).json()).toEqual({ count: 2 });
  expect(await (await anna.post('/api/history/seen')).json()).toEqual({ count: 0 });
  for (const device of devices) expect(await device.event('history.missed')).toEqual({ count: 0 });
  // One that the connector tells of late counts all the same.
  await append(missedCall(record('r4', { startedAt: 5 })));
  expect(await (await anna.get('/api/history/missed')).json()).toEqual({ count: 1 });
});

test('[D7] the database and the contract agree on what is missed', async () => {
  const { append, record, page, ids } = await world();
  const records = Direction.options.flatMap((direction) =>
    EndCause.options.flatMap((cause) => {
      const whole = record(`${direction}-${cause}`, { direction, cause });
      const { answeredAt: _answeredAt, ...silent } = record(`${direction}-${cause}-silent`, {
        direction,
        cause,
      });
      return [whole, silent];
    }),
  );
  await append(...records);
  const all = (await page('limit=200')).entries;
  expect(all).toHaveLength(records.length);
  expect(await ids('limit=200&filter=missed')).toEqual(
    all.filter((entry) => historyKindOf(entry) === 'missed').map(({ recordId }) => recordId),
  );
});

test('[D7] a note and a deletion are the person’s own, are told to all devices, and a deletion can be undone', async () => {
  const { cloud, anna, append, record, page, ids } = await world();
  const device = await openClient(cloud.url, anna);
  await device.snapshot();
  await append(record('r1'), missedCall(record('r2')));
  const noted = await anna.patch('/api/history/r1', { note: '  Ask about =1+1  ' });
  expect(await noted.json()).toMatchObject({ recordId: 'r1', note: 'Ask about =1+1' });
  expect(await device.event('history.changed')).toMatchObject({ entry: { note: 'Ask about =1+1' } });
  expect((await anna.patch('/api/history/r1', { note: 'x'.repeat(1001) })).status).toBe(400);
  await anna.patch('/api/history/r1', { note: '' });
  expect((await page()).entries.find(({ recordId }) => recordId === 'r1')).not.toHaveProperty('note');
  await anna.patch('/api/history/r2', { deleted: true });
  expect(await device.event('history.removed')).toEqual({ recordId: 'r2' });
  expect(await ids()).toEqual(['r1']);
  expect(await (await anna.get('/api/history/missed')).json()).toEqual({ count: 0 });
  await anna.patch('/api/history/r2', { deleted: false });
  expect(await ids()).toEqual(['r2', 'r1']);
  // Nobody else has this entry.
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  expect((await ben.patch('/api/history/r1', { note: 'mine' })).status).toBe(404);
});

test('[D7] what a person deleted is gone for good a day later, and whoever is erased is in nobody’s record', async () => {
  const { url, admin, anna, append, record, page, ids } = await world();
  const now = Date.now();
  const recent = { startedAt: now, answeredAt: now, endedAt: now };
  const ben = await signIn(anna.url, 'ben@acme.example', 'ben-password');
  const { me } = (await (await ben.get('/api/session')).json()) as { me: { userId: UserId; number: string } };
  await append(
    record('r1', recent),
    record('r2', { ...recent, members: [{ number: me.number }, { number: '5' }] }),
  );
  expect((await page()).entries[0]).toMatchObject({
    members: [{ userId: me.userId, name: 'Ben Carter' }, {}],
  });
  await anna.patch('/api/history/r1', { deleted: true });
  expect((await expireCallRecords(admin.database, now + 3_600_000, 10)).done).toBe(0);
  expect((await expireCallRecords(admin.database, now + 90_000_000, 10)).done).toBe(1);
  expect((await anna.patch('/api/history/r1', { deleted: false })).status).toBe(404);
  await server.query(
    url,
    `SELECT set_config('offhook.tenant_id', 'acme', false);
     UPDATE users SET gone_at = 1 WHERE user_id = '${me.userId}'; SELECT pseudonymise_person('acme', '${me.userId}', 2);`,
  );
  expect(await ids()).toEqual(['r2']);
  expect((await page()).entries[0]).not.toHaveProperty('members');
});

test('[D7] a call that a restart of the connector cut in two is one entry; a new call is another', async () => {
  const { cloud, anna, append, record, page, ids } = await world();
  const device = await openClient(cloud.url, anna);
  await device.snapshot();
  const first = record('r1', {
    remote: { number: '400' },
    startedAt: 1_000,
    answeredAt: 3_000,
    endedAt: 60_000,
    cause: 'connector_lost',
    steps: [{ kind: 'at', at: 3_000, where: 'desk_phone' }],
  });
  const second = record('r2', {
    remote: { number: '400' },
    startedAt: 70_000,
    answeredAt: 70_000,
    endedAt: 90_000,
    foundRunning: true,
  });
  await append(first);
  await append(second);
  expect(await device.event('history.changed')).toMatchObject({
    entry: { recordId: 'r1', answeredAt: 3_000, endedAt: 90_000, cause: 'completed' },
  });
  // The same again changes nothing.
  expect(await append(first, second)).toMatchObject({ accepted: ['r1', 'r2'] });
  expect((await page()).entries).toMatchObject([{ recordId: 'r1', endedAt: 90_000, cause: 'completed' }]);
  await append({ ...first, recordId: 'r3' as HistoryEntry['recordId'] });
  await append(record('r4', { remote: { number: '400' }, startedAt: 70_000, endedAt: 80_000 }));
  expect((await ids()).toSorted()).toEqual(['r1', 'r3', 'r4']);
});

test('[D7] who was in a conference, who forwarded it and where it went is kept', async () => {
  const { append, record, page } = await world();
  const way: Partial<CallRecord> = {
    divertedBy: { number: '300' },
    members: [{ number: '201', name: 'Carla' }, { number: '202' }],
    steps: [
      { kind: 'rang', at: 1_000, where: 'desk_phone' },
      { kind: 'at', at: 2_000, where: 'client' },
      { kind: 'with', at: 2_500, party: { number: '201', name: 'Carla' } },
    ],
  };
  await append(record('r1', { remote: { number: '700', name: 'Conference' }, ...way }));
  expect((await page()).entries).toMatchObject([way]);
});

test('[D7] all of it as CSV: in local time and UTC, with nothing that a spreadsheet runs', async () => {
  const { admin, anna, me, append, record } = await world();
  await append(
    record('r1', {
      remote: { number: '+498970112', name: '=HYPERLINK("http://evil")' },
      startedAt: Date.UTC(2026, 6, 1, 22, 30),
      answeredAt: Date.UTC(2026, 6, 1, 22, 30, 5),
      endedAt: Date.UTC(2026, 6, 1, 22, 31, 5),
    }),
    record('r2'),
    record('r3'),
  );
  await anna.patch('/api/history/r1', { note: '@SUM(1)' });
  await anna.patch('/api/history/r2', { deleted: true });
  const response = await anna.get('/api/history/export?timeZone=Europe/Berlin');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="calls.csv"');
  const lines = (await response.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toBe(
    `2026-07-02,00:30:00,Europe/Berlin,outgoing,"'=HYPERLINK(""http://evil"")",'+498970112,5,60,completed,,,,'@SUM(1),` +
      '2026-07-01T22:30:00.000Z,2026-07-01T22:30:05.000Z,2026-07-01T22:31:05.000Z,r1',
  );
  expect((await anna.get('/api/history/export?timeZone=Moon/Base')).status).toBe(400);
  const store = createHistoryStore(admin.database);
  for (const atOnce of [1, 2, 3]) {
    const all = await Array.fromAsync(allEntries(store, 'acme' as never, me.userId, atOnce));
    expect(all.map(({ recordId }) => recordId)).toEqual(['r1', 'r3']);
  }
});

test('[D7] among 10,000 entries of one person a page, a search and the count find theirs', async () => {
  const { url, anna, me, append, record, ids } = await world();
  await append(record('r1', { remote: { number: '+4930555', name: 'The oldest' }, startedAt: 1 }));
  await server.query(
    url,
    `SELECT set_config('offhook.tenant_id', 'acme', false);
     INSERT INTO call_records (tenant_id, record_id, user_id, connector_id, call_id, correlation_id, direction, remote_number, remote_name,
         started_at, answered_at, ended_at, cause)
       SELECT 'acme', 'n' || n, '${me.userId}', r.connector_id, 'c' || n, 'c' || n, CASE WHEN n % 2 = 0 THEN 'incoming' ELSE 'outgoing' END,
         '+4989' || n, 'Person ' || n, n * 1000, CASE WHEN n % 6 = 0 THEN NULL ELSE n * 1000 END, n * 1000 + 500, 'no_answer'
         FROM generate_series(1, 10000) AS n CROSS JOIN (SELECT connector_id FROM call_records LIMIT 1) AS r;`,
  );
  const page = await ids('limit=50');
  const deep = await ids('limit=50&before=n5000');
  const name = await ids('search=oldest');
  const number = await ids('search=030%20555');
  const some = await ids('filter=missed');
  expect(page[0]).toBe('n10000');
  expect(deep[0]).toBe('n4999');
  expect(name).toEqual(['r1']);
  expect(number).toContain('r1');
  expect(some[0]).toBe('n9996');
  expect(await (await anna.get('/api/history/missed')).json()).toEqual({ count: 1666 });
});
