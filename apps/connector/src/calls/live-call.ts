import type { LegFact } from '@offhook/call-model';
import {
  OffhookError,
  type ClientId,
  type EndCause,
  type LegId,
  type LinkCall,
  type Party,
} from '@offhook/contract';
import type { MediaEngine } from '@offhook/media';
import type { ReferralId, ReferralState, SessionId } from '@offhook/sip';
import { CallMedia } from '../media/call-media.ts';
import type { LegHandle } from '../platforms/platform.ts';
import { LegSip, type LegSession, type LegSipOptions } from './leg-sip.ts';
import { deadline, step } from './machine.ts';
import type { Call, CallEffect, CallInput, ClientRequest, RequestId, Step } from './model.ts';
import type { SessionEvent } from './session-events.ts';
import { end } from './transitions.ts';
import { legFactOf } from './view.ts';

export type { SipDriver } from './leg-sip.ts';

export interface LiveCallOptions extends LegSipOptions {
  readonly engine: MediaEngine;
  /** What has become of the leg, in order. */
  readonly onFact: (fact: LegFact) => void;
  /** The call as the cloud was told of it last. */
  readonly told: () => LinkCall | undefined;
  readonly onReattach: (clientId: ClientId, reason: 'codec_changed' | 'media_lost') => void;
  /**
   * The leg is over; resolves when what there is to record of it is safe. Without `cause`: it never came into being, and nobody
   * else has heard of it.
   */
  readonly onOver: (cause: EndCause | undefined) => Promise<void>;
}

export interface Outcome {
  readonly call: LinkCall;
  readonly media: { readonly legId: LegId; readonly sdp: string } | undefined;
}

interface Waiting {
  readonly answer: (media: Outcome['media']) => void;
  readonly reject: (error: OffhookError) => void;
}

/** Something said to the cloud after a step: its order is kept, its moment may be put off. */
type Say = () => void;

/**
 * Drives the machine of one call's SIP leg: feeds it inputs one at a time, carries out its effects, keeps its timer, and tells
 * of its changes. The last requests of a leg are answered when its record is on disk.
 */
export class LiveCall {
  readonly #options: LiveCallOptions;
  readonly #media: CallMedia;
  readonly #requests = new Map<RequestId, Waiting>();
  readonly #inputs: CallInput[] = [];
  readonly #sip: LegSip;
  #call: Call;
  #fact: string | undefined;
  #says: Say[] = [];
  #running = false;
  #over = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #lastRequest: RequestId = 0;

  constructor(first: Call, options: LiveCallOptions, incoming?: LegSession) {
    this.#call = first;
    this.#options = options;
    const feed = (input: CallInput): void => {
      this.feed(input);
    };
    this.#sip = new LegSip(options, feed, incoming);
    this.#media = new CallMedia(options.engine, first.facts.correlationId, feed);
  }

  get call(): Call {
    return this.#call;
  }

  get session(): SessionId | undefined {
    return this.#sip.main?.session;
  }

  get sipCallId(): string | undefined {
    return this.#sip.main?.sipCallId;
  }

  get over(): boolean {
    return this.#over;
  }

  /** For platform adapters; of the session that the leg has now. */
  get handle(): LegHandle | undefined {
    if (this.#over) return undefined;
    const handle = this.#sip.handle(
      (input) => this.#order(input),
      (state) => {
        this.feed({ kind: 'leg.yield', state });
      },
    );
    return handle === undefined
      ? undefined
      : {
          ...handle,
          remote: this.#call.remote,
          room: this.#call.room?.uri,
          welcome: (member) => {
            this.feed({ kind: 'leg.joined', member });
          },
        };
  }

  /** Events of the call's sessions: the incoming one, and those that were told to `onSession`. */
  onSip(event: Exclude<SessionEvent, { type: 'session.incoming' | 'session.request' }>): void {
    if (this.#over) return;
    this.#sip.onEvent(event);
  }

  /** What became of a REFER that was told to `onReferral`. */
  onReferral(referral: ReferralId, state: ReferralState): void {
    if (!this.#over) this.#sip.onReferral(referral, state);
  }

  /** REFER inside a session of this call; it is answered in any case. */
  onRefer(event: Extract<SessionEvent, { type: 'session.request' }>): void {
    this.#sip.onRefer(event.session, event.requestId, event.request, this.#call.remote);
  }

  /**
   * An INVITE takes the place of this call's session (RFC 3891). It is answered in any case; where that is 200, the call goes
   * on in the new session, and its owner hears no more of it than a new codec.
   */
  adopt(next: LegSession, offer: string | undefined, remote: Party): void {
    this.#sip.replace(next, offer, remote);
  }

  /** Carries out the effects of the step that made the call. */
  start(effects: Step['effects']): void {
    this.#guarded(() => {
      this.#settle({ call: this.#call, effects }, undefined);
    });
    this.#drain();
  }

  /** For the step that makes the call: its request is answered like any other. */
  expect(requestId: RequestId): Promise<Outcome> {
    this.#lastRequest = Math.max(this.#lastRequest, requestId);
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const answer = (media: Outcome['media']): void => {
      const call = this.#options.told();
      if (call === undefined) reject(new OffhookError('call_not_found'));
      else resolve({ call, media });
    };
    this.#requests.set(requestId, { answer, reject });
    return promise;
  }

  request(clientId: ClientId, request: ClientRequest): Promise<Outcome> {
    if (this.#over) return Promise.reject(new OffhookError('call_not_found'));
    const requestId = this.#lastRequest + 1;
    const answer = this.expect(requestId);
    this.feed({ kind: 'request', requestId, clientId, request });
    return answer;
  }

  /** What an adapter asks; answered like a request of a client. */
  #order(input: (requestId: RequestId) => CallInput): Promise<void> {
    if (this.#over) return Promise.reject(new OffhookError('call_not_found'));
    this.#lastRequest += 1;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const answer = (): void => {
      resolve();
    };
    this.#requests.set(this.#lastRequest, { answer, reject });
    this.feed(input(this.#lastRequest));
    return promise;
  }

  /** What comes while an earlier input is being worked on waits its turn. */
  feed(input: CallInput): void {
    if (this.#over) return;
    this.#inputs.push(input);
    this.#drain();
  }

  #drain(): void {
    if (this.#running) return;
    for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) {
      if (this.#over) break;
      const next = input;
      this.#guarded(() => {
        const before = this.#call.phase.name;
        this.#settle(step(this.#call, next, this.#options.clock.now()), before);
      });
    }
  }

  /** A fault in one call must not take the others with it: it ends this one. */
  #guarded(work: () => void): void {
    this.#running = true;
    try {
      work();
    } catch (error) {
      const { callId, correlationId } = this.#call.facts;
      this.#options.log.error({ callId, correlationId, err: error }, 'call failed');
      if (this.#over) return;
      const before = this.#call.phase.name;
      this.#settle(end(this.#call, 'failed', this.#options.clock.now(), { kind: 'sip.end' }), before);
    } finally {
      this.#running = false;
    }
  }

  #settle(next: Step, before: Call['phase']['name'] | undefined): void {
    this.#call = next.call;
    const { phase, facts } = next.call;
    for (const effect of next.effects) this.#carryOut(effect);
    if (phase.name !== before) {
      this.#options.log.info(
        {
          callId: facts.callId,
          correlationId: facts.correlationId,
          userId: facts.userId,
          direction: facts.direction,
          phase: phase.name,
          ...(phase.name === 'ended' ? { cause: phase.cause } : {}),
        },
        'call',
      );
    }
    this.#arm();
    const says = this.#says;
    this.#says = [];
    const tell = (): void => {
      for (const say of says) say();
    };
    if (phase.name === 'ended' || phase.name === 'abandoned') {
      void this.#finish(phase.name === 'ended' ? phase.cause : undefined, tell);
      return;
    }
    this.#tellFact();
    tell();
  }

  #tellFact(): void {
    const fact = legFactOf(this.#call, this.sipCallId);
    // Facts are plain data made by one function in one order.
    const text = JSON.stringify(fact);
    if (fact === undefined || text === this.#fact) return;
    this.#fact = text;
    this.#options.onFact(fact);
  }

  async #finish(cause: EndCause | undefined, tell: Say): Promise<void> {
    this.#over = true;
    this.#inputs.length = 0;
    this.#sip.close();
    await this.#options.onOver(cause);
    tell();
    for (const requestId of this.#requests.keys()) {
      this.#refuse(requestId, new OffhookError('call_not_found'));
    }
  }

  #arm(): void {
    const at = deadline(this.#call);
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const { clock } = this.#options;
    const cancel = clock.after(at - clock.now().at, () => {
      this.#timer = undefined;
      this.feed({ kind: 'tick' });
      // A timer may fire a little early; then it is set again.
      this.#arm();
    });
    this.#timer = { at, cancel };
  }

  #carryOut(effect: CallEffect): void {
    switch (effect.kind) {
      case 'reply': {
        const { requestId, media } = effect;
        this.#says.push(() => {
          this.#reply(requestId, media);
        });
        break;
      }
      case 'refuse': {
        const { requestId, code, message, hindrance } = effect;
        const error = new OffhookError(code, { hindrance, ...(message === undefined ? {} : { message }) });
        this.#says.push(() => {
          this.#refuse(requestId, error);
        });
        break;
      }
      case 'sip.invite':
      case 'sip.ring':
      case 'sip.accept':
      case 'sip.refuse':
      case 'sip.redirect':
      case 'sip.end':
      case 'sip.reoffer':
      case 'sip.accept_offer':
      case 'sip.refuse_offer':
      case 'sip.probe':
      case 'sip.refer':
      case 'sip.accept_refer':
      case 'sip.refuse_refer':
      case 'sip.report':
      case 'next.accept':
      case 'next.refuse':
      case 'next.invite':
      case 'next.take':
      case 'next.end':
      case 'next.keep':
      case 'next.back':
      case 'old.refer':
      case 'old.leave':
        this.#sip.carryOut(effect);
        break;
      case 'media.open_browser_leg':
        this.#media.openBrowserLeg(effect.legId, effect.offer);
        break;
      case 'media.candidate':
        this.#media.addCandidate(effect.legId, effect.candidate, effect.mid);
        break;
      case 'media.create_pbx_offer':
        this.#media.createPbxOffer(effect.direction);
        break;
      case 'media.answer_pbx_offer':
        this.#media.answerPbxOffer(effect.offer, effect.direction);
        break;
      case 'media.accept_pbx_answer':
        this.#media.acceptPbxAnswer(effect.answer);
        break;
      case 'media.set_flow':
        this.#media.setFlow(effect.flow);
        break;
      case 'media.dtmf': {
        const kind = this.#media.sendDtmf(effect.digits) ? 'media.dtmf_queued' : 'media.dtmf_refused';
        this.feed({ kind, requestId: effect.requestId });
        break;
      }
      case 'media.give_up':
        this.#media.giveUp(effect.side);
        break;
      case 'media.close':
        this.#media.close();
        break;
      case 'reattach':
        this.#says.push(() => {
          this.#options.onReattach(effect.clientId, effect.reason);
        });
        break;
    }
  }

  #reply(requestId: RequestId, media: Outcome['media']): void {
    this.#requests.get(requestId)?.answer(media);
    this.#requests.delete(requestId);
  }

  #refuse(requestId: RequestId, error: OffhookError): void {
    this.#requests.get(requestId)?.reject(error);
    this.#requests.delete(requestId);
  }
}
