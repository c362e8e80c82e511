import { beforeEach, describe, expect, it } from 'vitest';
import { callOf, FakeWorld, revision, snapshotOf, type CallParts } from '../testing/fake-world.ts';
import { RING_ALONE_MS } from './ring-guard.ts';

const ringing: CallParts = { state: { name: 'ringing' }, direction: 'incoming', position: 'nowhere' };

let world: FakeWorld;

beforeEach(async () => {
  world = new FakeWorld();
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
  world.cloud.on('call.attach', () => ({ refuse: 'media_failed' }));
  await world.start([callOf(ringing), callOf({ id: 'talk', permitted: ['hangUp'] })]);
});

const ids = () => world.state.calls.map((call) => call.callId);

describe('[A14] nothing rings for ever', () => {
  it.each([
    ['the cloud', () => world.cloud.socket.drop()],
    ['the connector', () => world.cloud.socket.event('connector.changed', { connector: 'offline' })],
  ])('while %s is out of reach: ringing ends after a while, talking does not', async (_who, lose) => {
    lose();
    await world.clock.advance(RING_ALONE_MS - 1);
    expect(ids()).toEqual(['call-1', 'talk']);
    await world.clock.advance(1);
    expect(ids()).toEqual(['talk']);
  });

  it('a call that still rings afterwards is back', async () => {
    world.cloud.socket.event('connector.changed', { connector: 'offline' });
    await world.clock.advance(RING_ALONE_MS);
    world.cloud.socket.event('snapshot', snapshotOf([callOf(ringing)], revision(5)));
    expect(world.call()?.state.name).toBe('ringing');
  });

  it('a connection that is back in time changes nothing', async () => {
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([callOf(ringing)], revision(2));
    await world.clock.advance(RING_ALONE_MS);
    expect(world.call()?.state.name).toBe('ringing');
  });
});
