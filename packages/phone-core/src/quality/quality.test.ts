import type { CallId } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VoiceStats } from '../ports.ts';
import { callOf, FakeWorld, mediaOf, refusal, signedIn, anna } from '../testing/fake-world.ts';

/* [H3] Looked at every two seconds while somebody talks here; told once when it is over. */

let world: FakeWorld;
let count: number;
let posts: Record<string, unknown>[];
let answer: () => { status: number; body: unknown };

/** Counts of `looks` looks, of which each lost `lost` of 100 packets on the way out. */
function counts(lost = 0): VoiceStats {
  count += 1;
  return {
    connection: world.peers.peer,
    roundTripMs: 60,
    codec: 'opus',
    path: { kind: 'direct', protocol: 'udp', network: undefined },
    received: {
      packets: count * 100,
      lost: 0,
      jitterMs: 4,
      samples: count * 96_000,
      concealed: 0,
      bufferSeconds: count * 960,
      emitted: count * 96_000,
      energy: count * 0.1,
      seconds: count * 2,
    },
    sent: { packets: count * 100, lost: count * lost },
    source: { energy: count * 0.1, seconds: count * 2 },
  };
}

async function looks(times: number, lost = 0): Promise<void> {
  for (let look = 0; look < times; look += 1) {
    world.peers.peer.counted = counts(lost);
    // One look after the other.
    // oxlint-disable-next-line no-await-in-loop
    await world.clock.advance(2_000);
  }
}

const quality = () => world.state.quality['call-1' as CallId];
const over = { name: 'ended', endedAt: 9, cause: 'completed' } as const;

beforeEach(async () => {
  world = new FakeWorld();
  count = 0;
  posts = [];
  answer = () => ({ status: 200, body: { ask: true } });
  world.http = ({ path, body }) => {
    if (!path.startsWith('/api/call-quality')) return signedIn(anna);
    posts.push({ path, ...(body as object) });
    return answer();
  };
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
  world.cloud.on('call.attach', () => ({ result: { call: callOf({}), media: mediaOf('leg') } }));
  await world.start([callOf()]);
  world.peers.peer.state('connected');
});

describe('[H3] the quality of a call', () => {
  it('is looked at every two seconds, and never when no call is here', async () => {
    await looks(3);
    expect(quality()?.verdict).toBe('good');
    expect(quality()?.measures).toMatchObject({ roundTripMs: 60, lossUp: 0, codec: 'opus' });
    expect(quality()?.estimate).toBeGreaterThan(85);
    await world.changed(5, { state: over, position: 'nowhere' });
    const { looks: asked } = world.peers.peer;
    await world.clock.advance(60_000);
    expect(world.peers.peer.looks).toBe(asked);
    expect(world.state.quality).toEqual({});
  });

  it('counts of a new path are not compared with those of the old', async () => {
    await looks(2);
    const before = quality();
    world.peers.peer.counted = { ...counts(90), connection: {} };
    await world.clock.advance(2_000);
    expect(quality()).toBe(before);
  });

  it('is told in a few numbers when the call is over', async () => {
    await looks(4, 10);
    await looks(16);
    await world.changed(5, { state: over, position: 'nowhere' });
    await world.pass();
    expect(posts).toHaveLength(1);
    expect(posts[0]).toMatchObject({
      path: '/api/call-quality',
      callId: 'call-1',
      wouldAsk: true,
      summary: {
        codec: 'opus',
        path: { kind: 'direct', protocol: 'udp' },
        roundTripMs: { mean: 60, worst: 60 },
      },
    });
    expect(JSON.stringify(posts)).not.toContain('102');
  });

  it('what could not be told is told when the cloud is back, under the same id', async () => {
    answer = () => refusal(503, 'unavailable');
    await looks(6);
    await world.changed(5, { state: over, position: 'nowhere' });
    await world.pass();
    answer = () => ({ status: 200, body: { ask: false } });
    world.cloud.socket.drop();
    await world.clock.advance(20_000);
    await world.connect([]);
    await world.pass();
    expect(posts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(posts.map((post) => post['reportId'])).size).toBe(1);
  });

  it('a call of a few seconds is not told', async () => {
    await looks(2);
    await world.changed(5, { state: over, position: 'nowhere' });
    await world.pass();
    expect(posts).toEqual([]);
  });
});

async function poorCall(): Promise<void> {
  await looks(15, 20);
  await world.changed(5, { state: over, position: 'nowhere' });
  await world.pass();
}

describe('[H3] the question what it was like', () => {
  it('is asked after a poor call where the cloud agrees, and answered once', async () => {
    await poorCall();
    expect(world.state.rating).toMatchObject({ remote: { name: 'Ben Carter' }, troubles: ['gaps_up'] });
    await world.phone.quality.rate(2, ['gaps']);
    expect(world.state.rating).toBeUndefined();
    expect(posts.at(-1)).toMatchObject({ path: '/api/call-quality/rating', stars: 2, reasons: ['gaps'] });
  });

  it('is not asked where the person was asked today', async () => {
    answer = () => ({ status: 200, body: { ask: false } });
    await poorCall();
    expect(world.state.rating).toBeUndefined();
  });

  it('goes away when the next call comes', async () => {
    await poorCall();
    await world.changed(9, {
      id: 'call-2',
      state: { name: 'ringing' },
      direction: 'incoming',
      position: 'nowhere',
    });
    expect(world.state.rating).toBeUndefined();
  });

  it('after a good call one in ten is asked', async () => {
    world.random = 0.5;
    await looks(15);
    await world.changed(5, { state: over, position: 'nowhere' });
    await world.pass();
    expect(posts[0]).toMatchObject({ wouldAsk: false });
  });
});
