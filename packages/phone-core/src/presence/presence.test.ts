import type { UserId } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, revision } from '../testing/fake-world.ts';
import { IDLE_MS } from './idle.ts';
import { WATCH_AFTER_MS } from './presence.ts';

const [ben, carla] = ['ben', 'carla'] as UserId[] as [UserId, UserId];
const busy = { state: 'busy', line: 'talking' } as const;
const free = { state: 'available', line: 'idle' } as const;

let world: FakeWorld;

beforeEach(async () => {
  world = new FakeWorld();
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
  world.cloud.on('presence.idle', () => ({ result: {} }));
  world.cloud.on('presence.watch', ({ userIds }) => ({
    result: { presences: (userIds as UserId[]).map((userId) => ({ userId, presence: free })) },
  }));
  await world.start();
});

const asked = (method: string) => world.cloud.socket.requests(method).map(({ params }) => params);

describe('[B1] one’s own presence', () => {
  it('is what the cloud says, and the choice until it has said so', async () => {
    expect(world.state.ownPresence.held).toEqual({ ...free, choice: 'automatic' });
    const done = world.phone.presence.choose('away');
    expect(world.state.ownPresence.pending).toBe('away');
    const [request] = world.cloud.socket.requests('presence.set');
    world.cloud.socket.answer(request?.id ?? 0, {
      presence: { state: 'away', line: 'idle', choice: 'away' },
    });
    await done;
    expect(world.state.ownPresence).toMatchObject({ held: { state: 'away' }, pending: undefined });
  });

  it('that could not be chosen is as before, and says why', async () => {
    world.cloud.on('presence.set', () => ({ refuse: 'platform_unreachable' }));
    await world.phone.presence.choose('do_not_disturb');
    expect(world.state.ownPresence).toMatchObject({
      held: { choice: 'automatic' },
      pending: undefined,
      problem: { code: 'platform_unreachable' },
    });
  });

  it('chosen twice is the last choice, in whatever order the answers come', async () => {
    const first = world.phone.presence.choose('busy');
    const second = world.phone.presence.choose('away');
    const [one, two] = world.cloud.socket.requests('presence.set');
    world.cloud.socket.answer(two?.id ?? 0, { presence: { state: 'away', line: 'idle', choice: 'away' } });
    world.cloud.socket.answer(one?.id ?? 0, { presence: { ...busy, choice: 'busy' } });
    await Promise.all([first, second]);
    expect(world.state.ownPresence).toMatchObject({ held: { choice: 'away' }, pending: undefined });
  });

  it('[B3] follows what the platform or another client says', () => {
    const presence = { state: 'do_not_disturb', line: 'idle', choice: 'do_not_disturb' } as const;
    world.cloud.socket.event('ownPresence.changed', { presence });
    expect(world.state.ownPresence.held).toEqual(presence);
  });
});

describe('[B2] being there', () => {
  it('is told after some minutes without a sign of the person, and with the next sign', async () => {
    await world.clock.advance(IDLE_MS - 1);
    expect(asked('presence.idle')).toEqual([]);
    await world.clock.advance(1);
    expect(asked('presence.idle')).toEqual([{ idle: true }]);
    for (let times = 0; times < 50; times += 1) world.attention.sign();
    expect(asked('presence.idle')).toEqual([{ idle: true }, { idle: false }]);
  });

  it('a sign in between puts it off', async () => {
    await world.clock.advance(IDLE_MS - 1);
    world.attention.sign();
    await world.clock.advance(IDLE_MS - 1);
    expect(asked('presence.idle')).toEqual([]);
    await world.clock.advance(1);
    expect(asked('presence.idle')).toEqual([{ idle: true }]);
  });

  it('is told again to a socket that knows nothing of it', async () => {
    await world.clock.advance(IDLE_MS);
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([], revision(2));
    expect(asked('presence.idle')).toEqual([{ idle: true }]);
  });

  it('of nobody is not told: after signing out no timer is left', async () => {
    world.http = () => ({ status: 204, body: undefined });
    await world.phone.signOut();
    expect(world.clock.pending).toBe(0);
  });
});

describe('[B4] colleagues', () => {
  it('on the screen are watched, all with one message, each once', async () => {
    world.phone.presence.watch([ben]);
    world.phone.presence.watch([carla, ben]);
    await world.clock.advance(WATCH_AFTER_MS);
    expect(asked('presence.watch')).toEqual([{ userIds: [ben, carla] }]);
    expect(world.state.presences).toEqual({ [ben]: free, [carla]: free });
    world.cloud.socket.event('presence.changed', { userId: ben, presence: busy });
    expect(world.state.presences[ben]).toEqual(busy);
  });

  it('that leave the screen are watched no longer; the same list is not sent twice', async () => {
    const stop = world.phone.presence.watch([ben]);
    const other = world.phone.presence.watch([ben, carla]);
    await world.clock.advance(WATCH_AFTER_MS);
    stop();
    stop();
    await world.clock.advance(WATCH_AFTER_MS);
    expect(asked('presence.watch')).toHaveLength(1);
    other();
    await world.clock.advance(WATCH_AFTER_MS);
    expect(asked('presence.watch').at(-1)).toEqual({ userIds: [] });
    expect(world.state.presences).toEqual({});
  });

  it('are asked for again on a new socket', async () => {
    world.phone.presence.watch([ben]);
    await world.clock.advance(WATCH_AFTER_MS);
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([], revision(2));
    await world.clock.advance(WATCH_AFTER_MS);
    expect(asked('presence.watch')).toEqual([{ userIds: [ben] }]);
  });

  it('are not asked for without a connection', async () => {
    world.cloud.socket.drop();
    world.phone.presence.watch([ben]);
    await world.clock.advance(WATCH_AFTER_MS);
    expect(asked('presence.watch')).toEqual([]);
  });
});
