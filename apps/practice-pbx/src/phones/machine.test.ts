import { audioCapabilities, parseSdp, readAudio } from '@offhook/sdp';
import type { Body } from '@offhook/sip';
import { describe, expect, it } from 'vitest';
import { Party } from '../calls/party.ts';
import { readBody } from '../voice/negotiation.ts';
import { PhoneMachine } from './machine.ts';
import type { PhoneEffect, PhoneInput } from './types.ts';

const capabilities = audioCapabilities(['PCMA']);
const anna = { number: '101', name: 'Anna Berger' };

/** The other side of the phone's call. */
function otherSide(): Party {
  return new Party({ address: '192.0.2.1', port: 4000, sessionId: '7' });
}

function answerTo(offer: Body | undefined): Body {
  const description = offer === undefined ? undefined : readBody(offer);
  const answer =
    description === undefined || 'kind' in description
      ? undefined
      : otherSide().answer(description, capabilities);
  if (answer === undefined) throw new Error('nothing to answer');
  return answer.body;
}

function directionOf(body: Body | undefined): string | undefined {
  const description = parseSdp(new TextDecoder().decode(body?.bytes));
  return 'kind' in description ? undefined : readAudio(description)?.direction;
}

class Rig {
  readonly machine: PhoneMachine;
  now = 0;
  effects: readonly PhoneEffect[] = [];

  constructor(autoAnswer?: number) {
    this.machine = new PhoneMachine({ address: '192.0.2.9', port: 6000, sessionId: '1' }, { autoAnswer });
  }

  give(...inputs: readonly PhoneInput[]): this {
    for (const input of inputs) {
      this.machine.handle(input, this.now);
      this.effects = this.machine.takeEffects();
    }
    return this;
  }

  of<K extends PhoneEffect['kind']>(kind: K): Extract<PhoneEffect, { kind: K }> | undefined {
    return this.effects.find((effect): effect is Extract<PhoneEffect, { kind: K }> => effect.kind === kind);
  }

  get kinds(): readonly string[] {
    return this.effects.map((effect) => effect.kind);
  }
}

function ringing(autoAnswer?: number): Rig {
  return new Rig(autoAnswer).give({ kind: 'incoming', from: anna, offer: otherSide().offer(capabilities) });
}

function talking(): Rig {
  return ringing().give({ kind: 'answer' });
}

describe('a call that comes', () => {
  it('rings until somebody answers, then speaks', () => {
    const rig = ringing();
    expect(rig.kinds).toEqual(['ring']);
    expect(rig.machine.situation).toEqual({
      state: 'ringing',
      peer: anna,
      display: 'Call from Anna Berger (101)',
      may: ['answer', 'reject'],
    });
    expect(rig.machine.deadline()).toBeUndefined();
    rig.give({ kind: 'answer' });
    expect(rig.kinds).toEqual(['agree', 'accept', 'speak']);
    expect(rig.of('agree')?.voice.codec.name).toBe('PCMA');
    expect(rig.machine.situation.state).toBe('talking');
  });

  it('is answered by itself after its time, and not before', () => {
    const rig = ringing(1000);
    expect(rig.machine.deadline()).toBe(1000);
    rig.now = 999;
    expect(rig.give({ kind: 'tick' }).kinds).toEqual([]);
    rig.now = 1000;
    expect(rig.give({ kind: 'tick' }).kinds).toContain('accept');
  });

  it('[RFC3261-21.6.2] is rejected with 603', () => {
    const rig = ringing().give({ kind: 'reject' });
    expect(rig.effects).toEqual([{ kind: 'refuse', status: 603 }, { kind: 'over' }]);
    expect(rig.machine.situation).toMatchObject({ state: 'idle', display: 'Rejected', may: ['call'] });
  });

  it.each([
    [true, 'Answered elsewhere'],
    [false, 'Missed: Anna Berger (101)'],
  ])('[RFC3326-2] cancelled, answered elsewhere: %s', (elsewhere, display) => {
    const rig = ringing().give({ kind: 'ended', status: undefined, elsewhere });
    expect(rig.machine.situation.display).toBe(display);
  });

  it('[RFC3264-6] without a codec of ours is refused with 488', () => {
    const offer = otherSide().offer(audioCapabilities(['opus']));
    const rig = new Rig().give({ kind: 'incoming', from: anna, offer }, { kind: 'answer' });
    expect(rig.of('refuse')?.status).toBe(488);
  });

  it('[RFC3264-4] without an offer gets ours, and speaks after the ACK', () => {
    const rig = new Rig().give({ kind: 'incoming', from: anna, offer: undefined }, { kind: 'answer' });
    expect(rig.kinds).toEqual(['accept']);
    rig.give({ kind: 'confirmed', body: answerTo(rig.of('accept')?.body) });
    expect(rig.kinds).toEqual(['agree', 'speak']);
  });
});

describe('a call of its own', () => {
  it('says what happens to it', () => {
    const rig = new Rig().give({ kind: 'call', to: '200' });
    expect(rig.machine.situation).toMatchObject({
      state: 'calling',
      display: 'Calling 200…',
      may: ['hangup'],
    });
    const { offer } = rig.of('invite') ?? {};
    rig.give({ kind: 'alerting', peer: undefined });
    expect(rig.machine.situation).toMatchObject({ state: 'alerting', display: 'Ringing 200…' });
    rig.give({ kind: 'accepted', peer: { number: '200', name: 'Carla' }, body: answerTo(offer) });
    expect(rig.kinds).toEqual(['agree', 'speak']);
    expect(rig.machine.situation.display).toBe('Connected: Carla (200)');
  });

  it.each([
    [404, 'Unknown number'],
    [480, 'No answer'],
    [486, 'Busy'],
    [603, 'Rejected'],
    [503, 'Not possible now (503)'],
  ])('refused with %i says “%s”', (status, display) => {
    const rig = new Rig().give({ kind: 'call', to: '200' }, { kind: 'ended', status, elsewhere: false });
    expect(rig.machine.situation).toMatchObject({ state: 'idle', display });
    expect(rig.kinds).toEqual(['over']);
  });

  it('is given up by hanging up', () => {
    const rig = new Rig().give({ kind: 'call', to: '200' }, { kind: 'hangup' });
    expect(rig.kinds).toEqual(['end', 'over']);
  });

  it('an answer without a codec of ours ends it', () => {
    const rig = new Rig().give(
      { kind: 'call', to: '200' },
      { kind: 'accepted', peer: undefined, body: undefined },
    );
    expect(rig.kinds).toEqual(['end', 'over']);
    expect(rig.machine.situation.display).toBe('No common codec');
  });
});

describe('hold', () => {
  it('[RFC3264-8.4] offers sendonly, is silent, and back with sendrecv', () => {
    const rig = talking().give({ kind: 'hold' });
    const { offer } = rig.of('reoffer') ?? {};
    expect(directionOf(offer)).toBe('sendonly');
    expect(rig.machine.situation.may).toEqual(['hangup']);
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(offer) });
    expect(rig.of('speak')?.on).toBe(false);
    expect(rig.machine.situation).toMatchObject({ state: 'holding', may: ['hangup', 'retrieve'] });
    rig.give({ kind: 'retrieve' });
    const back = rig.of('reoffer')?.offer;
    expect(directionOf(back)).toBe('sendrecv');
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(back) });
    expect(rig.of('speak')?.on).toBe(true);
    expect(rig.machine.situation.state).toBe('talking');
  });

  it('[RFC3261-14.1] refused, the call stands as it stood', () => {
    const rig = talking().give({ kind: 'hold' }, { kind: 'offer_result', ok: false, answer: undefined });
    expect(rig.machine.situation).toMatchObject({ state: 'talking', may: ['hangup', 'hold', 'dtmf'] });
  });

  it('an offer from the other side while holding is answered as holding', () => {
    const rig = talking().give({ kind: 'hold' });
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(rig.of('reoffer')?.offer) });
    rig.give({ kind: 'offered', offer: otherSide().offer(capabilities) });
    expect(directionOf(rig.of('accept_offer')?.body)).toBe('sendonly');
  });

  it('held by the other side, the display says so', () => {
    const rig = talking().give({ kind: 'offered', offer: otherSide().offer(capabilities, 'sendonly') });
    expect(directionOf(rig.of('accept_offer')?.body)).toBe('recvonly');
    expect(rig.machine.situation.display).toBe('Held by Anna Berger (101)');
  });
});

describe('what does not fit the state', () => {
  it.each([
    ['hold', new Rig()],
    ['answer', new Rig()],
    ['call', talking()],
    ['answer', talking()],
    ['retrieve', talking()],
    ['hangup', ringing()],
  ] as const)('%s is not permitted and changes nothing', (action, rig) => {
    const before = rig.machine.situation;
    expect(rig.machine.may(action)).toBe(false);
    rig.give(action === 'call' ? { kind: 'call', to: '1' } : { kind: action });
    expect(rig.effects).toEqual([]);
    expect(rig.machine.situation).toEqual(before);
  });
});
