import type { Agent } from '../agent/agent.ts';
import { ClientRequest } from '../agent/client-request.ts';
import { GuardedDigest } from '../auth/guarded-digest.ts';
import type {
  ExtraHeaders,
  Flow,
  Millis,
  RegisterParams,
  RegistrationId,
  RegistrationState,
  Target,
  RequestFailure,
} from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { parseRoutes } from '../headers/routes.ts';
import { createRequest } from '../message/build.ts';
import { header, numberHeader } from '../message/headers.ts';
import { formatNameAddr, parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sameFlow } from '../transaction/transport.ts';
import { grantedExpires, refreshDelay, retryDelay } from './schedule.ts';
import { staleContacts } from './stale-contacts.ts';

type State =
  /** A REGISTER is out; `leaving` when `unregister` was called meanwhile (one at a time, section 10.2). */
  | { readonly name: 'registering'; readonly leaving: boolean }
  | { readonly name: 'registered'; readonly timer: Timer }
  /** Registered, and a REGISTER that removes what an earlier life of ours has left is out. */
  | { readonly name: 'tidying'; readonly leaving: boolean }
  | { readonly name: 'failed'; readonly timer: Timer }
  | { readonly name: 'unregistering' }
  | { readonly name: 'gone' };

/** A registrar that keeps asking for longer lifetimes is not followed for ever. */
const maxIntervalCorrections = 2;

/**
 * Keeps one address of record bound to our Contact (RFC 3261 section 10.2).
 *
 * ```
 *                 ┌──────refresh at 50–90 % of the lifetime────┐
 *                 ▼                                            │
 *   start ──► registering ──2xx──────────────────────────► registered
 *              ▲  │    └─423: again with Min-Expires           │
 *        back- │  │ failure, time-out                          │
 *        off   │  ▼                                            │
 *              failed ────unregister──► unregistering ◄────────┘ unregister
 *                                            │ any answer
 *                                            ▼
 *                                          gone
 * ```
 *
 * A process that was killed has left its Contact behind, with a port that nobody listens on: a caller would wait there.
 * So the first registration with `ownsContactUser` is followed by `tidying`, which removes the Contacts of our user at our host with other ports.
 */
export class Registration {
  readonly id: RegistrationId;
  readonly contactUser: string;
  readonly digest: GuardedDigest;
  readonly #agent: Agent;
  readonly #params: RegisterParams;
  readonly #onGone: () => void;
  readonly #callId: string;
  readonly #localTag: string;
  #sequence = 0;
  #expires: number;
  #state: State = { name: 'registering', leaving: false };
  #isTidy: boolean;
  #failuresInARow = 0;
  #intervalCorrections = 0;
  /** Until then the registrar may still hold our binding. */
  #boundUntil: Millis | undefined;
  /** What the registrar's last answer came over, and calls to us come over. */
  #flow: Flow | undefined;

  constructor(agent: Agent, id: RegistrationId, params: RegisterParams, onGone: () => void, now: Millis) {
    this.id = id;
    this.contactUser = params.contactUser;
    this.digest = new GuardedDigest(params.credentials, agent.random);
    this.#agent = agent;
    this.#params = params;
    this.#isTidy = params.ownsContactUser !== true;
    this.#onGone = onGone;
    this.#callId = agent.identifiers.callId();
    this.#localTag = agent.identifiers.tag();
    this.#expires = params.expires;
    this.#register(now);
  }

  unregister(now: Millis): void {
    switch (this.#state.name) {
      case 'registering':
      case 'tidying':
        this.#state = { ...this.#state, leaving: true };
        break;
      case 'registered':
      case 'failed':
        this.#state.timer.cancel();
        this.#leave(now);
        break;
      case 'unregistering':
        break;
      case 'gone':
        throw new SipUsageError('no_such_registration', 'the registration has ended');
    }
  }

  /** Registers now instead of when its time comes; what is under way already is enough. */
  refresh(now: Millis): void {
    if (this.#state.name !== 'registered' && this.#state.name !== 'failed') return;
    this.#state.timer.cancel();
    this.#register(now);
  }

  /** With the flow of the registration its binding is out of reach: it is made anew (RFC 5626 section 4.5). */
  flowClosed(flow: Flow, now: Millis): void {
    if (this.#flow === undefined || !sameFlow(flow, this.#flow)) return;
    this.#flow = undefined;
    if (this.#state.name !== 'registered') return;
    this.#state.timer.cancel();
    const text =
      flow.connectionId === undefined
        ? 'the way back from the registrar is closed: it does not answer keep-alives, or a NAT has moved us'
        : 'the connection to the registrar was closed';
    this.#onFailure({ kind: 'transport', text }, undefined, now);
  }

  #register(now: Millis): void {
    this.#state = { name: 'registering', leaving: false };
    this.#tell({ name: 'registering' });
    const expires = this.#expires;
    this.#send(
      (towards) => this.#ownContact(towards, expires),
      (response, sent, at) => this.#onResponse(response, sent, at),
      (failure, at) => this.#onFailure(failure, undefined, at),
      now,
    );
  }

  #onResponse(response: SipResponse, sent: SipRequest, now: Millis): void {
    if (response.status < 300) {
      this.#onRegistered(response, sent, now);
      return;
    }
    const least = numberHeader(response, 'min-expires');
    if (
      response.status === 423 &&
      least !== undefined &&
      least > this.#expires &&
      this.#intervalCorrections < maxIntervalCorrections &&
      !this.#isLeaving
    ) {
      this.#intervalCorrections += 1;
      this.#expires = least;
      this.#register(now);
      return;
    }
    const warning = header(response, 'warning');
    const { status, reason } = response;
    this.#onFailure(
      { kind: 'response', status, reason, ...(warning !== undefined && { warning }), ...serverOf(response) },
      response,
      now,
    );
  }

  #onRegistered(response: SipResponse, sent: SipRequest, now: Millis): void {
    const contact = parseNameAddr(header(sent, 'contact') ?? '')?.uri ?? '';
    const granted = grantedExpires(response, contact, this.#expires) * 1_000;
    this.#failuresInARow = 0;
    this.#intervalCorrections = 0;
    this.#boundUntil = now + granted;
    if (this.#isLeaving) {
      this.#leave(now);
      return;
    }
    if (granted === 0) {
      // Accepted, and yet not bound.
      const { status, reason } = response;
      this.#onFailure({ kind: 'response', status, reason, ...serverOf(response) }, response, now);
      return;
    }
    const refreshAt = now + refreshDelay(granted, this.#agent.identifiers.fraction());
    // What cannot be read is no way that anything could go.
    const serviceRoute = parseRoutes(response, 'service-route') ?? [];
    this.#tell({ name: 'registered', expiresAt: now + granted, serviceRoute, ...serverOf(response) });
    const stale = this.#isTidy ? [] : staleContacts(response, contact);
    this.#isTidy = true;
    if (stale.length > 0) this.#tidy(stale, refreshAt, now);
    else this.#rest(refreshAt, now);
  }

  /** Whatever the registrar says, our own binding stands. */
  #tidy(stale: readonly string[], refreshAt: Millis, now: Millis): void {
    this.#state = { name: 'tidying', leaving: false };
    const done = (at: Millis): void => {
      if (this.#isLeaving) this.#leave(at);
      else this.#rest(refreshAt, at);
    };
    const contacts = stale.map((uri) => ['Contact', `<${uri}>;expires=0`] as const);
    this.#send(
      () => contacts,
      (_response, _sent, at) => done(at),
      (_failure, at) => done(at),
      now,
    );
  }

  /** Until the refresh. */
  #rest(refreshAt: Millis, now: Millis): void {
    const timer = this.#agent.timers.arm(Math.max(refreshAt, now), (at) => this.#register(at));
    this.#state = { name: 'registered', timer };
  }

  #onFailure(
    why: Extract<RegistrationState, { name: 'failed' }>['why'],
    response: SipResponse | undefined,
    now: Millis,
  ): void {
    if (this.#isLeaving) {
      this.#leave(now);
      return;
    }
    this.#failuresInARow += 1;
    const fraction = this.#agent.identifiers.fraction();
    const retryAt = now + retryDelay(this.#failuresInARow, response, fraction);
    const timer = this.#agent.timers.arm(retryAt, (at) => this.#register(at));
    this.#state = { name: 'failed', timer };
    this.#tell({ name: 'failed', retryAt, why });
  }

  get #isLeaving(): boolean {
    const state = this.#state;
    return (state.name === 'registering' || state.name === 'tidying') && state.leaving;
  }

  /** Removes the binding where there may be one (section 10.2.2); whatever the registrar says, we are done. */
  #leave(now: Millis): void {
    if (this.#boundUntil === undefined || this.#boundUntil <= now) {
      this.#gone();
      return;
    }
    this.#state = { name: 'unregistering' };
    const gone = (): void => this.#gone();
    this.#send((towards) => this.#ownContact(towards, 0), gone, gone, now);
  }

  #gone(): void {
    if (this.#state.name === 'gone') return;
    this.#state = { name: 'gone' };
    this.#onGone();
    this.#tell({ name: 'unregistered' });
  }

  #ownContact(towards: Target, expires: number): ExtraHeaders {
    const contact = this.#agent.local.contact(towards, this.#params.contactUser);
    return [
      ['Contact', typeof contact === 'string' ? contact : formatNameAddr(contact)],
      ['Expires', String(expires)],
    ];
  }

  #send(
    bindings: (towards: Target) => ExtraHeaders,
    onFinal: (response: SipResponse, sent: SipRequest, now: Millis) => void,
    onFailure: (failure: RequestFailure, now: Millis) => void,
    now: Millis,
  ): void {
    const { registrar, target } = this.#params;
    const nextHop = target === undefined ? { uri: registrar } : { uri: registrar, preferred: target };
    const request = new ClientRequest(
      this.#agent,
      {
        nextHop,
        digest: this.digest,
        purpose: 'registrar',
        build: (towards) => this.#build(bindings(towards)),
        onResponse: (response, sent, flow, at) => {
          this.#flow = flow;
          if (response.status >= 200) onFinal(response, sent, at);
        },
        onFailure,
      },
      now,
    );
    void request;
  }

  #build(bindings: ExtraHeaders): SipRequest {
    const { registrar, aor } = this.#params;
    this.#sequence += 1;
    return createRequest({
      method: 'REGISTER',
      uri: registrar,
      from: { uri: aor, params: new Map([['tag', this.#localTag]]) },
      to: { uri: aor, params: new Map() },
      callId: this.#callId,
      cseq: this.#sequence,
      // Proxies on the way may put themselves into Path, which the registrar then gives back (RFC 3327 section 5.1).
      headers: [...bindings, ['Supported', 'path']],
    });
  }

  #tell(state: RegistrationState): void {
    this.#agent.emit({ type: 'registration.changed', registration: this.id, state });
  }
}

/** What a registrar calls itself (RFC 3261 sections 20.35, 20.41). */
function serverOf(response: SipResponse): { server?: string } {
  const server = header(response, 'server') ?? header(response, 'user-agent');
  return server === undefined ? {} : { server };
}
