import { OffhookError, type LineSettings, type PresenceChoice } from '@offhook/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createInProcessBus } from '../bus/in-process.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { cuttable } from '../testing/cut-bus.ts';
import { useTestServer } from '../testing/database.ts';
import { lineSettings, openClient, openConnector, signIn, userSnapshot } from '../testing/peers.ts';

const server = useTestServer();
/** Short, for what waits for them; else as in production. */
const quick = { clientGrace: 100, linkGrace: 200 };

async function world(presence: Record<string, number> = quick) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const start = (more: Parameters<typeof startCloud>[2] = {}) =>
    startCloud(url, admin.secrets, { timings: { presence }, ...more });
  const cloud = await start();
  const client = async (name: 'anna' | 'ben' | 'admin' = 'anna', at = cloud.url) => {
    const opened = await openClient(at, await signIn(at, `${name}@acme.example`, `${name}-password`));
    const first = await opened.snapshot();
    const choose = async (choice: PresenceChoice) => (await opened.call('presence.set', { choice })).presence;
    return { ...opened, first, choose };
  };
  return {
    url,
    admin,
    cloud,
    key,
    start,
    client,
    annaId: await admin.userId('anna@acme.example'),
    benId: await admin.userId('ben@acme.example'),
  };
}

/** A connector whose platform has do-not-disturb, and can be told to fail. */
async function connect(url: string, key: string, settable: LineSettings['settable'] = ['doNotDisturb']) {
  const platform = { doNotDisturb: false, refuses: false, asked: [] as unknown[] };
  const settings = () => lineSettings({ doNotDisturb: platform.doNotDisturb, settable });
  const connector = await openConnector(url, key, {
    'user.snapshot': () => userSnapshot('e' as never, { settings: settings(), abilities: ['settings'] }),
    'settings.set': ({ change }) => {
      platform.asked.push(change);
      if (platform.refuses) throw new OffhookError('feature_refused');
      platform.doNotDisturb = change.doNotDisturb ?? platform.doNotDisturb;
      return { settings: settings() };
    },
  });
  await connector.event('clients.snapshot');
  connector.tell('activity.snapshot', { users: [], more: false });
  return { ...connector, platform, settings };
}

test('[B1 B2 B4] a colleague sees live what comes of clients and line; search and snapshot have the same', async () => {
  const { cloud, key, client, annaId } = await world();
  const connector = await connect(cloud.url, key);
  const anna = await client();
  expect(anna.first.presence).toEqual({ state: 'available', line: 'idle', choice: 'automatic' });
  const ben = await client('ben');
  const watched = await ben.call('presence.watch', { userIds: [annaId, 'of-nobody' as never] });
  expect(watched.presences).toEqual([{ userId: annaId, presence: { state: 'available', line: 'idle' } }]);
  const next = async () => (await ben.event('presence.changed')) as object;

  connector.tell('activity.changed', { userId: annaId, activity: 'ringing' });
  expect(await next()).toEqual({ userId: annaId, presence: { state: 'available', line: 'ringing' } });
  connector.tell('activity.changed', { userId: annaId, activity: 'talking' });
  expect(await next()).toEqual({ userId: annaId, presence: { state: 'busy', line: 'talking' } });
  const found = await ben.call('directory.search', { query: 'anna', limit: 5 });
  expect(found.entries[0]?.presence).toEqual({ state: 'busy', line: 'talking' });
  connector.tell('activity.changed', { userId: annaId, activity: 'idle' });
  expect(await next()).toMatchObject({ presence: { state: 'available', line: 'idle' } });

  await anna.call('presence.idle', { idle: true });
  expect(await next()).toMatchObject({ presence: { state: 'away' } });
  const second = await client();
  expect(await next()).toMatchObject({ presence: { state: 'available' } });
  await second.call('presence.idle', { idle: true });
  expect(await next()).toMatchObject({ presence: { state: 'away' } });
  await anna.call('presence.idle', { idle: false });
  expect(await next()).toMatchObject({ presence: { state: 'available' } });
  for (const window of [anna, second]) window.socket.close();
  expect(await next()).toMatchObject({ presence: { state: 'offline', line: 'idle' } });

  const metrics = await (await fetch(cloud.metricsUrl)).text();
  expect(metrics).toMatch(/offhook_presence_watchers 1\n/u);
  expect(metrics).toMatch(/offhook_presence_changes_total [1-9]/u);
  await ben.call('presence.watch', { userIds: [] });
  expect(await (await fetch(cloud.metricsUrl)).text()).toMatch(/offhook_presence_watchers 0\n/u);
});

test('[B1 B3] each choice is seen by colleagues and on all of one’s clients, and outlives the cloud', async () => {
  const { cloud, client, annaId, start } = await world();
  const [anna, second, ben] = [await client(), await client(), await client('ben')];
  await ben.call('presence.watch', { userIds: [annaId] });
  for (const [choice, state] of [
    ['busy', 'busy'],
    ['do_not_disturb', 'do_not_disturb'],
    ['away', 'away'],
    ['appear_offline', 'offline'],
    ['available', 'available'],
  ] as const) {
    expect(await anna.choose(choice)).toMatchObject({ state, choice });
    expect(await second.event('ownPresence.changed')).toMatchObject({ presence: { state, choice } });
    expect(await ben.event('presence.changed')).toMatchObject({ userId: annaId, presence: { state } });
  }
  await anna.choose('away');
  await cloud.close();
  const again = await start();
  expect((await client('anna', again.url)).first.presence).toMatchObject({ state: 'away', choice: 'away' });
  const back = await client('anna', again.url);
  expect(await back.choose('automatic')).toMatchObject({ state: 'available', choice: 'automatic' });
});

test('[B3] do-not-disturb goes to the platform once, whoever chose it, and comes back from there', async () => {
  const { cloud, key, client, annaId, url } = await world();
  const connector = await connect(cloud.url, key);
  const { platform } = connector;
  const [anna, second] = [await client(), await client()];
  expect(await anna.choose('do_not_disturb')).toMatchObject({ state: 'do_not_disturb' });
  expect(await second.event('ownPresence.changed')).toMatchObject({ presence: { choice: 'do_not_disturb' } });
  expect(platform.asked).toEqual([{ doNotDisturb: true }]);
  expect(await anna.choose('automatic')).toEqual({ state: 'available', line: 'idle', choice: 'automatic' });
  expect(platform.asked).toEqual([{ doNotDisturb: true }, { doNotDisturb: false }]);
  // First the choice, then what the platform made of it; colleagues see the second alone.
  for (const state of ['do_not_disturb', 'available']) {
    expect(await second.event('ownPresence.changed')).toMatchObject({
      presence: { state, choice: 'automatic' },
    });
  }

  // At the desk phone, and off again.
  for (const [doNotDisturb, state, choice] of [
    [true, 'do_not_disturb', 'do_not_disturb'],
    [false, 'available', 'automatic'],
  ] as const) {
    platform.doNotDisturb = doNotDisturb;
    connector.tell('settings.changed', { userId: annaId, settings: connector.settings() });
    expect(await second.event('ownPresence.changed')).toMatchObject({ presence: { state, choice } });
  }
  // By the settings of a client.
  await anna.call('settings.set', { change: { doNotDisturb: true } });
  expect(await second.event('ownPresence.changed')).toMatchObject({ presence: { choice: 'do_not_disturb' } });
  // Taken back at the desk phone, it is not set again with the next configuration.
  connector.tell('settings.changed', { userId: annaId, settings: lineSettings() });
  expect(await second.event('ownPresence.changed')).toMatchObject({ presence: { choice: 'automatic' } });
  const { lines } = await connector.call('config.get', {});
  expect(lines.find(({ userId }) => userId === annaId)?.kept).toEqual({ doNotDisturb: false });
  expect(platform.asked).toHaveLength(3);
  expect(await server.query(url, 'SELECT choice, platform_dnd FROM presence_choices')).toEqual([
    { choice: 'automatic', platform_dnd: false },
  ]);
});

test('[B3 PR-24] a choice that the platform has not heard of holds, and is told to it when it can be', async () => {
  const { cloud, key, client, annaId } = await world();
  const anna = await client();
  expect(await anna.choose('do_not_disturb')).toMatchObject({ state: 'do_not_disturb' });
  const connector = await connect(cloud.url, key, []);
  await anna.snapshot();
  // It says that it is off, and cannot be set: no reason to take the choice back.
  expect(connector.platform.asked).toEqual([]);
  connector.tell('settings.changed', {
    userId: annaId,
    settings: lineSettings({ settable: ['doNotDisturb'] }),
  });
  await vi.waitUntil(() => connector.platform.asked.length > 0);
  expect(connector.platform.asked).toEqual([{ doNotDisturb: true }]);
  expect((await anna.call('snapshot.get', {})).presence).toMatchObject({ choice: 'do_not_disturb' });
  connector.platform.refuses = true;
  // What the platform keeps on is shown, whatever was chosen.
  expect(await anna.choose('automatic')).toMatchObject({ state: 'do_not_disturb', choice: 'automatic' });
});

test('while the database is away a choice is answered unavailable; what the platform says waits for it', async () => {
  const { cloud, key, client, annaId, url } = await world();
  const connector = await connect(cloud.url, key);
  const anna = await client();
  await server.setReachable(url, false);
  await expect(anna.choose('busy')).rejects.toMatchObject({ code: 'unavailable' });
  connector.tell('settings.changed', { userId: annaId, settings: lineSettings({ doNotDisturb: true }) });
  connector.tell('activity.changed', { userId: annaId, activity: 'talking' });
  expect(await anna.event('ownPresence.changed')).toMatchObject({ presence: { state: 'busy' } });
  await server.setReachable(url, true);
  expect(await anna.event('ownPresence.changed')).toMatchObject({ presence: { state: 'do_not_disturb' } });
});

async function refusalsOf(ask: () => Promise<unknown>, times: number): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(Array.from({ length: times }, ask));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

test('choices and watches beyond what a person does are answered rate_limited', async () => {
  const { client, cloud, annaId } = await world();
  const anna = await client();
  const refused = await refusalsOf(() => anna.choose('busy'), 62);
  expect(refused).toHaveLength(2);
  for (const one of refused) {
    expect(one).toMatchObject({ code: 'rate_limited', retryAfter: expect.any(Number) });
  }
  expect(await refusalsOf(() => anna.call('presence.idle', { idle: false }), 50)).toEqual([]);
  await expect(anna.ask('presence.watch', { userIds: Array(1_001).fill(annaId) })).rejects.toMatchObject({
    code: 'bad_request',
  });
  expect(await (await fetch(cloud.metricsUrl)).text()).toContain(
    'offhook_limits_total{limit="method_rate"} 2',
  );
});

test('[B2 B4] over two nodes: seen from the other one, and not for ever when its own is killed', async () => {
  const timings = { ...quick, beacon: 100, nodeLost: 400 };
  const { start, key, client, annaId, benId } = await world(timings);
  const bus = createInProcessBus({ onError: (error) => expect(error).toBeUndefined() });
  onTestFinished(() => bus.close());
  const doomed = cuttable(bus);
  const [left, right] = [await start({ bus }), await start({ bus: doomed.bus })];
  const ben = await client('ben', left.url);
  const anna = await client('anna', right.url);
  const connector = await connect(right.url, key);
  await ben.call('presence.watch', { userIds: [annaId, benId] });
  const until = async (wanted: object) => {
    const wantedText = JSON.stringify(wanted);
    for (;;) {
      const { userId, presence } = (await ben.event('presence.changed')) as {
        userId: string;
        presence: object;
      };
      if (userId === annaId && JSON.stringify(presence) === wantedText) return;
    }
  };
  connector.tell('activity.changed', { userId: annaId, activity: 'talking' });
  await until({ state: 'busy', line: 'talking' });
  await anna.choose('away');
  await until({ state: 'away', line: 'talking' });
  await anna.choose('automatic');
  await until({ state: 'busy', line: 'talking' });
  doomed.cut();
  await until({ state: 'offline', line: 'unknown' });
  expect((await ben.call('snapshot.get', {})).presence).toMatchObject({ state: 'available' });
});
