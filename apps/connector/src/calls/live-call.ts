import type { LegFact } from '@offhook/call-model';
import { OffhookError, type ClientId, type EndCause, type LegId, type LinkCall } from '@offhook/contract';
import type { MediaEngine } from '@offhook/media';
import { SipUsageError, type Body, type SessionId, type SipEndpointApi } from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { CallMedia } from '../media/call-media.ts';
import { deadline, step } from './machine.ts';
import type { Call, CallEffect, CallInput, ClientRequest, RequestId, Step } from './model.ts';
import { end } from './transitions.ts';
import { legFactOf } from './view.ts';

/** How call control runs SIP commands: `NodeEndpoint` and the simulated host both fit. */
export interface SipDriver {
  run<R>(commands: (endpoint: SipEndpointApi, now: number) => R): R;
}

export interface LiveCallOptions {
  readonly sip: SipDriver;
  readonly engine: MediaEngine;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends the INVITE of an outgoing call. */
  readonly invite: (
    endpoint: SipEndpointApi,
    offer: Body,
    now: number,
  ) => { readonly session: SessionId; readonly sipCallId: string };
  /** What has become of the leg, in order. */
  readonly onFact: (fact: LegFact) => void;
  /** The call as the cloud was told of it last. */
  readonly told: () => LinkCall | undefined;
  readonly onReattach: (clientId: ClientId, reason: 'codec_changed' | 'media_lost') => void;
  readonly onSession: (session: SessionId) => void;
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
  readonly resolve: (outcome: Outcome) => void;
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
  #call: Call;
  #session: SessionId | undefined;
  #sipCallId: string | undefined;
  #fact: string | undefined;
  #says: Say[] = [];
  #running = false;
  #over = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #lastRequest: RequestId = 0;

  constructor(first: Call, options: LiveCallOptions, incoming?: { session: SessionId; sipCallId: string }) {
    this.#call = first;
    this.#options = options;
    this.#session = incoming?.session;
    this.#sipCallId = incoming?.sipCallId;
    this.#media = new CallMedia(options.engine, first.facts.correlationId, (input) => {
      this.feed(input);
    });
  }

  get call(): Call {
    return this.#call;
  }

  get session(): SessionId | undefined {
    return this.#session;
  }

  get sipCallId(): string | undefined {
    return this.#sipCallId;
  }

  get over(): boolean {
    return this.#over;
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
    this.#requests.set(requestId, { resolve, reject });
    return promise;
  }

  request(clientId: ClientId, request: ClientRequest): Promise<Outcome> {
    if (this.#over) return Promise.reject(new OffhookError('call_not_found'));
    const requestId = this.#lastRequest + 1;
    const answer = this.expect(requestId);
    this.feed({ kind: 'request', requestId, clientId, request });
    return answer;
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
    const fact = legFactOf(this.#call, this.#sipCallId);
    // Facts are plain data made by one function in one order.
    const text = JSON.stringify(fact);
    if (fact === undefined || text === this.#fact) return;
    this.#fact = text;
    this.#options.onFact(fact);
  }

  async #finish(cause: EndCause | undefined, tell: Say): Promise<void> {
    this.#over = true;
    this.#inputs.length = 0;
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
        const { requestId, code, message } = effect;
        const error = new OffhookError(code, message === undefined ? {} : { message });
        this.#says.push(() => {
          this.#refuse(requestId, error);
        });
        break;
      }
      case 'sip.invite':
        this.#invite(sdpBody(effect.offer));
        break;
      case 'sip.ring':
        this.#sip((endpoint, session, now) => {
          endpoint.ring(session, now);
        });
        break;
      case 'sip.accept':
        this.#sip((endpoint, session, now) => {
          endpoint.accept(session, sdpBody(effect.description), now);
        });
        break;
      case 'sip.refuse':
        this.#sip((endpoint, session, now) => {
          endpoint.refuse(session, effect.status, now);
        });
        break;
      case 'sip.end':
        this.#sip((endpoint, session, now) => {
          endpoint.end(session, now);
        });
        break;
      case 'sip.reoffer':
        this.#sip((endpoint, session, now) => {
          endpoint.reoffer(session, sdpBody(effect.offer), now);
        });
        break;
      case 'sip.accept_offer':
        this.#sip((endpoint, session, now) => {
          endpoint.acceptOffer(session, sdpBody(effect.description), now);
        });
        break;
      case 'sip.refuse_offer':
        this.#sip((endpoint, session, now) => {
          endpoint.refuseOffer(session, effect.status, now);
        });
        break;
      case 'sip.probe':
        this.#sip((endpoint, session, now) => {
          endpoint.requestInSession(session, { method: 'OPTIONS' }, now);
        });
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

  #invite(offer: Body): void {
    try {
      this.#options.sip.run((endpoint, now) => {
        const { session, sipCallId } = this.#options.invite(endpoint, offer, now);
        this.#session = session;
        this.#sipCallId = sipCallId;
        // Known before the first effect of the INVITE, for that may already be the session's end.
        this.#options.onSession(session);
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      this.feed({ kind: 'sip.ended', end: { by: 'transport', text: error.message } });
    }
  }

  /** The session may have ended with its event still on the way: then the command has lost the race. */
  #sip(command: (endpoint: SipEndpointApi, session: SessionId, now: number) => void): void {
    const session = this.#session;
    if (session === undefined) return;
    try {
      this.#options.sip.run((endpoint, now) => {
        command(endpoint, session, now);
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      const { callId } = this.#call.facts;
      this.#options.log.debug({ callId, reason: error.message }, 'sip command came too late');
    }
  }

  #reply(requestId: RequestId, media: Outcome['media']): void {
    const waiting = this.#requests.get(requestId);
    this.#requests.delete(requestId);
    const call = this.#options.told();
    if (call === undefined) waiting?.reject(new OffhookError('call_not_found'));
    else waiting?.resolve({ call, media });
  }

  #refuse(requestId: RequestId, error: OffhookError): void {
    this.#requests.get(requestId)?.reject(error);
    this.#requests.delete(requestId);
  }
}

const sdpBody = (text: string): Body => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(text),
});
