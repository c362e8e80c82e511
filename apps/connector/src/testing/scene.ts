import type { ClientId } from '@offhook/contract';
import type { Now } from '../clock.ts';
import { placeCall, ringCall, step } from '../calls/machine.ts';
import type {
  Call,
  CallEffect,
  CallFacts,
  CallInput,
  CallTimes,
  ClientRequest,
  Step,
} from '../calls/model.ts';
import { id } from './ids.ts';
import { viewOfLeg } from './views.ts';

export const times: CallTimes = {
  setup: 10_000,
  orphan: 60_000,
  orphanUnknown: 600_000,
  deserted: 15_000,
  probe: 15_000,
};
export const anna = id.client('anna-tab');
export const otherTab = id.client('anna-other-tab');
/** Plain RTP, G.722 and telephone-event, as a PBX sends it. */
export const sdp = (direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' = 'sendrecv'): string =>
  [
    'v=0',
    'o=pbx 1 1 IN IP4 192.0.2.1',
    's=-',
    'c=IN IP4 192.0.2.1',
    't=0 0',
    'm=audio 30000 RTP/AVP 9 101',
    'a=rtpmap:9 G722/8000',
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
    '',
  ].join('\r\n');

/** A point in virtual time; the wall clock starts somewhere else. */
export const at = (milliseconds: number): Now => ({ at: milliseconds, instant: 1_000_000 + milliseconds });

const facts = (direction: CallFacts['direction']): CallFacts => ({
  callId: id.call('call-1'),
  userId: id.user('anna'),
  correlationId: id.correlation('click-1'),
  direction,
  remote: { number: '600' },
  startedAt: at(0).instant,
});

/** One machine on a table: feed it, look at what it wants done. */
export class Scene {
  call: Call;
  /** Of the last input. */
  effects: readonly CallEffect[];
  time = 0;
  #requests = 100;

  private constructor({ call, effects }: Step) {
    this.call = call;
    this.effects = effects;
  }

  static placed(): Scene {
    const request = { requestId: 1, clientId: anna, legId: id.leg('leg-1'), offer: 'browser offer' };
    return new Scene(placeCall(facts('outgoing'), times, request, at(0)));
  }

  /** Placed, and the INVITE is out. */
  static calling(): Scene {
    return Scene.placed()
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' })
      .feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'connected' })
      .feed({ kind: 'media.pbx_description', description: 'our offer' });
  }

  static connected(): Scene {
    return Scene.calling()
      .feed({ kind: 'sip.progress', status: 180, answer: undefined })
      .feed({ kind: 'sip.accepted', answer: sdp(), needsAnswer: false });
  }

  static held(): Scene {
    const scene = Scene.connected().ask('hold');
    return scene
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp('recvonly'), status: 200 });
  }

  /** `'delayed'`: the PBX leaves the offer to us. */
  static ringing(offer = sdp()): Scene {
    const invite = { offer: offer === 'delayed' ? undefined : offer, ringFor: 120_000 };
    return new Scene(ringCall(facts('incoming'), times, invite, at(0)));
  }

  /** Answered by Anna's tab; the ACK has not come. */
  static answered(): Scene {
    const scene = Scene.ringing().request(anna, { method: 'answer', legId: id.leg('leg-1'), offer: 'offer' });
    return scene
      .feed({ kind: 'media.pbx_description', description: 'our answer' })
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' })
      .feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'connected' });
  }

  feed(input: CallInput): this {
    const { call, effects } = step(this.call, input, at(this.time));
    this.call = call;
    this.effects = effects;
    return this;
  }

  request(clientId: ClientId, request: ClientRequest): this {
    this.#requests += 1;
    return this.feed({ kind: 'request', requestId: this.#requests, clientId, request });
  }

  /** As the owner. */
  ask(method: 'hold' | 'retrieve' | 'hangUp' | 'reject'): this {
    return this.request(anna, { method });
  }

  /** Lets time pass and ticks. */
  pass(milliseconds: number): this {
    this.time += milliseconds;
    return this.feed({ kind: 'tick' });
  }

  get phase(): Call['phase']['name'] {
    return this.call.phase.name;
  }

  get view(): NonNullable<ReturnType<typeof viewOfLeg>> {
    const view = viewOfLeg(this.call);
    if (view === undefined) throw new Error('nobody is to hear of this call');
    return view;
  }

  get cause(): string | undefined {
    const { phase } = this.call;
    return phase.name === 'ended' ? phase.cause : undefined;
  }

  effect<K extends CallEffect['kind']>(kind: K): Extract<CallEffect, { kind: K }> | undefined {
    return this.effects.find((effect): effect is Extract<CallEffect, { kind: K }> => effect.kind === kind);
  }

  get kinds(): string[] {
    return this.effects.map(({ kind }) => kind);
  }
}
