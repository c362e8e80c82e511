import type { Agent } from '../agent/agent.ts';
import { ClientRequest } from '../agent/client-request.ts';
import type { RequestFailure } from '../agent/client-request.ts';
import { DigestClient } from '../auth/client.ts';
import type { Millis, RegisterParams, RegistrationId, RegistrationState, Target } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { createRequest } from '../message/build.ts';
import { header, numberHeader } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { grantedExpires, refreshDelay, retryDelay } from './schedule.ts';

type State =
  /** A REGISTER is out; `leaving` when `unregister` was called meanwhile (one at a time, section 10.2). */
  | { readonly name: 'registering'; readonly leaving: boolean }
  | { readonly name: 'registered'; readonly timer: Timer }
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
 */
export class Registration {
  readonly id: RegistrationId;
  readonly contactUser: string;
  readonly digest: DigestClient;
  readonly #agent: Agent;
  readonly #params: RegisterParams;
  readonly #onGone: () => void;
  readonly #callId: string;
  readonly #localTag: string;
  #sequence = 0;
  #expires: number;
  #state: State = { name: 'registering', leaving: false };
  #failuresInARow = 0;
  #intervalCorrections = 0;
  /** Until then the registrar may still hold our binding. */
  #boundUntil: Millis | undefined;

  constructor(agent: Agent, id: RegistrationId, params: RegisterParams, onGone: () => void, now: Millis) {
    this.id = id;
    this.contactUser = params.contactUser;
    this.digest = new DigestClient(params.credentials, agent.random);
    this.#agent = agent;
    this.#params = params;
    this.#onGone = onGone;
    this.#callId = agent.identifiers.callId();
    this.#localTag = agent.identifiers.tag();
    this.#expires = params.expires;
    this.#register(now);
  }

  unregister(now: Millis): void {
    switch (this.#state.name) {
      case 'registering':
        this.#state = { name: 'registering', leaving: true };
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

  #register(now: Millis): void {
    this.#state = { name: 'registering', leaving: false };
    this.#tell({ name: 'registering' });
    this.#send(
      this.#expires,
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
      { kind: 'response', status, reason, ...(warning !== undefined && { warning }) },
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
      this.#onFailure({ kind: 'response', status: response.status, reason: response.reason }, response, now);
      return;
    }
    const delay = refreshDelay(granted, this.#agent.identifiers.fraction());
    const timer = this.#agent.timers.arm(now + delay, (at) => this.#register(at));
    this.#state = { name: 'registered', timer };
    this.#tell({ name: 'registered', expiresAt: now + granted });
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
    return this.#state.name === 'registering' && this.#state.leaving;
  }

  /** Removes the binding where there may be one (section 10.2.2); whatever the registrar says, we are done. */
  #leave(now: Millis): void {
    if (this.#boundUntil === undefined || this.#boundUntil <= now) {
      this.#gone();
      return;
    }
    this.#state = { name: 'unregistering' };
    const gone = (): void => this.#gone();
    this.#send(0, gone, gone, now);
  }

  #gone(): void {
    if (this.#state.name === 'gone') return;
    this.#state = { name: 'gone' };
    this.#onGone();
    this.#tell({ name: 'unregistered' });
  }

  #send(
    expires: number,
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
        build: (towards) => this.#build(expires, towards),
        onResponse: (response, sent, _flow, at) => {
          if (response.status >= 200) onFinal(response, sent, at);
        },
        onFailure,
      },
      now,
    );
    void request;
  }

  #build(expires: number, towards: Target): SipRequest {
    const { registrar, aor, contactUser } = this.#params;
    this.#sequence += 1;
    return createRequest({
      method: 'REGISTER',
      uri: registrar,
      from: { uri: aor, params: new Map([['tag', this.#localTag]]) },
      to: { uri: aor, params: new Map() },
      callId: this.#callId,
      cseq: this.#sequence,
      contact: this.#agent.local.contact(towards, contactUser),
      headers: [['Expires', String(expires)]],
    });
  }

  #tell(state: RegistrationState): void {
    this.#agent.emit({ type: 'registration.changed', registration: this.id, state });
  }
}
