import type { Flow, Millis, RequestFailure, Target } from '../endpoint/api.ts';
import type { GuardedDigest, RequestPurpose } from '../auth/guarded-digest.ts';
import { withTopViaReplaced, withViaAndProduct } from '../message/build.ts';
import { retryAfter } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { ClientTransaction } from '../transaction/client-transaction.ts';
import type { Agent } from './agent.ts';
import { streamForSize } from './datagram-size.ts';
import type { NextHop } from './next-hop.ts';

export interface ClientRequestOptions {
  readonly nextHop: NextHop;
  /** Makes the request for one attempt, with the next CSeq and without Via; the target tells which Contact to show. */
  readonly build: (target: Target) => SipRequest;
  readonly digest: GuardedDigest | undefined;
  /** Who may ask for the credentials; the safest, `far_end`, where nothing is said. */
  readonly purpose?: RequestPurpose;
  /** Every response but the challenges that are answered. Of an INVITE there may be several 2xx. */
  readonly onResponse: (response: SipResponse, sent: SipRequest, flow: Flow, now: Millis) => void;
  /** The last event where no response came. */
  readonly onFailure: (failure: RequestFailure, now: Millis) => void;
}

type State =
  | { readonly name: 'locating' }
  | {
      readonly name: 'sent';
      readonly transaction: ClientTransaction;
      /** Targets to try after this one fails (RFC 3263 section 4.3). */
      readonly others: readonly Target[];
    }
  | { readonly name: 'over' };

const maxChallenges = 4;
/** Seconds for which a peer without TCP is not asked for it again: behind some firewalls the question costs seconds. */
const noStreamFor = 600;

/**
 * One request of ours, from its URI to its final response (RFC 3261 section 8.1).
 *
 * ```
 *              targets found
 *   locating ────────────────► sent ──final response, or no target is left──► over
 *                             │    ▲
 *      401/407 that can be    │    │  next attempt: new branch, next CSeq
 *      answered; 503, time-out│    │
 *      or transport error     └────┘
 *      with a target left
 * ```
 */
export class ClientRequest {
  readonly #agent: Agent;
  readonly #options: ClientRequestOptions;
  #state: State = { name: 'locating' };
  #challenges = 0;
  #mayRetry = true;
  /** Failures are told after the constructor has returned, when its caller knows what it made. */
  #isConstructed = false;

  constructor(agent: Agent, options: ClientRequestOptions, now: Millis) {
    this.#agent = agent;
    this.#options = options;
    const { uri, preferred } = options.nextHop;
    options.digest?.named(uri, this.#purpose);
    const found = (targets: readonly Target[], at: Millis): void => {
      if (this.#state.name !== 'locating') return;
      const [first, ...others] = preferred === undefined ? targets : [preferred, ...targets];
      // Each of a registrar's or trunk's addresses may ask, also in a call that comes from another of them.
      for (const target of targets) options.digest?.located(target, this.#purpose);
      if (first === undefined) this.#fail({ kind: 'transport', text: `nothing found for ${uri}` }, at);
      else this.#attempt(first, others, at);
    };
    if (preferred !== undefined && preferred.connectionId === undefined) this.#attempt(preferred, [], now);
    else agent.locate(uri, found, now);
    this.#isConstructed = true;
  }

  /** The transaction under way; `undefined` before anything was sent and after the last final response. */
  get transaction(): ClientTransaction | undefined {
    return this.#state.name === 'sent' ? this.#state.transaction : undefined;
  }

  /** Gives up while nothing was sent yet; afterwards this does nothing and tells so. */
  withdraw(): boolean {
    if (this.#state.name !== 'locating') return false;
    this.#state = { name: 'over' };
    return true;
  }

  /** The attempt under way is the last: a CANCEL follows it, and a challenge to it is not answered any more. */
  stopRetrying(): void {
    this.#mayRetry = false;
  }

  /** No further event; responses are still absorbed by the transaction. */
  abandon(): void {
    if (this.#state.name === 'sent') this.#state.transaction.abandon();
    this.#state = { name: 'over' };
  }

  #attempt(target: Target, others: readonly Target[], now: Millis): void {
    const { identifiers, local, transactions, product } = this.#agent;
    const via = local.via(target, identifiers.branch());
    if (via === undefined) {
      this.#next(others, { kind: 'transport', text: `no socket for ${target.transport}` }, now);
      return;
    }
    if (transactions.isFull) {
      this.#fail({ kind: 'transport', text: 'too many transactions' }, now);
      return;
    }
    const built = withViaAndProduct(this.#options.build(target), via, product);
    const request = this.#options.digest?.authorise(built, target, this.#purpose) ?? built;
    const { limits, health } = this.#agent;
    const around = { local, health, datagramBytes: limits.datagramBytes, now };
    const stream = streamForSize(request, target, around);
    const streamVia = stream === undefined ? undefined : local.via(stream, identifiers.branch());
    if (stream === undefined || streamVia === undefined) this.#send(request, target, others, now);
    else {
      const forSize = withTopViaReplaced(request, streamVia);
      this.#send(forSize, stream, [target, ...others], now, noStreamFor);
    }
  }

  /** @param rest seconds for which the target is passed over where nothing comes of this */
  #send(request: SipRequest, target: Target, others: readonly Target[], now: Millis, rest?: number): void {
    const { transactions, timing, health } = this.#agent;
    const { transactionTimeout, failoverTimeout } = timing;
    const isLast = others.length === 0;
    // The ACK to a challenge may fail when the next attempt is out already: that is no failure of the request.
    const failed = (failure: RequestFailure, at: Millis): void => {
      health.failed(target, at, rest);
      const isNewest = this.#state.name === 'sent' && this.#state.transaction === transaction;
      if (isNewest) this.#next(others, failure, at);
    };
    const transaction = transactions.startClient(
      request,
      target,
      {
        onResponse: (response, flow, at) => this.#receive(transaction, response, flow, at),
        onTimeout: (at) => failed({ kind: 'timeout' }, at),
        onTransportError: (text, at) => failed({ kind: 'transport', text }, at),
      },
      now,
      isLast ? transactionTimeout : Math.min(failoverTimeout, transactionTimeout),
    );
    this.#state = { name: 'sent', transaction, others };
  }

  #receive(transaction: ClientTransaction, response: SipResponse, flow: Flow, now: Millis): void {
    const sent = transaction.request;
    if (response.status === 503) this.#agent.health.failed(transaction.target, now, retryAfter(response));
    else this.#agent.health.answered(transaction.target);
    if (response.status < 200) {
      this.#options.onResponse(response, sent, flow, now);
      return;
    }
    if (this.#state.name === 'sent' && this.#state.transaction === transaction) {
      const { others } = this.#state;
      const isAnswerable = this.#answersChallenge(transaction, response);
      if (isAnswerable && this.#mayRetry) {
        this.#attempt(transaction.target, others, now);
        return;
      }
      if (response.status === 503 && others.length > 0 && this.#mayRetry) {
        this.#next(others, { kind: 'timeout' }, now);
        return;
      }
      this.#state = { name: 'over' };
    }
    this.#options.onResponse(response, sent, flow, now);
  }

  get #purpose(): RequestPurpose {
    return this.#options.purpose ?? 'far_end';
  }

  #answersChallenge({ request, target }: ClientTransaction, response: SipResponse): boolean {
    const outcome = this.#options.digest?.handleResponse(request, response, target, this.#purpose);
    if (outcome?.kind !== 'retry') return false;
    this.#challenges += 1;
    return this.#challenges <= maxChallenges;
  }

  #next(others: readonly Target[], failure: RequestFailure, now: Millis): void {
    const [first, ...rest] = others;
    if (this.#state.name === 'over') return;
    if (first === undefined || !this.#mayRetry) this.#fail(failure, now);
    else this.#attempt(first, rest, now);
  }

  #fail(failure: RequestFailure, now: Millis): void {
    this.#state = { name: 'over' };
    const tell = (at: Millis): void => this.#options.onFailure(failure, at);
    if (this.#isConstructed) tell(now);
    else this.#agent.timers.arm(now, tell);
  }
}
