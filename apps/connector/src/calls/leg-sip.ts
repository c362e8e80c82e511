import { OffhookError, type Party } from '@offhook/contract';
import {
  parseUri,
  SipUsageError,
  type Body,
  type ReferralId,
  type ReferrerId,
  type ServerRequestId,
  type SessionId,
  type SipEndpointApi,
  type SipRequest,
  type SipResponse,
} from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { LegHandle } from '../platforms/platform.ts';
import type { CallEffect, CallInput, ReferralTarget } from './model.ts';
import type { ReferralVerdict, ReferredTarget } from './referral-policy.ts';
import { inputOf, nextInputOf, type SessionEvent } from './session-events.ts';

/** How call control runs SIP commands: `NodeEndpoint` and the simulated host both fit. */
export interface SipDriver {
  run<R>(commands: (endpoint: SipEndpointApi, now: number) => R): R;
}

export interface LegSession {
  readonly session: SessionId;
  readonly sipCallId: string;
}

export interface LegSipOptions {
  readonly sip: SipDriver;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends the INVITE of an outgoing call. */
  readonly invite: (endpoint: SipEndpointApi, offer: Body, now: number) => LegSession;
  /** From now on the events of this session are for this call. */
  readonly onSession: (session: SessionId) => void;
  /** From now on what becomes of this REFER is for this call (`LiveCall.onReferral`), up to `ended`. */
  readonly onReferral?: (referral: ReferralId) => void;
  /** What the other side may send this call to, and how. Absent: nothing (603). */
  readonly referrals?: {
    readonly judge: (request: SipRequest) => ReferralVerdict;
    readonly invite: (
      endpoint: SipEndpointApi,
      target: ReferredTarget,
      offer: Body,
      now: number,
    ) => LegSession;
  };
  /** Who a request inside the call, or a response to ours, says is at the other side. Absent: nobody else ever. */
  readonly remoteOf?: (message: SipRequest | SipResponse) => Party | undefined;
  /** For Referred-By of our REFER: the user's address of record. */
  readonly ownUri?: string;
}

export type SipEffect = Extract<CallEffect, { kind: `sip.${string}` | `next.${string}` | `old.${string}` }>;

/** Milliseconds that the other side has to end a session that another has taken the place of. */
const LINGER = 2_000;

/**
 * The SIP sessions of one leg: the one that talks, the one that shall take its place, and those that linger for the other
 * side's BYE. Carries out what the machine asks of them, and gives it what they say.
 */
export class LegSip {
  readonly #options: LegSipOptions;
  readonly #feed: (input: CallInput) => void;
  #main: LegSession | undefined;
  #next: LegSession | undefined;
  /** Left for a conference room, and kept until the other side has followed. */
  #old: LegSession | undefined;
  #lingering = new Map<SessionId, () => void>();
  /** A REFER from the other side: before its answer, and what its sender is told after it. */
  #asked: { readonly requestId: ServerRequestId; readonly target: ReferredTarget } | undefined;
  #referrer: ReferrerId | undefined;
  #reported = 0;
  #closed = false;
  /** Our own REFER that counts. */
  #referral: ReferralId | undefined;

  constructor(options: LegSipOptions, feed: (input: CallInput) => void, incoming?: LegSession) {
    this.#options = options;
    this.#feed = feed;
    this.#main = incoming;
  }

  get main(): LegSession | undefined {
    return this.#main;
  }

  /** Events of the sessions that were told to `onSession`, and of the incoming one. */
  onEvent(event: Exclude<SessionEvent, { type: 'session.incoming' | 'session.request' }>): void {
    if (event.session === this.#main?.session) {
      this.#noteRemote(event);
      this.#feed(inputOf(event));
      return;
    }
    if (event.session === this.#next?.session) {
      const input = nextInputOf(event);
      if (input?.kind === 'next.ended') this.#next = undefined;
      if (input !== undefined) this.#feed(input);
    }
    if (event.session === this.#old?.session) {
      this.#onOld(event);
      return;
    }
    if (event.type === 'session.ended') {
      this.#lingering.get(event.session)?.();
      this.#lingering.delete(event.session);
    } else if (event.type === 'session.reoffer') {
      // A session that has not begun, or is over for us: what was agreed there stays.
      this.#run((endpoint, now) => {
        endpoint.refuseOffer(event.session, 488, now);
      });
    }
  }

  #onOld(event: SessionEvent): void {
    if (event.type === 'session.ended') {
      this.#old = undefined;
      this.#feed({ kind: 'old.ended', end: event.end });
    } else if (event.type === 'session.reoffer') {
      // It may be the call's again in a moment: then it is answered.
      this.#run((endpoint, now) => {
        endpoint.refuseOffer(event.session, 491, now);
      });
    }
  }

  #noteRemote(event: SessionEvent): void {
    const { remoteOf } = this.#options;
    if (event.type === 'session.reoffer') {
      const remote = remoteOf?.(event.request);
      if (remote !== undefined) this.#feed({ kind: 'party', remote });
    } else if (event.type === 'session.progress' || event.type === 'session.accepted') {
      const remote = remoteOf?.(event.response);
      if (remote !== undefined) this.#feed({ kind: 'called', remote });
    }
  }

  onReferral(referral: ReferralId, state: Extract<CallInput, { kind: 'sip.referral' }>['state']): void {
    if (referral !== this.#referral) return;
    if (state.name === 'ended') this.#referral = undefined;
    this.#feed({ kind: 'sip.referral', state });
  }

  /** REFER inside a session of this leg. */
  onRefer(session: SessionId, requestId: ServerRequestId, request: SipRequest, remote: Party): void {
    const { referrals } = this.#options;
    const isMain = session === this.#main?.session && this.#asked === undefined;
    const verdict = this.#closed
      ? ({ ok: false, status: 481 } as const)
      : referrals === undefined || !isMain
        ? ({ ok: false, status: isMain ? 603 : 491 } as const)
        : referrals.judge(request);
    if (!verdict.ok) {
      this.#run((endpoint, now) => {
        endpoint.respond(requestId, verdict.status, now);
      });
      return;
    }
    const { target } = verdict;
    this.#asked = { requestId, target };
    const number = target.number === '' ? remote.number : target.number;
    this.#feed({ kind: 'sip.referred', remote: { number } });
  }

  /** An INVITE that takes the place of this leg's session. */
  replace(next: LegSession, offer: string | undefined, remote: Party): void {
    if (this.#next === undefined && !this.#closed) {
      this.#next = next;
      this.#feed({ kind: 'next.offered', offer, remote });
      return;
    }
    this.#run((endpoint, now) => {
      endpoint.refuse(next.session, this.#closed ? 481 : 491, now);
    });
  }

  handle(
    order: (input: (requestId: number) => CallInput) => Promise<void>,
    onYield: LegHandle['yield'],
  ): Omit<LegHandle, 'remote' | 'room' | 'welcome'> | undefined {
    const main = this.#main;
    if (main === undefined) return undefined;
    return {
      ...main,
      refer: (target, within) => this.#refer(order, target, within),
      meet: (uri) =>
        isUri(uri)
          ? order((requestId) => ({ kind: 'leg.meet', requestId, uri }))
          : Promise.reject(new OffhookError('number_invalid')),
      redirect: (uri) =>
        isUri(uri)
          ? order((requestId) => ({ kind: 'leg.redirect', requestId, uri }))
          : Promise.reject(new OffhookError('number_invalid')),
      yield: onYield,
    };
  }

  async #refer(
    order: (input: (requestId: number) => CallInput) => Promise<void>,
    target: Parameters<LegHandle['refer']>[0],
    within: number | undefined,
  ): Promise<void> {
    const time = within === undefined ? {} : { within };
    if ('to' in target) {
      if (!isUri(target.to)) throw new OffhookError('number_invalid');
      const { to: uri } = target;
      await order((requestId) => ({ kind: 'leg.refer', requestId, target: { kind: 'uri', uri }, ...time }));
      return;
    }
    const { replaces } = target;
    replaces.yield('offered');
    try {
      const { session } = replaces;
      await order((requestId) => ({ kind: 'leg.refer', requestId, target: { kind: 'replaces', session } }));
      replaces.yield('taken');
    } catch (error) {
      replaces.yield('kept');
      throw error;
    }
  }

  carryOut(effect: SipEffect): void {
    switch (effect.kind) {
      case 'sip.invite':
        this.#invite(effect.offer);
        break;
      case 'sip.ring':
        this.#inMain((endpoint, session, now) => {
          endpoint.ring(session, now);
        });
        break;
      case 'sip.accept':
        this.#inMain((endpoint, session, now) => {
          endpoint.accept(session, sdpBody(effect.description), now);
        });
        break;
      case 'sip.refuse':
        this.#inMain((endpoint, session, now) => {
          endpoint.refuse(session, effect.status, now);
        });
        break;
      case 'sip.redirect':
        this.#inMain((endpoint, session, now) => {
          endpoint.refuse(session, 302, now, { headers: [['Contact', `<${effect.uri}>`]] });
        });
        break;
      case 'sip.end':
        this.#endAll();
        break;
      case 'sip.reoffer':
        this.#inMain((endpoint, session, now) => {
          endpoint.reoffer(session, sdpBody(effect.offer), now);
        });
        break;
      case 'sip.accept_offer':
        this.#inMain((endpoint, session, now) => {
          endpoint.acceptOffer(session, sdpBody(effect.description), now);
        });
        break;
      case 'sip.refuse_offer':
        this.#inMain((endpoint, session, now) => {
          endpoint.refuseOffer(session, effect.status, now);
        });
        break;
      case 'sip.probe':
        this.#inMain((endpoint, session, now) => {
          endpoint.requestInSession(session, { method: 'OPTIONS' }, now);
        });
        break;
      case 'sip.refer':
        this.#sendRefer(this.#main, effect.target);
        break;
      case 'sip.accept_refer':
        this.#acceptRefer();
        break;
      case 'sip.refuse_refer':
        this.#refuseRefer(effect.status);
        break;
      case 'sip.report':
        this.#report(effect.status);
        break;
      case 'next.accept':
        this.#accept(effect.description);
        break;
      case 'next.refuse':
        this.#inNext((endpoint, session, now) => {
          endpoint.refuse(session, effect.status, now);
        });
        this.#next = undefined;
        break;
      case 'next.invite':
        this.#inviteNext(effect.offer, effect.uri);
        break;
      case 'next.take':
        this.#take();
        break;
      case 'next.end':
        this.#inNext((endpoint, session, now) => {
          endpoint.end(session, now);
        });
        this.#next = undefined;
        break;
      case 'next.keep':
        this.#old = this.#main;
        this.#main = this.#next;
        this.#next = undefined;
        break;
      case 'next.back':
        this.#endAll();
        this.#main = this.#old;
        this.#old = undefined;
        break;
      case 'old.refer':
        this.#sendRefer(this.#old, { kind: 'uri', uri: effect.uri });
        break;
      case 'old.leave':
        this.#linger(this.#old);
        this.#old = undefined;
        break;
    }
  }

  /** Nothing of the leg is left: also what lingers, and what somebody waits to hear. */
  close(): void {
    this.#closed = true;
    this.#report(487);
    // What has been answered already is not answered again.
    this.#refuseRefer(481);
    this.#inNext((endpoint, session, now) => {
      endpoint.end(session, now);
    });
    this.#next = undefined;
    if (this.#old !== undefined) this.#end(this.#old.session);
    this.#old = undefined;
    for (const [session, cancel] of this.#lingering) {
      cancel();
      this.#end(session);
    }
    this.#lingering.clear();
  }

  #invite(offer: string): void {
    try {
      this.#options.sip.run((endpoint, now) => {
        this.#main = this.#options.invite(endpoint, sdpBody(offer), now);
        // Known before the first effect of the INVITE, for that may already be the session's end.
        this.#options.onSession(this.#main.session);
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      this.#feed({ kind: 'sip.ended', end: { by: 'transport', text: error.message } });
    }
  }

  #inviteNext(offer: string, uri: string | undefined): void {
    const target = uri === undefined ? this.#asked?.target : { uri, number: '' };
    const { referrals } = this.#options;
    if (uri === undefined) this.#asked = undefined;
    if (target === undefined || referrals === undefined) return;
    try {
      this.#options.sip.run((endpoint, now) => {
        this.#next = referrals.invite(endpoint, target, sdpBody(offer), now);
        this.#options.onSession(this.#next.session);
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      this.#feed({ kind: 'next.ended', end: { by: 'transport', text: error.message } });
    }
  }

  #sendRefer(within: LegSession | undefined, target: ReferralTarget): void {
    const session = within?.session;
    const { ownUri } = this.#options;
    try {
      if (session === undefined) throw new SipUsageError('wrong_state', 'there is no session');
      this.#options.sip.run((endpoint, now) => {
        const referral = endpoint.refer(
          {
            session,
            ...(target.kind === 'uri' ? { referTo: target.uri } : { replaces: target.session }),
            ...(ownUri === undefined ? {} : { referredBy: `<${ownUri}>` }),
          },
          now,
        );
        this.#referral = referral;
        this.#options.onReferral?.(referral);
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      const outcome = { kind: 'transport', text: error.message } as const;
      this.#feed({ kind: 'sip.referral', state: { name: 'ended', outcome } });
    }
  }

  #acceptRefer(): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#reported = 100;
    this.#run((endpoint, now) => {
      this.#referrer = endpoint.acceptRefer(asked.requestId, now);
    });
  }

  #refuseRefer(status: number): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked === undefined) return;
    this.#run((endpoint, now) => {
      endpoint.respond(asked.requestId, status, now);
    });
  }

  /** What is no news is not told again; a final status is the last. */
  #report(status: number): void {
    const referrer = this.#referrer;
    if (referrer === undefined || status === this.#reported) return;
    this.#reported = status;
    if (status >= 200) {
      this.#referrer = undefined;
      this.#asked = undefined;
    }
    this.#run((endpoint, now) => {
      endpoint.report(referrer, status, now);
    });
  }

  #accept(description: string): void {
    const next = this.#next;
    if (next === undefined) return;
    // First, for with the 200 the endpoint ends the old session.
    this.#main = next;
    this.#next = undefined;
    this.#inMain((endpoint, session, now) => {
      endpoint.accept(session, sdpBody(description), now);
    });
  }

  #take(): void {
    const old = this.#main;
    this.#main = this.#next;
    this.#next = undefined;
    this.#linger(old);
  }

  #linger(left: LegSession | undefined): void {
    if (left === undefined) return;
    const old = left.session;
    const cancel = this.#options.clock.after(LINGER, () => {
      this.#lingering.delete(old);
      this.#end(old);
    });
    this.#lingering.set(old, cancel);
  }

  #endAll(): void {
    this.#inMain((endpoint, session, now) => {
      endpoint.end(session, now);
    });
  }

  #end(session: SessionId): void {
    this.#run((endpoint, now) => {
      endpoint.end(session, now);
    });
  }

  #inMain(command: (endpoint: SipEndpointApi, session: SessionId, now: number) => void): void {
    const session = this.#main?.session;
    if (session === undefined) return;
    this.#run((endpoint, now) => {
      command(endpoint, session, now);
    });
  }

  #inNext(command: (endpoint: SipEndpointApi, session: SessionId, now: number) => void): void {
    const session = this.#next?.session;
    if (session === undefined) return;
    this.#run((endpoint, now) => {
      command(endpoint, session, now);
    });
  }

  /** The session may have ended with its event still on the way: then the command has lost the race. */
  #run(command: (endpoint: SipEndpointApi, now: number) => void): void {
    try {
      this.#options.sip.run(command);
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      this.#options.log.debug({ reason: error.message }, 'sip command came too late');
    }
  }
}

const isUri = (text: string): boolean => parseUri(text) !== undefined;

const sdpBody = (text: string): Body => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(text),
});
