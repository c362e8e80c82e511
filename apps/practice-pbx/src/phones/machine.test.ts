import { audioCapabilities, parseSdp, readAudio } from '@offhook/sdp';
import type { Body } from '@offhook/sip';
import { describe, expect, it } from 'vitest';
import { Party } from '../voice/party.ts';
import { readBody } from '../voice/negotiation.ts';
import type { Person } from '../person.ts';
import { PhoneMachine } from './machine.ts';
import type { PhoneCallEffect, PhoneCallId, PhoneCallInput, PhoneEffect, PhoneInput } from './types.ts';

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

const CALL_INPUTS = [
  'alerting',
  'accepted',
  'confirmed',
  'offered',
  'offer_result',
  'ended',
  'order',
  'referred',
] as const satisfies readonly PhoneCallInput['kind'][];

function isOfCall(input: PhoneInput | PhoneCallInput): input is PhoneCallInput {
  return CALL_INPUTS.some((kind) => kind === input.kind);
}

class Rig {
  readonly machine: PhoneMachine;
  now = 0;
  all: readonly PhoneEffect[] = [];
  /** The call that inputs of a call go to: the newest. */
  call: PhoneCallId | undefined;

  constructor(autoAnswer?: number) {
    this.machine = new PhoneMachine(
      { address: '192.0.2.9', port: 6000, sessionId: '1' },
      { autoAnswer, conference: '700' },
    );
  }

  give(...inputs: readonly (PhoneInput | PhoneCallInput)[]): this {
    for (const input of inputs) {
      if (!isOfCall(input)) this.machine.handle(input, this.now);
      else if (this.call !== undefined) this.to(this.call, input);
      if (!isOfCall(input)) this.#note();
    }
    return this;
  }

  /** To one call of several. */
  to(call: PhoneCallId, input: PhoneCallInput): this {
    this.machine.handle({ kind: 'of_call', call, input }, this.now);
    this.#note();
    return this;
  }

  incoming(
    peer: Person,
    offer: Body | undefined = otherSide().offer(capabilities),
    autoAnswer = false,
  ): this {
    this.call = this.machine.newCallId();
    return this.give({ kind: 'incoming', call: this.call, from: peer, offer, autoAnswer });
  }

  get effects(): readonly PhoneCallEffect[] {
    return this.all.map(({ effect }) => effect);
  }

  of<K extends PhoneCallEffect['kind']>(kind: K): Extract<PhoneCallEffect, { kind: K }> | undefined {
    return this.effects.find(
      (effect): effect is Extract<PhoneCallEffect, { kind: K }> => effect.kind === kind,
    );
  }

  get kinds(): readonly string[] {
    return this.effects.map((effect) => effect.kind);
  }

  #note(): void {
    this.all = this.machine.takeEffects();
    this.call = this.all.find(({ effect }) => effect.kind === 'invite')?.call ?? this.call;
  }
}

function ringing(autoAnswer?: number): Rig {
  return new Rig(autoAnswer).incoming(anna);
}

function withoutOffer(): Rig {
  const rig = new Rig();
  rig.call = rig.machine.newCallId();
  return rig.give({ kind: 'incoming', call: rig.call, from: anna, offer: undefined, autoAnswer: false });
}

function talking(): Rig {
  return ringing().give({ kind: 'answer' });
}

describe('a call that comes', () => {
  it('rings until somebody answers, then speaks', () => {
    const rig = ringing();
    expect(rig.kinds).toEqual(['ring']);
    expect(rig.machine.situation).toMatchObject({
      lines: [],
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
    const rig = new Rig().incoming(anna, offer).give({ kind: 'answer' });
    expect(rig.of('refuse')?.status).toBe(488);
  });

  it('[RFC3264-4] without an offer gets ours, and speaks after the ACK', () => {
    const rig = withoutOffer().give({ kind: 'answer' });
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
    expect(rig.machine.situation).toMatchObject({ state: 'idle', display, may: ['call', 'redial'] });
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
    expect(rig.machine.situation).toMatchObject({
      state: 'holding',
      may: ['hangup', 'retrieve', 'consult', 'blindTransfer'],
    });
    rig.give({ kind: 'retrieve' });
    const back = rig.of('reoffer')?.offer;
    expect(directionOf(back)).toBe('sendrecv');
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(back) });
    expect(rig.of('speak')?.on).toBe(true);
    expect(rig.machine.situation.state).toBe('talking');
  });

  it('[RFC3261-14.1] refused, the call stands as it stood', () => {
    const rig = talking().give({ kind: 'hold' }, { kind: 'offer_result', ok: false, answer: undefined });
    expect(rig.machine.situation).toMatchObject({
      state: 'talking',
      may: ['hangup', 'hold', 'dtmf', 'consult', 'blindTransfer'],
    });
  });

  it('an offer from the other side while holding is answered as holding', () => {
    const rig = talking().give({ kind: 'hold' });
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(rig.of('reoffer')?.offer) });
    rig.give({ kind: 'offered', peer: undefined, offer: otherSide().offer(capabilities) });
    expect(directionOf(rig.of('accept_offer')?.body)).toBe('sendonly');
  });

  it('held by the other side, the display says so', () => {
    const rig = talking().give({
      kind: 'offered',
      peer: undefined,
      offer: otherSide().offer(capabilities, 'sendonly'),
    });
    expect(directionOf(rig.of('accept_offer')?.body)).toBe('recvonly');
    expect(rig.machine.situation.display).toBe('Held by Anna Berger (101)');
  });
});

/** Anna is held, Carla answers the second call. */
function consulting(): { readonly rig: Rig; readonly held: PhoneCallId; readonly active: PhoneCallId } {
  const rig = talking();
  const held = rig.call;
  rig.give({ kind: 'consult', to: '201' });
  const active = rig.call;
  if (held === undefined || active === undefined) throw new Error('no calls');
  const hold = rig.all.find(({ effect }) => effect.kind === 'reoffer');
  const { offer } = rig.of('invite') ?? {};
  const holdOffer = hold?.effect.kind === 'reoffer' ? hold.effect.offer : undefined;
  rig.to(held, { kind: 'offer_result', ok: true, answer: answerTo(holdOffer) });
  rig.to(active, { kind: 'accepted', peer: { number: '201', name: 'Carla' }, body: answerTo(offer) });
  return { rig, held, active };
}

describe('two calls', () => {
  it('[PBX-20] a second call of one’s own holds the first', () => {
    const { rig } = consulting();
    expect(rig.machine.situation).toMatchObject({
      display: 'Connected: Carla (201)',
      lines: ['On hold: Anna Berger (101)'],
      may: ['hangup', 'hold', 'dtmf', 'swap', 'transfer', 'conference'],
    });
  });

  it('[PBX-20] swap holds the one and retrieves the other', () => {
    const { rig, held, active } = consulting();
    rig.give({ kind: 'swap' });
    const offers = rig.all.map(({ call, effect }) => [
      call,
      effect.kind === 'reoffer' ? directionOf(effect.offer) : effect.kind,
    ]);
    expect(offers).toEqual([
      [held, 'sendrecv'],
      [active, 'speak'],
      [active, 'sendonly'],
    ]);
  });

  it('[RFC5589-7] transfer refers the held one to the other, and hangs up when that is reported', () => {
    const { rig, held, active } = consulting();
    rig.give({ kind: 'transfer' });
    expect(rig.all).toEqual([{ call: held, effect: { kind: 'refer_to_call', other: active } }]);
    rig.to(held, { kind: 'referred', ok: true });
    expect(rig.kinds).toEqual(['end', 'over']);
  });

  it('[RFC5589-6] a blind transfer refers the call in front to a number; where it fails the call goes on', () => {
    const rig = talking().give({ kind: 'blindTransfer', to: '202' });
    expect(rig.effects).toEqual([{ kind: 'refer', to: '202' }]);
    rig.give({ kind: 'referred', ok: false });
    expect(rig.machine.situation.state).toBe('talking');
  });

  it('[RFC4579-5.5] conference goes to a room and refers both others there', () => {
    const { rig, held, active } = consulting();
    rig.give({ kind: 'conference' });
    expect(rig.of('invite')?.to).toBe('700');
    const { offer } = rig.of('invite') ?? {};
    const room = rig.call;
    if (room === undefined) throw new Error('no room');
    rig.to(room, { kind: 'accepted', peer: { number: '70042' }, body: answerTo(offer) });
    const refers = rig.all.filter(({ effect }) => effect.kind === 'refer');
    expect(refers).toEqual([
      { call: held, effect: { kind: 'refer', to: '70042' } },
      { call: active, effect: { kind: 'refer', to: '70042' } },
    ]);
  });

  it('[PBX-20] a call that knocks is answered, and the first held', () => {
    const rig = talking();
    rig.incoming({ number: '202' });
    expect(rig.machine.situation.lines).toEqual(['Call from 202']);
    rig.give({ kind: 'answer' });
    expect(rig.kinds).toContain('reoffer');
    expect(rig.kinds).toContain('accept');
    expect(rig.machine.hasRoom).toBe(false);
  });

  it('[PBX-20] a last wish while hold is under way counts once that is done', () => {
    const rig = talking().give({ kind: 'hold' });
    const { offer } = rig.of('reoffer') ?? {};
    rig.give({ kind: 'order', order: 'talk' });
    expect(rig.kinds).toEqual([]);
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(offer) });
    expect(directionOf(rig.of('reoffer')?.offer)).toBe('sendrecv');
  });
});

describe('a phone under command', () => {
  it('[PBX-19] answers an INVITE that asks for it, at once', () => {
    const rig = new Rig().incoming(anna, undefined, true);
    expect(rig.kinds).toEqual(['ring', 'agree', 'accept', 'speak']);
  });

  it('[PBX-19] talk answers what rings and retrieves what is held; hold holds', () => {
    const rig = ringing().give({ kind: 'order', order: 'talk' });
    expect(rig.kinds).toContain('accept');
    rig.give({ kind: 'order', order: 'hold' });
    const { offer } = rig.of('reoffer') ?? {};
    expect(directionOf(offer)).toBe('sendonly');
    rig.give({ kind: 'offer_result', ok: true, answer: answerTo(offer) });
    rig.give({ kind: 'order', order: 'talk' });
    expect(directionOf(rig.of('reoffer')?.offer)).toBe('sendrecv');
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
