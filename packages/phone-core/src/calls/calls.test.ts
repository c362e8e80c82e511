import type { CallId, CorrelationId } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  callOf,
  connected,
  FakeWorld,
  mediaOf,
  revision,
  snapshotOf,
  type CallParts,
} from '../testing/fake-world.ts';
import { ConnectionTimes } from '../realtime/connection.ts';
import { UNSURE_MS } from './attempts.ts';
import { CallTimes } from './calls.ts';
import { LegTimes } from './peer-leg.ts';

const id = 'call-1' as CallId;
const held = { name: 'held', answeredAt: 1 } as const;
const ringing: CallParts = { state: { name: 'ringing' }, direction: 'incoming', position: 'nowhere' };
const ended = { name: 'ended', endedAt: 9, cause: 'busy' } as const;

let world: FakeWorld;
let legs: number;

/** The connector takes every leg; the call is as `parts` say. */
function takeLegs(method: 'call.place' | 'call.answer' | 'call.attach', parts: CallParts = {}): void {
  world.cloud.on(method, (params) => {
    legs += 1;
    const { correlationId } = params as { correlationId?: string };
    const call = callOf({ ...parts, ...(correlationId === undefined ? {} : { correlationId }) });
    return { result: { call, media: mediaOf(`leg-${legs}`) } };
  });
}

function sentCorrelationId(): CorrelationId {
  return world.cloud.socket.requests('call.place')[0]?.params['correlationId'] as CorrelationId;
}

/** The connector does what it is asked, and says so in an event first. */
function obey(method: 'call.hold' | 'call.retrieve' | 'call.hangUp' | 'call.mute', parts: CallParts): void {
  let rev = 100;
  world.cloud.on(method, (params) => {
    rev += 1;
    const call = callOf({ ...parts, id: String(params['callId']) });
    world.cloud.socket.event('call.changed', { revision: revision(rev), call });
    return { result: { call } };
  });
}

beforeEach(() => {
  world = new FakeWorld();
  legs = 0;
  world.cloud.on('call.candidate', () => ({ result: {} }));
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
});

describe('placing', () => {
  it('makes the peer connection first and sends its offer; the attempt becomes the call', async () => {
    await world.start();
    takeLegs('call.place', { state: { name: 'calling' } });
    const placed = world.phone.calls.place('102', 'Ben Carter');
    expect(world.state.attempts).toMatchObject([{ to: '102', name: 'Ben Carter' }]);
    await placed;
    const [place] = world.cloud.socket.requests('call.place');
    expect(place?.params).toMatchObject({ to: '102', offer: 'offer peer-1' });
    expect(world.peers.peer.answer).toBe('answer leg-1');
    expect(world.state.attempts).toEqual([]);
    expect(world.call()?.state.name).toBe('calling');
    world.peers.peer.state('connected');
    expect(world.state.voices[id]?.path).toBe('flowing');
    expect(world.state.voices[id]?.remoteAudio).toEqual({ peer: 'peer-1' });
  });

  it('shows one call, not two, when the event overtakes the answer, and attaches nothing', async () => {
    await world.start();
    takeLegs('call.attach');
    const placed = world.phone.calls.place('102');
    await world.pass();
    const [place] = world.cloud.socket.requests('call.place');
    const correlationId = place?.params['correlationId'] as string;
    await world.changed(5, { correlationId, state: { name: 'ringing' } });
    expect(world.state.attempts).toEqual([]);
    const call = callOf({ correlationId, state: { name: 'calling' } });
    world.cloud.socket.answer(place?.id ?? 0, { call, media: mediaOf('leg-1') });
    await placed;
    expect(world.call()?.state.name).toBe('ringing');
    expect(world.cloud.socket.requests('call.attach')).toEqual([]);
    expect(world.peers.opened).toHaveLength(1);
  });

  it('sends candidates in order, none before the leg has its id', async () => {
    await world.start();
    const placed = world.phone.calls.place('102');
    await world.pass();
    world.peers.peer.candidate('a');
    world.peers.peer.candidate('b');
    expect(world.cloud.socket.requests('call.candidate')).toEqual([]);
    const [place] = world.cloud.socket.requests('call.place');
    const correlationId = place?.params['correlationId'] as string;
    world.cloud.socket.answer(place?.id ?? 0, { call: callOf({ correlationId }), media: mediaOf('leg-1') });
    await placed;
    world.peers.peer.candidate('c');
    const sent = world.cloud.socket.requests('call.candidate').map(({ params }) => params);
    expect(sent).toEqual(
      ['a', 'b', 'c'].map((candidate) => ({
        callId: id,
        legId: 'leg-1',
        candidate: { candidate, mid: '0' },
      })),
    );
  });

  it('without a microphone says why and asks the connector for nothing', async () => {
    await world.start();
    world.microphones.failure = 'refused';
    await world.phone.calls.place('102');
    expect(world.state.attempts[0]?.phase).toEqual({
      name: 'failed',
      problem: { kind: 'microphone', reason: 'refused' },
    });
    expect(world.cloud.socket.requests('call.place')).toEqual([]);
  });

  it('that is refused says why, and leaves neither microphone nor peer connection open', async () => {
    await world.start();
    world.cloud.on('call.place', () => ({ refuse: 'number_invalid' }));
    await world.phone.calls.place('()');
    expect(world.state.attempts[0]?.phase).toMatchObject({ problem: { code: 'number_invalid' } });
    expect(world.microphones.opened[0]?.closed).toBe(true);
    expect(world.peers.peer.closed).toBe(true);
  });

  it('given up while the browser asks for the microphone sends nothing', async () => {
    await world.start();
    const question = Promise.withResolvers<void>();
    world.microphones.asking = question.promise;
    const placed = world.phone.calls.place('102');
    await world.pass();
    world.phone.calls.cancelAttempt(world.state.attempts[0]?.correlationId as CorrelationId);
    question.resolve();
    await placed;
    expect(world.cloud.socket.requests('call.place')).toEqual([]);
    expect(world.microphones.opened[0]?.closed).toBe(true);
    expect(world.state.attempts).toEqual([]);
  });

  it('given up while the connector works on it hangs the call up as soon as it is there', async () => {
    await world.start();
    obey('call.hangUp', { state: ended });
    const placed = world.phone.calls.place('102');
    await world.pass();
    const [place] = world.cloud.socket.requests('call.place');
    const correlationId = place?.params['correlationId'] as CorrelationId;
    world.phone.calls.cancelAttempt(correlationId);
    world.cloud.socket.answer(place?.id ?? 0, { call: callOf({ correlationId }), media: mediaOf('leg-1') });
    await placed;
    await world.pass();
    expect(world.cloud.socket.requests('call.hangUp')).toHaveLength(1);
    expect(world.peers.peer.closed).toBe(true);
  });

  it('whose answer is lost with the connection stays open; a snapshot with the call adopts it', async () => {
    await world.start();
    void world.phone.calls.place('102');
    await world.pass();
    const correlationId = sentCorrelationId();
    world.cloud.socket.drop();
    await world.pass();
    expect(world.state.attempts[0]?.phase.name).toBe('unsure');
    expect(world.microphones.opened[0]?.closed).toBe(true);
    takeLegs('call.attach');
    await world.clock.advance(1_000);
    await world.connect([callOf({ correlationId, state: { name: 'ringing' } })], revision(2));
    expect(world.state.attempts).toEqual([]);
    expect(world.cloud.socket.requests('call.attach')).toHaveLength(1);
    expect(world.cloud.socket.requests('call.hangUp')).toEqual([]);
  });

  it('that a snapshot does not know has failed; should its call turn up after all, it is hung up in silence', async () => {
    await world.start();
    void world.phone.calls.place('102');
    await world.pass();
    const correlationId = sentCorrelationId();
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([], revision(2));
    expect(world.state.attempts[0]?.phase).toMatchObject({
      name: 'failed',
      problem: { code: 'unavailable' },
    });
    obey('call.hangUp', { state: ended });
    await world.changed(3, { correlationId, state: { name: 'ringing' } });
    expect(world.state.attempts).toEqual([]);
    expect(world.cloud.socket.requests('call.hangUp')).toHaveLength(1);
    expect(world.cloud.socket.requests('call.attach')).toEqual([]);
    expect(world.microphones.opened).toHaveLength(1);
  });

  it('that was given up while nobody knew what became of it is hung up when it turns up', async () => {
    await world.start();
    void world.phone.calls.place('102');
    await world.pass();
    const correlationId = sentCorrelationId();
    world.cloud.socket.drop();
    await world.pass();
    world.phone.calls.cancelAttempt(correlationId);
    expect(world.state.attempts).toEqual([]);
    obey('call.hangUp', { state: ended });
    await world.clock.advance(1_000);
    await world.connect([callOf({ correlationId })], revision(2));
    expect(world.cloud.socket.requests('call.hangUp')).toHaveLength(1);
    expect(world.cloud.socket.requests('call.attach')).toEqual([]);
  });

  it('waits for the telephone system no longer than a person would', async () => {
    await world.start();
    void world.phone.calls.place('102');
    await world.pass();
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect('unknown');
    expect(world.state.attempts[0]?.phase.name).toBe('unsure');
    await world.clock.advance(UNSURE_MS);
    expect(world.state.attempts[0]?.phase.name).toBe('failed');
  });

  it('that is not answered in time asks what became of it', async () => {
    await world.start();
    void world.phone.calls.place('102');
    await world.pass();
    const correlationId = sentCorrelationId();
    takeLegs('call.attach', { correlationId });
    world.cloud.on('snapshot.get', () => ({ result: snapshotOf([callOf({ correlationId })], revision(2)) }));
    await world.clock.advance(ConnectionTimes.requestMs);
    await world.pass();
    expect(world.state.attempts).toEqual([]);
    expect(world.cloud.socket.requests('call.attach')).toHaveLength(1);
    expect(world.cloud.socket.requests('call.hangUp')).toEqual([]);
  });

  it('without a connection fails at once: nothing was sent', async () => {
    await world.start();
    world.cloud.socket.drop();
    await world.phone.calls.place('102');
    expect(world.state.attempts[0]?.phase.name).toBe('failed');
  });

  it('leaves no card behind when the call has come and gone before its answer', async () => {
    await world.start();
    const placed = world.phone.calls.place('102');
    await world.pass();
    const correlationId = sentCorrelationId();
    await world.changed(5, { correlationId, state: { name: 'ringing' } });
    await world.changed(6, { correlationId, state: ended });
    await world.clock.advance(CallTimes.lingerMs);
    expect(world.state).toMatchObject({ calls: [], attempts: [] });
    world.cloud.socket.refuse(world.cloud.socket.requests('call.place')[0]?.id ?? 0, 'internal');
    await placed;
    expect(world.state).toMatchObject({ calls: [], attempts: [] });
  });

  it.each(['refused', 'given up'] as const)(
    'with a microphone %s leaves the first on the line',
    async (how) => {
      takeLegs('call.attach');
      await world.start([callOf()]);
      obey('call.hold', { state: held });
      const question = Promise.withResolvers<void>();
      world.microphones.asking = question.promise;
      const placed = world.phone.calls.place('103');
      await world.pass();
      if (how === 'refused') world.microphones.failure = 'refused';
      else world.phone.calls.cancelAttempt(world.state.attempts[0]?.correlationId as CorrelationId);
      question.resolve();
      await placed;
      expect(world.cloud.socket.requests('call.hold')).toEqual([]);
      expect(world.call()?.state.name).toBe('connected');
    },
  );

  it('a second call asks for nothing but itself: the connector holds the first', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    takeLegs('call.place', { id: 'call-2', startedAt: 2 });
    await world.phone.calls.place('103');
    expect(world.cloud.socket.requests('call.hold')).toEqual([]);
    await world.changed(5, { state: held });
    expect(world.microphones.opened.map((one) => one.enabled)).toEqual([false, true]);
  });

  it('a second call that is refused for want of a hold leaves the first as it is', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.cloud.on('call.place', () => ({ refuse: 'hold_refused' }));
    await world.phone.calls.place('103');
    expect(world.state.attempts[0]?.phase).toMatchObject({ problem: { code: 'hold_refused' } });
    expect(world.call()?.state.name).toBe('connected');
    expect(world.microphones.opened.map((one) => one.closed)).toEqual([false, true]);
  });
});

describe('answering', () => {
  it('offers, and the voice goes with the call', async () => {
    await world.start([callOf(ringing)]);
    takeLegs('call.answer', { direction: 'incoming' });
    await world.phone.calls.answer(id);
    expect(world.cloud.socket.requests('call.answer')[0]?.params).toEqual({
      callId: id,
      offer: 'offer peer-1',
    });
    expect(world.call()).toMatchObject({ position: 'here', state: { name: 'connected' } });
    expect(world.peers.peer.answer).toBe('answer leg-1');
  });

  it('without a microphone leaves the call ringing and says why; listening only works all the same', async () => {
    await world.start([callOf(ringing)]);
    world.microphones.failure = 'missing';
    takeLegs('call.answer', { direction: 'incoming' });
    await world.phone.calls.answer(id);
    expect(world.call()?.state.name).toBe('ringing');
    expect(world.state.activities[id]?.problem).toEqual({ kind: 'microphone', reason: 'missing' });
    expect(world.cloud.socket.requests('call.answer')).toEqual([]);
    await world.phone.calls.answer(id, { listenOnly: true });
    expect(world.call()?.state.name).toBe('connected');
    expect(world.peers.peer.source).toBeUndefined();
  });

  it('without a microphone does not put the conversation on hold that goes on', async () => {
    takeLegs('call.attach');
    await world.start([callOf(), callOf({ ...ringing, id: 'call-2' })]);
    obey('call.hold', { state: held });
    world.microphones.failure = 'refused';
    await world.phone.calls.answer('call-2' as CallId);
    expect(world.state.activities['call-2' as CallId]?.problem).toMatchObject({ kind: 'microphone' });
    expect(world.cloud.socket.requests('call.hold')).toEqual([]);
  });

  it('a call that ends while the browser asks for the microphone opens nothing', async () => {
    await world.start([callOf(ringing)]);
    const question = Promise.withResolvers<void>();
    world.microphones.asking = question.promise;
    const answered = world.phone.calls.answer(id);
    await world.pass();
    await world.changed(5, { ...ringing, state: ended });
    question.resolve();
    await answered;
    expect(world.peers.opened).toEqual([]);
    expect(world.microphones.opened[0]?.closed).toBe(true);
    expect(world.cloud.socket.requests('call.answer')).toEqual([]);
    expect(world.state.activities[id]?.problem).toBeUndefined();
  });

  it('that another window won closes the voice and says so', async () => {
    await world.start([callOf(ringing)]);
    world.cloud.on('call.answer', () => ({ refuse: 'call_already_answered' }));
    await world.phone.calls.answer(id);
    expect(world.state.activities[id]?.problem).toEqual({ kind: 'error', code: 'call_already_answered' });
    expect(world.microphones.opened[0]?.closed).toBe(true);
    await world.changed(5, { direction: 'incoming', position: 'other_client', permitted: [] });
    expect(world.state.voices[id]).toBeUndefined();
  });

  it('twice at once asks once', async () => {
    await world.start([callOf(ringing)]);
    takeLegs('call.answer', { direction: 'incoming' });
    await Promise.all([world.phone.calls.answer(id), world.phone.calls.answer(id)]);
    expect(world.cloud.socket.requests('call.answer')).toHaveLength(1);
    expect(world.peers.opened).toHaveLength(1);
  });
});

describe('the voice path', () => {
  it('after a reload is made anew for a call that is held by this window, muted as before', async () => {
    await world.start([callOf({ muted: true })]);
    // Not for an instant: also before the connector has answered.
    expect(world.microphones.opened[0]?.enabled).toBe(false);
    const [attach] = world.cloud.socket.requests('call.attach');
    world.cloud.socket.answer(attach?.id ?? 0, { call: callOf({ muted: true }), media: mediaOf('leg-1') });
    await world.pass();
    expect(world.cloud.socket.requests('call.attach')[0]?.params).toEqual({
      callId: id,
      offer: 'offer peer-1',
    });
    expect(world.peers.peer.answer).toBe('answer leg-1');
    expect(world.microphones.opened[0]?.enabled).toBe(false);
  });

  it('after a reload without a microphone lets the person hear at least', async () => {
    takeLegs('call.attach');
    world.microphones.failure = 'refused';
    await world.start([callOf()]);
    expect(world.peers.peer.answer).toBe('answer leg-1');
    expect(world.state.voices[id]?.microphoneProblem).toBe('refused');
  });

  it('is left alone for calls of other windows, ringing calls and calls that do not permit it', async () => {
    takeLegs('call.attach');
    await world.start([
      callOf({ id: 'a', position: 'other_client', permitted: [] }),
      callOf({ ...ringing, id: 'b' }),
      callOf({ id: 'c', permitted: ['hangUp'] }),
    ]);
    expect(world.peers.opened).toEqual([]);
  });

  it('is replaced on `media.reattach`: the old one plays until the new one has its answer', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
    const [first] = world.peers.opened;
    world.cloud.silent('call.attach');
    world.cloud.socket.event('media.reattach', { callId: id, reason: 'codec_changed' });
    await world.pass();
    expect(world.peers.opened).toHaveLength(2);
    expect(first?.closed).toBe(false);
    const attach = world.cloud.socket.requests('call.attach').at(-1);
    world.cloud.socket.answer(attach?.id ?? 0, { call: callOf(), media: mediaOf('leg-2') });
    await world.pass();
    expect(first?.closed).toBe(true);
    expect(world.peers.peer.answer).toBe('answer leg-2');
    expect(world.microphones.opened).toHaveLength(1);
    expect(world.microphones.opened[0]?.closed).toBe(false);
  });

  it('is replaced when the peer connection fails', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
    world.peers.peer.state('failed');
    expect(world.state.voices[id]?.path).toBe('repairing');
    await world.pass();
    expect(world.peers.opened).toHaveLength(2);
    world.peers.peer.state('connected');
    expect(world.state.voices[id]?.path).toBe('flowing');
  });

  it('may recover by itself for a while; then it is replaced', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
    world.peers.peer.state('disconnected');
    await world.clock.advance(LegTimes.graceMs - 1);
    world.peers.peer.state('connected');
    await world.clock.advance(LegTimes.graceMs);
    expect(world.peers.opened).toHaveLength(1);
    world.peers.peer.state('disconnected');
    await world.clock.advance(LegTimes.graceMs);
    await world.pass();
    expect(world.peers.opened).toHaveLength(2);
  });

  it('that never comes up is replaced', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    await world.clock.advance(LegTimes.connectMs);
    await world.pass();
    expect(world.peers.opened).toHaveLength(2);
  });

  it('is tried again with growing delays while attaching fails for now, and never after a refusal', async () => {
    let refuse: 'media_failed' | 'call_not_permitted' = 'media_failed';
    world.cloud.on('call.attach', () => ({ refuse }));
    await world.start([callOf()]);
    const tries = () => world.cloud.socket.requests('call.attach').length;
    expect(tries()).toBe(1);
    await world.clock.advance(500);
    await world.pass();
    expect(tries()).toBe(2);
    await world.clock.advance(999);
    await world.pass();
    expect(tries()).toBe(2);
    refuse = 'call_not_permitted';
    await world.clock.advance(1);
    await world.pass();
    expect(tries()).toBe(3);
    expect(world.state.activities[id]?.problem).toEqual({ kind: 'error', code: 'call_not_permitted' });
    await world.clock.advance(14_000);
    expect(tries()).toBe(3);
    world.cloud.socket.event('snapshot', snapshotOf([callOf()], revision(4)));
    await world.pass();
    expect(tries()).toBe(4);
  });

  it('is not touched while the connection is away, and is mended when it is back', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
    world.cloud.socket.drop();
    world.peers.peer.state('failed');
    await world.pass();
    expect(world.peers.opened).toHaveLength(1);
    await world.clock.advance(1_000);
    await world.connect([callOf()], revision(2));
    expect(world.peers.opened).toHaveLength(2);
  });

  it('that works is kept over a reconnect', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([callOf()], revision(2));
    expect(world.peers.opened).toHaveLength(1);
    expect(world.peers.peer.closed).toBe(false);
  });

  it('of a dead network is replaced soon after the network changed', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
    world.peers.peer.state('disconnected');
    world.phone.wake('network_changed');
    await world.clock.advance(CallTimes.networkGraceMs);
    await world.pass();
    expect(world.peers.opened).toHaveLength(2);
  });

  it('goes to another window that takes the call over', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    await world.changed(5, { position: 'other_client', permitted: [] });
    expect(world.peers.peer.closed).toBe(true);
    expect(world.microphones.opened[0]?.closed).toBe(true);
    expect(world.state.voices[id]).toBeUndefined();
  });

  it('goes on with another microphone when the headset is unplugged', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.microphones.opened[0]?.unplug();
    await world.pass();
    expect(world.peers.peer.source).toBe(world.microphones.opened[1]);
    expect(world.peers.opened).toHaveLength(1);
    void world.phone.calls.setMuted(id, true);
    world.microphones.opened[1]?.unplug();
    await world.pass();
    expect(world.microphones.opened[2]?.enabled).toBe(false);
  });

  it('[D5] takes another microphone without a new negotiation, muted as before; keeps the former where there is none', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    void world.phone.calls.setMuted(id, true);
    await world.phone.calls.renewMicrophones();
    const [former, next] = world.microphones.opened;
    expect(world.peers.peer.source).toBe(next);
    expect(world.peers.opened).toHaveLength(1);
    expect([former?.closed, next?.closed, next?.enabled]).toEqual([true, false, false]);
    world.microphones.failure = 'in_use';
    await world.phone.calls.renewMicrophones();
    expect(world.peers.peer.source).toBe(next);
    expect(next?.closed).toBe(false);
    expect(world.state.voices[id]?.microphoneProblem).toBeUndefined();
  });

  it('[D5] a permission that was revoked is said, and given again it works again', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.microphones.failure = 'refused';
    world.microphones.opened[0]?.unplug();
    await world.pass();
    expect(world.state.voices[id]?.microphoneProblem).toBe('refused');
    world.microphones.failure = undefined;
    await world.phone.calls.renewMicrophones();
    expect(world.state.voices[id]?.microphoneProblem).toBeUndefined();
    expect(world.peers.peer.source).toBe(world.microphones.opened[1]);
  });
});

describe('mute, hold, digits', () => {
  beforeEach(async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.peers.peer.state('connected');
  });

  it('mute silences the microphone before anybody is asked', async () => {
    void world.phone.calls.setMuted(id, true);
    expect(world.microphones.opened[0]?.enabled).toBe(false);
    expect(world.cloud.socket.requests('call.mute')[0]?.params).toEqual({ callId: id, muted: true });
    await world.changed(5, { muted: true });
    void world.phone.calls.setMuted(id, false);
    expect(world.microphones.opened[0]?.enabled).toBe(true);
  });

  it('a mute that could not be told holds, and is told after the reconnect', async () => {
    world.cloud.socket.drop();
    await world.phone.calls.setMuted(id, true);
    expect(world.microphones.opened[0]?.enabled).toBe(false);
    await world.clock.advance(1_000);
    obey('call.mute', { muted: true });
    await world.connect([callOf()], revision(2));
    expect(world.microphones.opened[0]?.enabled).toBe(false);
    expect(world.cloud.socket.requests('call.mute')[0]?.params).toEqual({ callId: id, muted: true });
    expect(world.state.activities[id]?.muteWanted).toBeUndefined();
    expect(world.call()?.muted).toBe(true);
  });

  it('a held call hears nothing of this person; a retrieved one does again', async () => {
    obey('call.hold', { state: held });
    await world.phone.calls.hold(id);
    expect(world.microphones.opened[0]?.enabled).toBe(false);
    obey('call.retrieve', { state: connected });
    world.cloud.on('call.retrieve', () => ({ result: { call: callOf() } }));
    await world.phone.calls.retrieve(id);
    expect(world.call()?.state.name).toBe('connected');
    expect(world.microphones.opened[0]?.enabled).toBe(true);
  });

  it('what the connector refuses is said beside the call and changes nothing', async () => {
    world.cloud.on('call.hold', () => ({ refuse: 'call_not_permitted' }));
    await world.phone.calls.hold(id);
    expect(world.state.activities[id]).toMatchObject({
      pending: undefined,
      problem: { code: 'call_not_permitted' },
    });
    world.phone.calls.dismissProblem(id);
    expect(world.state.activities[id]?.problem).toBeUndefined();
  });

  it('digits go in the order in which they are pressed', async () => {
    world.cloud.on('call.dtmf', () => ({ result: {} }));
    for (const digit of '12#') void world.phone.calls.sendDtmf(id, digit);
    await world.pass();
    const digits = world.cloud.socket.requests('call.dtmf').map(({ params }) => params['digits']);
    expect(digits.join('')).toBe('12#');
  });
});

describe('the end', () => {
  it('hanging up ends the voice at once and the call when it is told', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    obey('call.hangUp', { state: ended });
    const hungUp = world.phone.calls.hangUp(id);
    expect(world.peers.peer.closed).toBe(true);
    expect(world.microphones.opened[0]?.closed).toBe(true);
    await hungUp;
    expect(world.call()?.state.name).toBe('ended');
  });

  it('hanging up without a connection ends the voice, and the call after the reconnect', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.cloud.socket.drop();
    await world.phone.calls.hangUp(id);
    expect(world.peers.peer.closed).toBe(true);
    expect(world.state.activities[id]?.pending).toBe('hangUp');
    obey('call.hangUp', { state: ended });
    await world.clock.advance(1_000);
    await world.connect([callOf()], revision(2));
    expect(world.cloud.socket.requests('call.hangUp')).toHaveLength(1);
    expect(world.cloud.socket.requests('call.attach')).toEqual([]);
    expect(world.call()?.state.name).toBe('ended');
  });

  it('hanging up is told again while the telephone system is out of reach', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.cloud.on('call.hangUp', () => ({ refuse: 'connector_offline' }));
    await world.phone.calls.hangUp(id);
    obey('call.hangUp', { state: ended });
    await world.clock.advance(CallTimes.hangUpAgainMs);
    await world.pass();
    expect(world.call()?.state.name).toBe('ended');
  });

  it('an ended call tells why for a moment, then goes with everything about it', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    await world.changed(5, { state: ended });
    expect(world.peers.peer.closed).toBe(true);
    await world.clock.advance(CallTimes.lingerMs - 1);
    expect(world.call()?.state).toMatchObject({ name: 'ended', cause: 'busy' });
    await world.clock.advance(1);
    expect(world.state).toMatchObject({ calls: [], voices: {}, activities: {} });
  });

  it('an ended call can be taken off the screen sooner, once', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    await world.changed(5, { state: ended });
    world.phone.calls.dismissCall(id);
    expect(world.state.calls).toEqual([]);
    await world.clock.advance(CallTimes.lingerMs);
    expect(world.state.calls).toEqual([]);
  });

  it('a call that is gone after a reconnect ends here too', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([], revision(9));
    expect(world.call()?.state).toMatchObject({ name: 'ended', cause: 'completed' });
    expect(world.peers.peer.closed).toBe(true);
  });

  it('while the connector is out of reach calls stay, and so do their voices', async () => {
    takeLegs('call.attach');
    await world.start([callOf()]);
    world.cloud.socket.event('snapshot', snapshotOf('unknown'));
    await world.pass();
    expect(world.call()?.state.name).toBe('connected');
    expect(world.peers.peer.closed).toBe(false);
  });
});
