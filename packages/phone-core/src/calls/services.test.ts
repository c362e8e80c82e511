import type { CallId, CallService } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Phone } from '../phone.ts';
import { ConnectionTimes } from '../realtime/connection.ts';
import { isRingingHere } from '../state/selectors.ts';
import { callOf, FakeWorld, mediaOf, revision, snapshotOf, type CallParts } from '../testing/fake-world.ts';
import { UNSURE_MS } from './attempts.ts';
import { CallTimes } from './calls.ts';

const id = 'call-1' as CallId;
const other = 'call-2' as CallId;
const held = { name: 'held', answeredAt: 1 } as const;
const ringing: CallParts = { state: { name: 'ringing' }, direction: 'incoming', position: 'nowhere' };
const transferred = { name: 'ended', endedAt: 9, cause: 'transferred' } as const;

let world: FakeWorld;

beforeEach(async () => {
  world = new FakeWorld();
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
  world.cloud.on('call.attach', ({ callId }) => ({
    result: { call: callOf({ id: String(callId) }), media: mediaOf('leg') },
  }));
});

interface Row {
  readonly service: CallService;
  readonly run: (calls: Phone['calls']) => Promise<void>;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

const rows: readonly Row[] = [
  { service: 'reject', run: (calls) => calls.reject(id), method: 'call.reject', params: { callId: id } },
  { service: 'hold', run: (calls) => calls.hold(id), method: 'call.hold', params: { callId: id } },
  {
    service: 'retrieve',
    run: (calls) => calls.retrieve(id),
    method: 'call.retrieve',
    params: { callId: id },
  },
  {
    service: 'alternate',
    run: (calls) => calls.alternate(id),
    method: 'call.alternate',
    params: { callId: id },
  },
  {
    service: 'reconnect',
    run: (calls) => calls.reconnect(id),
    method: 'call.reconnect',
    params: { callId: id },
  },
  {
    service: 'transfer',
    run: (calls) => calls.transfer(id, '103'),
    method: 'call.transfer',
    params: { callId: id, to: '103' },
  },
  {
    service: 'completeTransfer',
    run: (calls) => calls.completeTransfer(id, other),
    method: 'call.completeTransfer',
    params: { callId: id, otherCallId: other },
  },
  {
    service: 'conference',
    run: (calls) => calls.conference(id, other),
    method: 'call.conference',
    params: { callId: id, otherCallId: other },
  },
  {
    service: 'deflect',
    run: (calls) => calls.deflect(id, '0170 1'),
    method: 'call.deflect',
    params: { callId: id, to: '0170 1' },
  },
  {
    service: 'toVoicemail',
    run: (calls) => calls.toVoicemail(id),
    method: 'call.toVoicemail',
    params: { callId: id },
  },
  {
    service: 'answerAtDesk',
    run: (calls) => calls.answerAtDesk(id),
    method: 'call.answerAtDesk',
    params: { callId: id },
  },
  {
    service: 'pushToDesk',
    run: (calls) => calls.push(id, 'desk_phone'),
    method: 'call.push',
    params: { callId: id, to: 'desk_phone' },
  },
  {
    service: 'pushToAlternative',
    run: (calls) => calls.push(id, 'alternative'),
    method: 'call.push',
    params: { callId: id, to: 'alternative' },
  },
  { service: 'park', run: (calls) => calls.park(id), method: 'call.park', params: { callId: id } },
  {
    service: 'callBack',
    run: (calls) => calls.callBack(id),
    method: 'call.callBack',
    params: { callId: id },
  },
];

const activity = () => world.state.activities[id];

describe.each(rows)('$service', ({ service, run, method, params }) => {
  beforeEach(() => world.start([callOf(), callOf({ id: other, state: held, startedAt: 2 })]));

  it('asks for exactly that, and waits for the answer', async () => {
    const done = run(world.phone.calls);
    const [request] = world.cloud.socket.requests(method);
    expect(request?.params).toEqual(params);
    expect(activity()?.pending).toBe(service);
    world.cloud.socket.answer(request?.id ?? 0, { call: callOf({ state: held }) });
    await done;
    expect(activity()).toMatchObject({ pending: undefined, problem: undefined });
    expect(world.call()?.state.name).toBe('held');
  });

  it('while something else is under way does nothing', async () => {
    void world.phone.calls.hold(id);
    const before = world.cloud.socket.requests().length;
    await run(world.phone.calls);
    expect(world.cloud.socket.requests()).toHaveLength(before);
  });

  it('that is refused says why beside the call, and the call stays as it was', async () => {
    world.cloud.on(method, () => ({ refuse: 'feature_refused' }));
    await run(world.phone.calls);
    expect(activity()).toMatchObject({ pending: undefined, problem: { code: 'feature_refused' } });
    expect(world.call()?.state.name).toBe('connected');
  });

  it('waits no longer than the connection lasts', async () => {
    const done = run(world.phone.calls);
    world.cloud.socket.drop();
    await done;
    expect(activity()).toMatchObject({ pending: undefined, problem: { code: 'unavailable' } });
  });

  it('whose answer never comes ends in a question for the truth', async () => {
    world.cloud.on('snapshot.get', () => ({
      result: snapshotOf([callOf({ state: held })], revision(9)),
    }));
    const done = run(world.phone.calls);
    await world.clock.advance(ConnectionTimes.requestMs);
    await done;
    await world.pass();
    expect(activity()?.pending).toBeUndefined();
    expect(world.call()?.state.name).toBe('held');
  });
});

describe('two calls', () => {
  it('[A4] both wait while they are being connected, and both end as transferred', async () => {
    await world.start([callOf(), callOf({ id: other, state: held, startedAt: 2 })]);
    const done = world.phone.calls.completeTransfer(other, id);
    expect([id, other].map((one) => world.state.activities[one]?.pending)).toEqual([
      'completeTransfer',
      'completeTransfer',
    ]);
    await world.changed(5, { state: transferred });
    await world.changed(6, { id: other, state: transferred, startedAt: 2 });
    const [request] = world.cloud.socket.requests('call.completeTransfer');
    world.cloud.socket.answer(request?.id ?? 0, { call: callOf({ state: transferred }) });
    await done;
    expect(world.state.calls.map((call) => call.state)).toMatchObject([
      { name: 'ended', cause: 'transferred' },
      { name: 'ended', cause: 'transferred' },
    ]);
    expect(world.peers.opened.every((peer) => peer.closed)).toBe(true);
    await world.clock.advance(CallTimes.lingerMs);
    expect(world.state).toMatchObject({ calls: [], activities: {}, voices: {} });
  });

  it('[A4] an answer that an event has overtaken changes neither call', async () => {
    await world.start([callOf(), callOf({ id: other, state: held, startedAt: 2 })]);
    void world.phone.calls.alternate(other);
    await world.changed(5, { id: other, startedAt: 2 });
    await world.changed(6, { state: held });
    const [request] = world.cloud.socket.requests('call.alternate');
    world.cloud.socket.answer(request?.id ?? 0, { call: callOf({ id: other, state: held, startedAt: 2 }) });
    await world.pass();
    expect([world.call()?.state.name, world.call(other)?.state.name]).toEqual(['held', 'connected']);
    expect(world.microphones.opened.map((one) => one.enabled)).toEqual([false, true]);
  });

  it('[A5] a consultation is placed for the call that waits', async () => {
    await world.start([callOf()]);
    world.cloud.on('call.place', ({ correlationId }) => ({
      result: {
        call: callOf({ id: other, correlationId: String(correlationId), consultationFor: id, startedAt: 2 }),
        media: mediaOf('leg-2'),
      },
    }));
    const done = world.phone.calls.consult(id, '103', 'Carla Duval');
    expect(world.state.attempts).toMatchObject([{ kind: 'here', to: '103', consultationFor: id }]);
    await done;
    expect(world.cloud.socket.requests('call.place')[0]?.params).toMatchObject({
      to: '103',
      consultationFor: id,
    });
    expect(world.call(other)?.consultationFor).toBe(id);
  });
});

describe('positions', () => {
  it('[A6] a call that is pulled brings its voice', async () => {
    await world.start([callOf({ position: 'desk_phone', permitted: ['pull', 'hangUp'] })]);
    expect(world.peers.opened).toEqual([]);
    world.cloud.on('call.pull', () => ({ result: { call: callOf(), media: mediaOf('leg-1') } }));
    await world.phone.calls.pull(id);
    expect(world.cloud.socket.requests('call.pull')[0]?.params).toEqual({
      callId: id,
      offer: 'offer peer-1',
    });
    expect(world.call()?.position).toBe('here');
    expect(world.peers.peer).toMatchObject({ answer: 'answer leg-1', closed: false });
    expect(world.cloud.socket.requests('call.attach')).toEqual([]);
  });

  it('[A6] a pull that fails leaves nothing open here', async () => {
    await world.start([callOf({ position: 'desk_phone', permitted: ['pull'] })]);
    world.cloud.on('call.pull', () => ({ refuse: 'pull_failed' }));
    await world.phone.calls.pull(id);
    expect(world.state.activities[id]?.problem).toEqual({ kind: 'error', code: 'pull_failed' });
    expect(world.peers.peer.closed).toBe(true);
    expect(world.microphones.opened[0]?.closed).toBe(true);
  });

  it.each(['other_client', 'desk_phone', 'alternative', 'voicemail', 'parked'] as const)(
    '[A7] a call that went to %s speaks here no more',
    async (position) => {
      await world.start([callOf()]);
      await world.changed(5, { position, permitted: ['pull'] });
      expect(world.peers.peer.closed).toBe(true);
      expect(world.microphones.opened[0]?.closed).toBe(true);
      expect(world.state.voices).toEqual({});
    },
  );

  it('[A6] after a reconnect the snapshot says where the call is', async () => {
    await world.start([callOf()]);
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([callOf({ position: 'desk_phone', permitted: ['pull'] })], revision(7));
    expect(world.call()?.position).toBe('desk_phone');
    expect(world.peers.peer.closed).toBe(true);
  });
});

describe('ringing', () => {
  it.each(['answerAtDesk', 'toVoicemail', 'deflect', 'push'] as const)(
    '[A14] stops here with the click on %s, and begins again where it is refused',
    async (command) => {
      await world.start([callOf(ringing)]);
      const commands = {
        answerAtDesk: () => world.phone.calls.answerAtDesk(id),
        toVoicemail: () => world.phone.calls.toVoicemail(id),
        deflect: () => world.phone.calls.deflect(id, '103'),
        push: () => world.phone.calls.push(id, 'alternative'),
      };
      const isRinging = (): boolean => world.state.calls.some((call) => isRingingHere(world.state, call));
      expect(isRinging()).toBe(true);
      const done = commands[command]();
      expect(isRinging()).toBe(false);
      const request = world.cloud.socket.requests().at(-1);
      world.cloud.socket.refuse(request?.id ?? 0, 'feature_refused');
      await done;
      expect(isRinging()).toBe(true);
    },
  );

  it('[A10] that is meant for the desk phone alone makes no noise here', async () => {
    await world.start([callOf({ ...ringing, rings: ['desk_phone'] })]);
    expect(world.state.calls.some((call) => isRingingHere(world.state, call))).toBe(false);
  });

  it('[A14] ends when a snapshot no longer knows the call', async () => {
    await world.start([callOf(ringing)]);
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([], revision(2));
    expect(world.state.calls).toEqual([]);
  });
});

describe('[A13] the desk phone', () => {
  it('is told to call; the call takes the attempt’s place, and has no voice here', async () => {
    await world.start();
    world.cloud.on('call.placeAtDesk', () => ({ result: {} }));
    await world.phone.calls.placeAtDesk('103', 'Carla Duval');
    const [request] = world.cloud.socket.requests('call.placeAtDesk');
    expect(request?.params).toMatchObject({ to: '103' });
    expect(world.state.attempts).toMatchObject([{ kind: 'at_desk', phase: { name: 'atDesk' } }]);
    const correlationId = String(request?.params['correlationId']);
    await world.changed(5, { correlationId, position: 'desk_phone', state: { name: 'calling' } });
    expect(world.state.attempts).toEqual([]);
    await world.clock.advance(UNSURE_MS);
    expect(world.state.attempts).toEqual([]);
    expect(world.peers.opened).toEqual([]);
    expect(world.microphones.opened).toEqual([]);
  });

  it('that nobody lifts is given up; should it call after all, it is stopped', async () => {
    await world.start();
    world.cloud.on('call.placeAtDesk', () => ({ result: {} }));
    await world.phone.calls.placeAtDesk('103');
    const correlationId = String(world.cloud.socket.requests('call.placeAtDesk')[0]?.params['correlationId']);
    await world.clock.advance(UNSURE_MS);
    expect(world.state.attempts[0]?.phase).toMatchObject({ name: 'failed' });
    await world.changed(5, { correlationId, position: 'desk_phone', permitted: ['hangUp'] });
    expect(world.cloud.socket.requests('call.hangUp')).toHaveLength(1);
  });

  it('that cannot be told says why', async () => {
    await world.start();
    world.cloud.on('call.placeAtDesk', () => ({ refuse: 'platform_unreachable' }));
    await world.phone.calls.placeAtDesk('103');
    expect(world.state.attempts[0]?.phase).toMatchObject({ problem: { code: 'platform_unreachable' } });
  });

  it('consults for itself: no offer, no microphone', async () => {
    await world.start([callOf({ position: 'desk_phone', permitted: ['consult'] })]);
    world.cloud.on('call.placeAtDesk', () => ({ result: {} }));
    await world.phone.calls.consult(id, '103');
    expect(world.cloud.socket.requests('call.placeAtDesk')[0]?.params).toMatchObject({
      to: '103',
      consultationFor: id,
    });
    expect(world.microphones.opened).toEqual([]);
  });
});

describe('picking up', () => {
  it.each([
    ['a colleague’s call', '102'],
    ['a call of the group', undefined],
  ] as const)('%s brings it here with its voice', async (_what, number) => {
    await world.start();
    world.cloud.on('call.pickUp', ({ correlationId }) => ({
      result: { call: callOf({ correlationId: String(correlationId) }), media: mediaOf('leg-1') },
    }));
    const done = world.phone.calls.pickUp(number);
    expect(world.state.attempts).toMatchObject([{ kind: 'pick_up', to: number ?? '' }]);
    await done;
    const params = world.cloud.socket.requests('call.pickUp')[0]?.params;
    expect(params?.['number']).toBe(number);
    expect(params?.['offer']).toBe('offer peer-1');
    expect(world.peers.peer.answer).toBe('answer leg-1');
    expect(world.state.attempts).toEqual([]);
  });

  it('where nothing rings says so', async () => {
    await world.start();
    world.cloud.on('call.pickUp', () => ({ refuse: 'call_not_found' }));
    await world.phone.calls.pickUp();
    expect(world.state.attempts[0]?.phase).toMatchObject({ problem: { code: 'call_not_found' } });
    expect(world.microphones.opened[0]?.closed).toBe(true);
  });
});

it('a call-back that the telephone system took note of says so', async () => {
  await world.start([callOf()]);
  world.cloud.on('call.callBack', () => ({ result: { call: callOf() } }));
  await world.phone.calls.callBack(id);
  expect(world.state.activities[id]?.calledBack).toBe(true);
});

it('an ended call that offers to call back waits longer for the person', async () => {
  await world.start([callOf()]);
  const busy = { name: 'ended', endedAt: 9, cause: 'busy' } as const;
  await world.changed(5, { state: busy, permitted: ['callBack'] });
  await world.clock.advance(CallTimes.lingerMs);
  expect(world.state.calls).toHaveLength(1);
  await world.clock.advance(CallTimes.lingerWithOfferMs - CallTimes.lingerMs);
  expect(world.state.calls).toEqual([]);
});
