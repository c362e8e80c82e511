import type { CallId } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { callOf, FakeWorld, mediaOf, type CallParts } from '../testing/fake-world.ts';

/* [A5] Two calls that the telephone system cannot join: this window lets each side hear the other. */

const held = { name: 'held', answeredAt: 1 } as const;
const ended = { name: 'ended', endedAt: 9, cause: 'completed' } as const;
const a: CallParts = { id: 'a' };
const b: CallParts = { id: 'b', startedAt: 2 };
const mixed = [
  { ...a, mixedWith: 'b' },
  { ...b, mixedWith: 'a' },
] as const;

let world: FakeWorld;
let joined: boolean;

/** Both calls are here, the second on hold. */
async function twoCalls(): Promise<void> {
  let legs = 0;
  joined = false;
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
  world.cloud.on('call.attach', ({ callId }) => {
    legs += 1;
    const parts = (joined ? mixed : [a, { ...b, state: held }]).find((one) => one.id === callId);
    return { result: { call: callOf({ ...parts }), media: mediaOf(`leg-${legs}`) } };
  });
  await world.start([callOf(a), callOf({ ...b, state: held })]);
  for (const peer of world.peers.opened) peer.state('connected');
}

beforeEach(async () => {
  world = new FakeWorld();
  await twoCalls();
});

const sources = () => world.peers.opened.map((peer) => peer.source);

async function join(): Promise<void> {
  joined = true;
  await world.changed(5, mixed[0]);
  await world.changed(6, mixed[1]);
}

describe('[A5] a conference that this window mixes', () => {
  it('begins when both calls name each other, and not before', async () => {
    await world.changed(5, mixed[0]);
    expect(world.mixers.opened).toEqual([]);
    await world.changed(6, mixed[1]);
    expect(world.mixers.opened).toMatchObject([
      { microphone: world.microphones.opened[0], other: { peer: 'peer-2' } },
      { microphone: world.microphones.opened[1], other: { peer: 'peer-1' } },
    ]);
    expect(sources()).toEqual(world.mixers.opened);
    expect(world.microphones.opened.map((one) => one.enabled)).toEqual([true, true]);
  });

  it('is not begun anew by every event', async () => {
    await join();
    await world.changed(7, mixed[0]);
    expect(world.mixers.opened).toHaveLength(2);
  });

  it('muting silences this person in both and lets the others hear each other', async () => {
    await join();
    void world.phone.calls.setMuted('a' as CallId, true);
    expect(world.microphones.opened.map((one) => one.enabled)).toEqual([false, false]);
    expect(sources()).toEqual(world.mixers.opened);
    expect(world.mixers.opened.map((mix) => mix.closed)).toEqual([false, false]);
    const told = world.cloud.socket.requests('call.mute').map(({ params }) => params);
    expect(told).toEqual([
      { callId: 'a', muted: true },
      { callId: 'b', muted: true },
    ]);
  });

  it.each([
    ['ends', { ...b, state: ended }],
    ['is held', { ...b, state: held }],
    ['goes to the desk phone', { ...b, mixedWith: 'a', position: 'desk_phone' }],
  ] as const)('is over for the one when the other %s', async (_what, parts) => {
    await join();
    await world.changed(7, parts);
    await world.pass();
    expect(world.peers.opened[0]?.source).toBe(world.microphones.opened[0]);
    expect(world.mixers.opened.map((mix) => mix.closed)).toEqual([true, true]);
    expect(world.peers.opened[0]?.closed).toBe(false);
  });

  it('goes on with another microphone when the headset is unplugged', async () => {
    await join();
    world.microphones.opened[0]?.unplug();
    await world.pass();
    expect(world.mixers.opened.at(-1)?.microphone).toBe(world.microphones.opened.at(-1));
    expect(world.peers.opened[0]?.source).toBe(world.mixers.opened.at(-1));
    expect(world.mixers.opened[0]?.closed).toBe(true);
  });

  it('takes the sound of a path that was made anew', async () => {
    await join();
    world.peers.opened[1]?.state('failed');
    await world.pass();
    const renewed = world.peers.opened[2];
    expect(renewed?.source).toBe(world.mixers.opened[1]);
    expect(world.mixers.opened.at(-1)).toMatchObject({ other: { peer: 'peer-3' }, closed: false });
    expect(world.peers.opened[0]?.source).toBe(world.mixers.opened.at(-1));
  });

  it('makes a path that can speak for somebody who only listened', async () => {
    world = new FakeWorld();
    world.microphones.failure = 'missing';
    await twoCalls();
    expect(sources()).toEqual([undefined, undefined]);
    await join();
    await world.pass();
    expect(world.peers.opened).toHaveLength(4);
    const [, , first, second] = world.peers.opened;
    expect([first?.source, second?.source].every((source) => source !== undefined)).toBe(true);
    expect(world.mixers.opened.every((mix) => mix.microphone === undefined)).toBe(true);
  });
});
