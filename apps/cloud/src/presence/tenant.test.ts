import type { ClientId, ConnectorId, OwnPresence, Presence, TenantId, UserId } from '@offhook/contract';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { createInProcessBus } from '../bus/in-process.ts';
import { presenceTopic } from '../bus/topics.ts';
import type { TenantDirectory } from '../directory/service.ts';
import { cuttable } from '../testing/cut-bus.ts';
import type { StoredChoice } from './store.ts';
import { createTenantPresence, presenceTimings } from './tenant.ts';

const tenantId = 'acme' as TenantId;
const office = 'office' as ConnectorId;
const user = (index: number | string) => `user-${index}` as UserId;
const anna = user('anna');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Everybody's line hangs on one connector. */
const directory = {
  known: () => ({ user: () => ({ connectorId: office }) }) as unknown as TenantDirectory,
  watch: () => () => {},
};

function openBus() {
  const errors: unknown[] = [];
  const bus = createInProcessBus({ onError: (error) => errors.push(error) });
  onTestFinished(() => expect(errors).toEqual([]));
  return bus;
}

function openNode(bus: Bus, load: () => Promise<StoredChoice[]> = async () => [], people = directory) {
  const counted = { changes: 0, messages: 0, failures: 0 };
  const presence = createTenantPresence({
    tenantId,
    bus,
    directory: people,
    store: { load },
    timings: presenceTimings,
    onFailed: () => (counted.failures += 1),
    onChange: (messages) => {
      counted.changes += 1;
      counted.messages += messages;
    },
    onWatching: () => {},
  });
  onTestFinished(() => presence.close());
  let sockets = 0;
  const join = (userId: UserId, watches: UserId[] = []) => {
    sockets += 1;
    const heard: [UserId, Presence][] = [];
    const ofSelf: OwnPresence[] = [];
    const listener = {
      userId,
      onOwn: (own: OwnPresence) => ofSelf.push(own),
      onPresence: (of: UserId, seen: Presence) => heard.push([of, seen]),
    };
    const client = presence.join(listener, `cli-${userId}-${sockets}` as ClientId, `skt-${sockets}`);
    client.own();
    client.watch(watches);
    return { ...client, heard, ofSelf };
  };
  return { presence, join, counted };
}

/** Everything that is on its way arrives; time stands still. */
async function settle() {
  for (let round = 0; round < 20; round += 1) await vi.advanceTimersByTimeAsync(0);
}
const state = (node: ReturnType<typeof openNode>, userId = anna) => node.presence.presenceOf(userId).state;

test('nodes see the clients of each other, those before them too', async () => {
  const bus = openBus();
  const left = openNode(bus);
  left.join(anna);
  await settle();
  const right = openNode(bus);
  await right.presence.ready();
  expect(state(right)).toBe('available');
  const benAtRight = right.join(user('ben'), [anna]);
  const annaAtRight = right.join(anna);
  annaAtRight.idle(true);
  await settle();
  expect([state(left), state(right)]).toEqual(['available', 'available']);
  expect(benAtRight.heard).toEqual([]);
  expect(state(left, user('ben'))).toBe('available');
});

test('a node that is killed takes its users with it: all others come to the same, with one message each', async () => {
  const bus = openBus();
  const doomed = cuttable(bus);
  const [dying, second, third] = [openNode(doomed.bus), openNode(bus), openNode(bus)];
  dying.join(anna);
  dying.presence.link(office, 'link').activities({ users: [], more: false });
  const staying = user('ben');
  dying.join(staying);
  second.join(staying);
  await settle();
  const watchers = [second, third].map((node) => node.join(user('carla'), [anna, staying]));
  await settle();
  expect([second, third].map((node) => node.presence.presenceOf(anna))).toEqual([
    { state: 'available', line: 'idle' },
    { state: 'available', line: 'idle' },
  ]);
  doomed.cut();
  await vi.advanceTimersByTimeAsync(presenceTimings.nodeLost - presenceTimings.beacon * 1.2 - 100);
  for (const { heard } of watchers) expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(presenceTimings.beacon * 1.2 + 200);
  for (const { heard } of watchers) {
    // Whoever has a client elsewhere stays; of their line nobody knows.
    expect(heard.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      [anna, { state: 'offline', line: 'unknown' }],
      [staying, { state: 'available', line: 'unknown' }],
    ]);
  }
  // Nor does the one that was cut off believe for ever in those at the others.
  expect(state(dying, user('carla'))).toBe('offline');
});

test('a node that stops in order leaves its clients time to find another', async () => {
  const bus = openBus();
  const [first, second] = [openNode(bus), openNode(bus)];
  const client = first.join(anna);
  await settle();
  const watcher = second.join(user('ben'), [anna]);
  await settle();
  client.leave();
  first.presence.close();
  await settle();
  await vi.advanceTimersByTimeAsync(presenceTimings.clientGrace - 1_000);
  second.join(anna);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(watcher.heard).toEqual([]);
});

test('what got lost on the bus is missed at the next fact or beacon, and asked for', async () => {
  const bus = openBus();
  let losing = false;
  const lossy: Bus = {
    ...bus,
    publish: (topic, message) => {
      if (!losing) bus.publish(topic, message);
    },
  };
  const [speaker, hearer] = [openNode(lossy), openNode(bus)];
  const client = speaker.join(anna);
  await settle();
  const watcher = hearer.join(user('ben'), [anna]);
  await settle();
  losing = true;
  client.idle(true);
  await settle();
  losing = false;
  expect(state(hearer)).toBe('available');
  await vi.advanceTimersByTimeAsync(presenceTimings.beacon * 1.3);
  expect(state(hearer)).toBe('away');
  expect(watcher.heard).toEqual([[anna, { state: 'away', line: 'unknown' }]]);
});

test('a thousand random happenings at three nodes, some of them lost: in the end all nodes agree', async () => {
  // Mulberry32.
  let seed = 20_261_124;
  const random = (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
  const bus = openBus();
  const lossy: Bus = {
    ...bus,
    publish: (topic, message) => {
      if (random(10) > 0) bus.publish(topic, message);
    },
  };
  const nodes = [openNode(lossy), openNode(lossy), openNode(lossy)];
  const users = Array.from({ length: 8 }, (_, index) => user(index));
  const sockets: ReturnType<(typeof nodes)[number]['join']>[] = [];
  const links: ReturnType<(typeof nodes)[number]['presence']['link']>[] = [];
  for (let step = 0; step < 1_000; step += 1) {
    const node = nodes[random(3)];
    const userId = users[random(8)];
    if (node === undefined || userId === undefined) continue;
    switch (random(6)) {
      case 0:
        sockets.push(node.join(userId, users));
        break;
      case 1:
        sockets.splice(random(sockets.length || 1), 1)[0]?.leave();
        break;
      case 2:
        sockets[random(sockets.length || 1)]?.idle(random(2) === 0);
        break;
      case 3:
        links.splice(0).forEach((link) => link.down());
        links.push(node.presence.link(office, `link-${step}`));
        links[0]?.activities({ users: [{ userId, activity: 'talking' }], more: false });
        break;
      case 4:
        links[0]?.activity({ userId, activity: random(2) === 0 ? 'idle' : 'talking' });
        break;
      default:
        await vi.advanceTimersByTimeAsync(random(3_000));
    }
  }
  // However many have left: somebody at each node is there to be told.
  for (const [at, node] of nodes.entries()) sockets.push(node.join(users[at] ?? anna, users));
  await vi.advanceTimersByTimeAsync(120_000);
  const views = nodes.map((node) => users.map((userId) => node.presence.presenceOf(userId)));
  expect(views[1]).toEqual(views[0]);
  expect(views[2]).toEqual(views[0]);
  // And what clients were told last is what holds.
  expect(sockets.length).toBeGreaterThan(0);
  const wrong = sockets.flatMap(({ heard }) =>
    users.filter((userId, index) => {
      const last = heard.findLast(([of]) => of === userId)?.[1];
      return last !== undefined && JSON.stringify(last) !== JSON.stringify(views[0]?.[index]);
    }),
  );
  expect(wrong).toEqual([]);
});

test('[PR-21] 5,000 watchers: one message each and change, none for what is no change, and changes of one moment are one', async () => {
  const bus = openBus();
  const node = openNode(bus);
  const link = node.presence.link(office, 'link');
  link.activities({ users: [], more: false });
  const client = node.join(anna);
  const watchers = Array.from({ length: 5_000 }, (_, index) => node.join(user(index), [anna]));
  await settle();
  node.counted.messages = 0;
  const counts = () => watchers.reduce((sum, { heard }) => sum + heard.length, 0);
  expect(counts()).toBe(0);

  link.activity({ userId: anna, activity: 'talking' });
  await settle();
  expect(counts()).toBe(5_000);
  expect(watchers.every(({ heard }) => heard[0]?.[1].state === 'busy')).toBe(true);
  // The 5,000, and Anna's own client.
  expect(node.counted.messages).toBe(5_001);

  link.activity({ userId: anna, activity: 'talking' });
  client.idle(true);
  client.idle(false);
  node.join(anna);
  await settle();
  expect(counts()).toBe(5_000);

  link.activity({ userId: anna, activity: 'idle' });
  link.activity({ userId: anna, activity: 'ringing' });
  link.activity({ userId: anna, activity: 'talking' });
  link.activity({ userId: anna, activity: 'idle' });
  await settle();
  expect(counts()).toBe(10_000);
});

test('[PR-15] a connector that comes back soon is no news to anybody, however many lines it has', async () => {
  const bus = openBus();
  const node = openNode(bus);
  const first = node.presence.link(office, 'first');
  const busy = [{ userId: user(1), activity: 'talking' as const }];
  first.activities({ users: busy, more: false });
  const people = Array.from({ length: 500 }, (_, index) => user(index));
  const watcher = node.join(anna, people);
  await settle();
  first.down();
  await vi.advanceTimersByTimeAsync(presenceTimings.linkGrace - 1_000);
  const second = node.presence.link(office, 'second');
  await settle();
  second.activities({ users: busy, more: false });
  await settle();
  expect(watcher.heard).toEqual([]);
  second.down();
  await vi.advanceTimersByTimeAsync(presenceTimings.linkGrace + 100);
  expect(watcher.heard).toHaveLength(500);
  expect(watcher.heard.every(([, { line }]) => line === 'unknown')).toBe(true);
});

test('choices that could not be read at first are read when they can be; an older notice does not undo a newer', async () => {
  const bus = openBus();
  let away = true;
  const choice = { userId: anna, choice: 'busy', platformDnd: false, version: 3 } as const;
  const node = openNode(bus, async () => {
    if (away) throw new Error('away');
    return [choice];
  });
  await node.presence.ready();
  expect(state(node)).toBe('offline');
  away = false;
  vi.useRealTimers();
  await vi.waitUntil(() => state(node) === 'busy', { timeout: 5_000 });
  node.presence.enterChoice({ ...choice, choice: 'away', version: 2 });
  expect(state(node)).toBe('busy');
  node.presence.enterChoice({ ...choice, choice: 'away', version: 4 });
  expect(state(node)).toBe('away');
  expect(node.counted.failures).toBeGreaterThan(0);
});

test('[PR-2] do-not-disturb of a platform at which a user has no line any more means nothing', async () => {
  const choice = { userId: anna, choice: 'automatic', platformDnd: true, version: 1 } as const;
  const withLine = openNode(openBus(), async () => [choice]);
  const without = openNode(openBus(), async () => [choice], {
    ...directory,
    known: () => ({ user: () => undefined }) as unknown as TenantDirectory,
  });
  await Promise.all([withLine.presence.ready(), without.presence.ready()]);
  expect([state(withLine), state(without)]).toEqual(['do_not_disturb', 'offline']);
});

test('a message that no node sent is reported by the bus and disturbs nobody', async () => {
  const bus = createInProcessBus({ onError: () => {} });
  const node = openNode(bus);
  node.join(anna);
  bus.publish(presenceTopic(tenantId), { node: 'x', seq: -1, fact: 'nonsense' } as never);
  await settle();
  expect(state(node)).toBe('available');
});
