import type { DeviceConnection } from '@offhook/call-model';
import { OffhookError, type CallId, type LinkCall } from '@offhook/contract';
import { perfectNetwork } from '@offhook/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { Office } from '../simulation/office.test-support.ts';
import { FakePlatform } from '../testing/fake-platform.ts';
import { pass } from '../testing/virtual-clock.ts';
import type { Client } from './presence.ts';
import type { PlaceParams } from './requests.ts';

const CONNECTOR = { address: '192.0.2.2', port: 5060 };

let platform: FakePlatform;
let office: Office;
let anna: Client;

beforeEach(() => {
  platform = new FakePlatform();
  office = new Office(1, perfectNetwork, platform);
  anna = office.addUser('anna');
  for (const number of ['200', '300', '112']) office.peers.teach(number, { answerAfter: 10 });
});

const calls = (): LinkCall[] => office.board.snapshot(anna.userId).calls;
const withNumber = (number: string): LinkCall => {
  const call = calls().find(({ remote }) => remote.number === number);
  if (call === undefined) throw new Error(`no call with ${number}`);
  return call;
};
const on = (number: string): Client & { callId: CallId } => ({ ...anna, callId: withNumber(number).callId });
const states = (): Record<string, string> =>
  Object.fromEntries(calls().map(({ remote, state }) => [remote.number, state.name]));

async function settled<T>(promise: Promise<T>): Promise<T | string> {
  const results: (T | string)[] = [];
  promise.then(
    (value) => results.push(value),
    (error: unknown) => results.push(OffhookError.from(error).code),
  );
  await pass(office.clock, 200);
  const [result] = results;
  if (results.length === 0) throw new Error('not answered');
  return result as T | string;
}

async function call(to: string, more: Partial<PlaceParams> = {}): Promise<string> {
  const correlationId = `click-${to}` as PlaceParams['correlationId'];
  const outcome = await settled(
    office.requests.place({ ...anna, to, offer: 'offer', correlationId, ...more }),
  );
  return typeof outcome === 'string' ? outcome : 'placed';
}

const atDesk = (more: Partial<DeviceConnection> = {}): DeviceConnection => ({
  place: 'desk_phone',
  platformCall: 'p1',
  state: 'connected',
  direction: 'outgoing',
  remote: { number: '400' },
  since: 1_700_000_000_000,
  ...more,
});

describe('several calls of one user', () => {
  test('[A5] a second call that is placed holds the first', async () => {
    await call('200');
    await call('300');
    expect(states()).toEqual({ '200': 'held', '300': 'connected' });
  });

  test('[A5] a second call that is answered holds the first', async () => {
    await call('200');
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    await settled(office.requests.answer(on('500'), 'offer'));
    expect(states()).toEqual({ '200': 'held', '500': 'connected' });
  });

  test('[A5] where the PBX refuses the hold, nothing else is done', async () => {
    office.peers.teach('200', { answerAfter: 10, refuseOffersWith: 488 });
    await call('200');
    expect(await call('300')).toBe('hold_refused');
    expect(states()).toEqual({ '200': 'connected' });
  });

  test('[A5] where the PBX does not answer, nothing is dialled when nobody waits for it any more', async () => {
    await call('200');
    office.peers.kill();
    const placed = office.requests
      .place({
        ...anna,
        to: '300',
        offer: 'offer',
        correlationId: 'click-300' as PlaceParams['correlationId'],
      })
      .catch((error: unknown) => OffhookError.from(error).code);
    await pass(office.clock, 40_000, 100);
    expect(await placed).toBe('hold_refused');
    expect(office.toldOf(anna.userId).filter(({ call: { remote } }) => remote.number === '300')).toEqual([]);
  });

  test('[A5] what is on its way to the desk phone is not held, and nothing else is done', async () => {
    await call('200');
    await settled(office.requests.push(on('200'), 'desk_phone'));
    expect(await call('300')).toBe('hold_refused');
    expect(withNumber('200').state.name).toBe('connected');
  });

  test('[A5] swap takes the held one and holds the other, both ways', async () => {
    await call('200');
    await call('300');
    await settled(office.requests.alternate(on('200')));
    expect(states()).toEqual({ '200': 'connected', '300': 'held' });
    await settled(office.requests.alternate(on('300')));
    expect(states()).toEqual({ '200': 'held', '300': 'connected' });
  });

  test('[A4] a consultation knows what it is about, and going back ends it', async () => {
    await call('200');
    const about = on('200').callId;
    await call('300', { consultationFor: about });
    expect(withNumber('300').consultationFor).toBe(about);
    expect(withNumber('200').permitted.owner).toContain('reconnect');
    await settled(office.requests.reconnect(on('200')));
    expect(states()).toEqual({ '200': 'connected' });
  });

  test('[A4] a completed transfer is asked of the platform with the held one first', async () => {
    await call('200');
    await call('300');
    await settled(office.requests.completeTransfer(on('300'), on('200').callId));
    expect(platform.asked).toEqual(['completeTransfer 200/leg 300/leg']);
  });

  test('[A4] legs that the platform then ends were transferred, not hung up', async () => {
    await call('200');
    await call('300');
    await settled(office.requests.completeTransfer(on('300'), on('200').callId));
    office.peers.hangUp('200');
    office.peers.hangUp('300');
    await pass(office.clock, 100);
    expect(office.records.map(({ cause }) => cause)).toEqual(['transferred', 'transferred']);
  });

  test('[A4] a transfer that is refused leaves both calls as they are', async () => {
    platform.refuses.set('completeTransfer', 'transfer_failed');
    await call('200');
    await call('300');
    const outcome = await settled(office.requests.completeTransfer(on('300'), on('200').callId));
    expect(outcome).toBe('transfer_failed');
    expect(states()).toEqual({ '200': 'held', '300': 'connected' });
    office.peers.hangUp('300');
    await pass(office.clock, 100);
    expect(office.records.map(({ cause }) => cause)).toEqual(['completed']);
  });

  test('[A5] where nobody else can, the client joins two calls: both talk, and each names the other', async () => {
    platform.joins = 'mix';
    await call('200');
    await call('300');
    await settled(office.requests.conference(on('300'), on('200').callId));
    expect(states()).toEqual({ '200': 'connected', '300': 'connected' });
    expect(withNumber('200').mixedWith).toBe(withNumber('300').callId);
    expect(withNumber('300').mixedWith).toBe(withNumber('200').callId);
    office.peers.hangUp('300');
    await pass(office.clock, 100);
    expect(withNumber('200').mixedWith).toBeUndefined();
  });

  test('[A5] of two calls that the platform has joined one goes, and the other is hung up like any', async () => {
    await call('200');
    await call('300');
    await settled(office.requests.conference(on('300'), on('200').callId));
    office.peers.hangUp('200');
    await pass(office.clock, 100);
    await settled(office.requests.simple(on('300'), { method: 'hangUp' }));
    expect(office.records.map(({ cause }) => cause)).toEqual(['joined', 'completed']);
  });

  test('calls of which one is not answered cannot be joined', async () => {
    await call('200');
    office.peers.teach('600', { ringAfter: 10 });
    await call('600');
    const outcome = await settled(office.requests.conference(on('200'), on('600').callId));
    expect(outcome).toBe('call_not_permitted');
    expect(platform.asked).toEqual([]);
  });
});

describe('a call that rings', () => {
  beforeEach(async () => {
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
  });

  test('[A7] [A8] can be sent to a number, to the mailbox and to the alternative number', async () => {
    await settled(office.requests.deflect(on('500'), '0 30 / 12 34'));
    await settled(office.requests.toVoicemail(on('500')));
    await settled(office.requests.push(on('500'), 'alternative'));
    expect(platform.asked).toEqual([
      'deflect 500/leg 0301234',
      'toVoicemail 500/leg',
      'push 500/leg alternative',
    ]);
  });

  test('is not sent to what is no number', async () => {
    expect(await settled(office.requests.deflect(on('500'), 'carla'))).toBe('number_invalid');
    expect(platform.asked).toEqual([]);
  });

  test('[A14] rings at the desk phone too, and is one call; answered there it stops here and is not missed', async () => {
    const desk = atDesk({ direction: 'incoming', remote: { number: '500' }, state: 'alerting' });
    office.board.reported(anna.userId, { connections: [desk] });
    expect(withNumber('500').rings).toEqual(['clients', 'desk_phone']);
    office.peers.hangUp('500');
    await pass(office.clock, 100);
    office.board.reported(anna.userId, { connections: [{ ...desk, state: 'connected' }] });
    expect(withNumber('500')).toMatchObject({
      position: { at: 'desk_phone' },
      state: { name: 'connected' },
      rings: [],
    });
    office.board.reported(anna.userId, { connections: [] });
    await pass(office.clock, 100);
    expect(office.records).toMatchObject([{ cause: 'completed', answeredAt: expect.any(Number) }]);
  });

  test('[A14] that the platform tells of before it comes here is one call all the same', async () => {
    const desk = atDesk({
      direction: 'incoming',
      remote: { number: '501' },
      state: 'alerting',
      platformCall: 'p2',
    });
    office.board.reported(anna.userId, { connections: [desk] });
    const { callId } = withNumber('501');
    office.peers.call('501', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(withNumber('501')).toMatchObject({ callId, rings: ['clients', 'desk_phone'] });
    expect(calls().filter(({ remote }) => remote.number === '501')).toHaveLength(1);
  });

  test('[A13] can be answered at the desk phone', async () => {
    const desk = atDesk({ direction: 'incoming', remote: { number: '500' }, state: 'alerting' });
    office.board.reported(anna.userId, { connections: [desk] });
    await settled(office.requests.answerAtDesk(on('500')));
    expect(platform.asked).toEqual(['answer 500/leg/desk_phone']);
  });
});

describe('a call that rings here still while the desk phone has answered', () => {
  test.each(['before', 'after'] as const)(
    '[A6] stays the one call when it is brought here, though the PBX ends what rang %s that is done',
    async (when) => {
      office.peers.teach('*7', { answerAfter: 10 });
      office.peers.call('500', 'line-anna', CONNECTOR);
      await pass(office.clock, 100);
      const desk = atDesk({ direction: 'incoming', remote: { number: '500' } });
      office.board.reported(anna.userId, { connections: [{ ...desk, state: 'alerting' }] });
      office.board.reported(anna.userId, { connections: [desk] });
      const { callId } = withNumber('500');
      const pulled = settled(office.requests.pull(on('500'), 'offer'));
      if (when === 'before') office.peers.hangUp('500');
      await pulled;
      if (when === 'after') office.peers.hangUp('500');
      office.board.reported(anna.userId, { connections: [] });
      await pass(office.clock, 7_000, 100);
      expect(calls()).toMatchObject([{ callId, position: { at: 'client' }, state: { name: 'connected' } }]);
      expect(calls()[0]?.permitted.owner).toContain('hangUp');
      office.control.endAll();
      await pass(office.clock, 100);
      expect(office.leftovers()).toMatchObject({ calls: 0, bridges: 0 });
      expect(office.records).toHaveLength(1);
    },
  );
});

describe('[A10] [A11] what the platform says of a call that comes', () => {
  test('486 is a call that was missed for being busy', async () => {
    platform.admits = { kind: 'refuse', status: 486 };
    const peer = office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(peer.end).toMatchObject({ by: 'refused', response: { status: 486 } });
    // The platform may still tell of it, and then it is recorded as that.
    await pass(office.clock, 5_000);
    expect(office.records).toMatchObject([{ cause: 'busy' }]);
  });

  test('480 leaves the clients out, for others ring: nothing to record', async () => {
    platform.admits = { kind: 'refuse', status: 480 };
    const peer = office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(peer.end).toMatchObject({ by: 'refused', response: { status: 480 } });
    expect(office.records).toEqual([]);
  });

  test('302 sends the caller elsewhere', async () => {
    platform.admits = { kind: 'redirect', to: '+4930123' };
    const peer = office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(peer.end).toMatchObject({ by: 'refused', response: { status: 302 } });
    expect(JSON.stringify(peer.end)).toContain('sip:+4930123@pbx.example');
    // The platform may still tell of it, and then it is recorded as that.
    await pass(office.clock, 5_000);
    expect(office.records).toMatchObject([{ cause: 'deflected' }]);
  });

  test('480 and 302 are no calls of their own where the desk phone rings with the same', async () => {
    const desk = atDesk({ direction: 'incoming', remote: { number: '500' }, state: 'alerting' });
    office.board.reported(anna.userId, { connections: [desk] });
    platform.admits = { kind: 'refuse', status: 486 };
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(office.records).toEqual([]);
    office.board.reported(anna.userId, { connections: [{ ...desk, state: 'connected' }] });
    office.board.reported(anna.userId, { connections: [] });
    await pass(office.clock, 100);
    expect(office.records).toMatchObject([{ cause: 'completed' }]);
  });

  test('[CM-80] a call that is parked keeps nobody busy', async () => {
    const parked = atDesk({ place: 'parked', state: 'held', answeredAt: 1_700_000_000_000 });
    office.board.reported(anna.userId, { connections: [atDesk()] });
    office.board.reported(anna.userId, { connections: [parked] });
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(platform.admissions).toEqual([{ talking: false, number: '500' }]);
  });

  test('it is told whether the user talks, at whichever device', async () => {
    office.board.reported(anna.userId, { connections: [atDesk()] });
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(platform.admissions).toEqual([{ talking: true, number: '500' }]);
  });
});

describe('a call at the desk phone', () => {
  beforeEach(() => {
    office.board.reported(anna.userId, { connections: [atDesk()] });
  });

  test('[A13] is driven through the platform', async () => {
    await settled(office.requests.simple(on('400'), { method: 'hold' }));
    await settled(office.requests.simple(on('400'), { method: 'dtmf', digits: '5' }));
    await settled(office.requests.transfer(on('400'), '200'));
    await settled(office.requests.simple(on('400'), { method: 'hangUp' }));
    expect(platform.asked).toEqual([
      'hold 400/desk_phone',
      'digits 400/desk_phone 5',
      'transfer 400/desk_phone 200',
      'hangUp 400/desk_phone',
    ]);
  });

  test('[A6] is brought here by a call of ours: the same call goes on, and began when it began', async () => {
    office.peers.teach('*7', { answerAfter: 10 });
    const before = withNumber('400');
    await settled(office.requests.pull(on('400'), 'offer'));
    office.board.reported(anna.userId, { connections: [] });
    await pass(office.clock, 100);
    expect(calls()).toHaveLength(1);
    expect(withNumber('400')).toMatchObject({
      callId: before.callId,
      position: { at: 'client', clientId: anna.clientId },
      state: { name: 'connected', answeredAt: 1_700_000_000_000 },
    });
  });

  test.each(['before it agrees', 'after it agreed'] as const)(
    '[A6] is brought here by the platform that calls us %s: answered without ringing',
    async (when) => {
      let agree: (() => void) | undefined;
      const ring = (): unknown => office.peers.call('400', 'line-anna', CONNECTOR);
      platform.brings = {
        by: 'incoming',
        ask: async () => {
          if (when === 'after it agreed') {
            office.clock.after(50, ring);
            return;
          }
          ring();
          await new Promise<void>((resolve) => (agree = resolve));
        },
      };
      const pulled = settled(office.requests.pull(on('400'), 'offer'));
      await pulled;
      agree?.();
      office.board.reported(anna.userId, { connections: [] });
      await pass(office.clock, 100);
      expect(withNumber('400')).toMatchObject({ position: { at: 'client' }, state: { name: 'connected' } });
      expect(office.toldOf(anna.userId).filter(({ call: { rings } }) => rings.includes('clients'))).toEqual(
        [],
      );
    },
  );

  test('[A6] stays where it is when the platform does not bring it', async () => {
    platform.brings = { by: 'incoming', ask: () => Promise.resolve() };
    const pulled = office.requests
      .pull(on('400'), 'offer')
      .catch((error: unknown) => OffhookError.from(error).code);
    await pass(office.clock, 7_000, 100);
    expect(await pulled).toBe('pull_failed');
    expect(withNumber('400')).toMatchObject({ position: { at: 'desk_phone' }, state: { name: 'connected' } });
    expect(withNumber('400').permitted.owner).toContain('pull');
  });

  const agreed = { by: 'incoming', ask: () => Promise.resolve() } as const;

  test('[A6] while it is brought here, a stranger who calls rings, and is not answered', async () => {
    platform.brings = agreed;
    const pulled = office.requests.pull(on('400'), 'offer');
    await pass(office.clock, 10);
    const stranger = office.peers.call('500', 'line-anna', CONNECTOR);
    const hidden = office.peers.call('anonymous', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(stranger).toMatchObject({ answered: false, end: undefined });
    expect(hidden).toMatchObject({ answered: false, end: undefined });
    expect(withNumber('500').rings).toEqual(['clients']);
    office.peers.call('400', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect((await pulled).media).toBeDefined();
    expect(withNumber('400').position).toMatchObject({ at: 'client' });
  });

  test('[A6] of two clients that want it at once one gets it, and the other is told', async () => {
    platform.brings = agreed;
    const tablet = { ...anna, clientId: `${anna.clientId}-2` as Client['clientId'] };
    office.presence.joined(tablet);
    const first = office.requests.pull(on('400'), 'offer');
    const second = office.requests
      .pull({ ...on('400'), ...tablet }, 'offer')
      .catch((error: unknown) => OffhookError.from(error).code);
    await pass(office.clock, 20);
    expect(await second).toBe('call_not_permitted');
    office.board.reported(anna.userId, { connections: [] });
    office.peers.call('400', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect((await first).call.callId).toBe(withNumber('400').callId);
    expect(withNumber('400').position).toEqual({ at: 'client', clientId: anna.clientId });
  });

  test('[A14] ends when a fresh report does not have it', async () => {
    office.board.reported(anna.userId, { connections: [] });
    await pass(office.clock, 10);
    expect(calls()).toEqual([]);
  });
});

describe('a call that is asked for at the desk phone', () => {
  const correlationId = 'click-desk' as PlaceParams['correlationId'];

  test('[A13] is the one that the platform then shows', async () => {
    await settled(office.requests.placeAtDesk({ ...anna, to: '400', correlationId }));
    expect(platform.asked).toEqual(['place anna 400']);
    office.board.reported(anna.userId, {
      connections: [atDesk({ state: 'calling', remote: { number: '999' } }), atDesk({ platformCall: 'p2' })],
    });
    expect(withNumber('400').correlationId).toBe(correlationId);
    expect(withNumber('999').correlationId).not.toBe(correlationId);
  });

  test('[A13] is refused where the platform cannot', async () => {
    platform.can = { ...platform.can, desk: undefined };
    const outcome = await settled(office.requests.placeAtDesk({ ...anna, to: '400', correlationId }));
    expect(outcome).toBe('feature_unsupported');
  });
});

describe('a call that is pushed to the desk phone', () => {
  test.each(['before', 'after'] as const)(
    '[A7] goes on there, whether it is seen there %s our leg has ended',
    async (order) => {
      await call('200');
      const { callId } = on('200');
      await settled(office.requests.push(on('200'), 'desk_phone'));
      const there = { connections: [atDesk({ remote: { number: '200' } })] };
      if (order === 'before') office.board.reported(anna.userId, there);
      office.peers.hangUp('200');
      await pass(office.clock, 100);
      if (order === 'after') office.board.reported(anna.userId, there);
      expect(calls()).toMatchObject([
        { callId, position: { at: 'desk_phone' }, state: { name: 'connected' } },
      ]);
      expect(office.records).toEqual([]);
    },
  );

  test('[A7] that never arrives has left us', async () => {
    await call('200');
    await settled(office.requests.push(on('200'), 'desk_phone'));
    office.peers.hangUp('200');
    await pass(office.clock, 10_000, 100);
    expect(calls()).toEqual([]);
    expect(office.records).toMatchObject([{ cause: 'transferred' }]);
  });

  test('[A7] that the platform refuses stays here', async () => {
    platform.refuses.set('push', 'push_failed');
    await call('200');
    expect(await settled(office.requests.push(on('200'), 'desk_phone'))).toBe('push_failed');
    expect(withNumber('200').permitted.owner).toContain('hold');
  });
});

describe('a call that was to leave', () => {
  test('[A7] and is still here long after is hung up by the user, not transferred', async () => {
    await call('200');
    await settled(office.requests.push(on('200'), 'desk_phone'));
    await pass(office.clock, 12_000, 100);
    await settled(office.requests.simple(on('200'), { method: 'hangUp' }));
    expect(office.records).toMatchObject([{ cause: 'completed' }]);
  });

  test.each(['before', 'after'] as const)(
    '[A9 CM-18] is parked where nobody sees it: it is over at once, as parked, its leg gone %s the platform has agreed',
    async (gone) => {
      await call('200');
      platform.parks = 'unseen';
      const parking = settled(office.requests.park(on('200')));
      if (gone === 'before') office.peers.hangUp('200');
      await parking;
      if (gone === 'after') office.peers.hangUp('200');
      await pass(office.clock, 100);
      expect(office.records).toMatchObject([{ cause: 'parked' }]);
    },
  );

  test('[A9] was parked at the desk phone and taken here: hung up, and not parked', async () => {
    office.peers.teach('*7', { answerAfter: 10 });
    office.board.reported(anna.userId, { connections: [atDesk()] });
    await settled(office.requests.park(on('400')));
    office.board.reported(anna.userId, { connections: [atDesk({ place: 'parked', state: 'held' })] });
    await settled(office.requests.pull(on('400'), 'offer'));
    office.board.reported(anna.userId, { connections: [] });
    await settled(office.requests.simple(on('400'), { method: 'hangUp' }));
    expect(office.records).toMatchObject([{ cause: 'completed' }]);
  });
});

describe('a call that the desk phone answers while a client does', () => {
  test('[A14] has been answered there already', async () => {
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    const desk = atDesk({ direction: 'incoming', remote: { number: '500' }, state: 'alerting' });
    office.board.reported(anna.userId, { connections: [desk] });
    // The voice path takes its time.
    office.engine.hangs = true;
    const answered = settled(office.requests.answer(on('500'), 'offer'));
    office.peers.hangUp('500');
    office.board.reported(anna.userId, { connections: [{ ...desk, state: 'connected' }] });
    expect(await answered).toBe('call_already_answered');
    expect(withNumber('500').position).toEqual({ at: 'desk_phone' });
  });
});

describe('[A15] an emergency call', () => {
  test('is placed while the connector drains', async () => {
    office.control.drain();
    expect(await call('200')).toBe('draining');
    expect(await call('112')).toBe('placed');
  });

  test('is placed though the PBX refuses to hold the call beside it', async () => {
    office.peers.teach('200', { answerAfter: 10, refuseOffersWith: 488 });
    await call('200');
    expect(await call('112')).toBe('placed');
    expect(withNumber('112').state.name).toBe('connected');
  });

  test('is placed though the call that it was to consult about is over', async () => {
    expect(await call('112', { consultationFor: 'gone' as CallId })).toBe('placed');
  });

  test('is placed above the number of calls that a user may have', async () => {
    for (let index = 0; index < 8; index += 1)
      office.peers.call(`70${String(index)}`, 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(await call('200')).toBe('call_limit_reached');
    expect(await call('112')).toBe('placed');
  });
});

describe('[A12] a call back', () => {
  beforeEach(() => {
    office.peers.teach('600', { refuseAfter: 10, refuseWith: 486 });
  });

  test('is asked for the number that was busy, after the call', async () => {
    await call('600');
    const { callId, permitted } = office.lastOf(anna.userId) ?? {};
    expect(permitted?.owner).toEqual(['callBack']);
    await settled(office.requests.callBack({ ...anna, callId: callId as CallId }));
    expect(platform.asked).toEqual(['callBack anna 600']);
  });

  test('is refused where the call does not offer it', async () => {
    await call('200');
    expect(await settled(office.requests.callBack(on('200')))).toBe('call_not_permitted');
    office.peers.call('500', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    const missed = on('500');
    office.peers.hangUp('500');
    await pass(office.clock, 100);
    expect(await settled(office.requests.callBack(missed))).toBe('call_not_found');
    expect(platform.asked).toEqual([]);
  });

  test('is not for the calls of others', async () => {
    const ben = office.addUser('ben');
    await call('600');
    const callId = office.lastOf(anna.userId)?.callId as CallId;
    expect(await settled(office.requests.callBack({ ...ben, callId }))).toBe('call_not_found');
  });
});
