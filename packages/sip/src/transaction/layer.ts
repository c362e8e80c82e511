import type { EndpointTimers, Flow, Millis, Target } from '../endpoint/api.ts';
import { topVia } from '../message/headers.ts';
import { withTopViaReplaced } from '../message/build.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { stampVia } from '../message/via.ts';
import type { TimerQueue } from '../timing/timer-queue.ts';
import type { TransactionTiming } from '../timing/timing.ts';
import type { ClientTransactionUser } from './client-transaction.ts';
import { ClientEngine, ClientTransaction } from './client-transaction.ts';
import type { TransactionHost } from './host.ts';
import { cancelledKey, clientKey, mergeKey, serverKey } from './key.ts';
import { ServerEngine, ServerTransaction } from './server-transaction.ts';
import { isReliable, sameTarget } from './transport.ts';

export interface TransactionLayerOptions {
  readonly timers: TimerQueue;
  readonly timing: EndpointTimers;
  /** Transactions at the same time, client and server together. */
  readonly limit: number;
  readonly trying: TransactionHost['trying'];
  readonly transmit: TransactionHost['transmit'];
}

/** The INVITE that a CANCEL means. */
export interface CancelledInvite {
  /** `undefined` when it has its final response. */
  readonly transaction: ServerTransaction | undefined;
  /** The To tag of its last response. */
  readonly toTag: string | undefined;
}

/** What became of a request from the network. */
export type RequestArrival =
  | { readonly kind: 'new'; readonly transaction: ServerTransaction }
  /** A retransmission, or an ACK to a failure: done. */
  | { readonly kind: 'absorbed' }
  /** An ACK that no transaction knows: the ACK to a 2xx, for the dialog. */
  | { readonly kind: 'ack'; readonly request: SipRequest }
  /** Section 8.2.2.2: the same request came by another path: 482. */
  | { readonly kind: 'merged'; readonly request: SipRequest }
  /** No room: 503. */
  | { readonly kind: 'refused'; readonly request: SipRequest };

/**
 * The table of transactions (RFC 3261 section 17): bounded, matched by branch, sent-by and method, with the rules of
 * RFC 2543 for requests without the magic cookie.
 */
export class TransactionLayer {
  readonly #host: TransactionHost;
  readonly #limit: number;
  readonly #clients = new Map<string, ClientEngine>();
  readonly #servers = new Map<string, ServerEngine>();
  /** {@link mergeKey} of each server transaction. */
  readonly #merging = new Set<string>();

  constructor(options: TransactionLayerOptions) {
    const { timers, timing, trying, transmit } = options;
    const overStreams: TransactionTiming = { ...timing, reliable: true };
    const overDatagrams: TransactionTiming = { ...timing, reliable: false };
    this.#host = {
      timers,
      trying,
      transmit,
      timingOver: (transport) => (isReliable(transport) ? overStreams : overDatagrams),
    };
    this.#limit = options.limit;
  }

  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  get isFull(): boolean {
    return this.size >= this.#limit;
  }

  /**
   * Sends a request that has its topmost Via with a branch of its own.
   *
   * @param timeout timer B or F, where it is another than for all
   */
  startClient(
    request: SipRequest,
    target: Target,
    user: ClientTransactionUser,
    now: Millis,
    timeout?: Millis,
  ): ClientTransaction {
    const key = clientKey(request);
    if (key === undefined) throw new Error('a request needs a Via with a branch and a CSeq');
    const usual = this.#host.timingOver(target.transport);
    const isUsual = timeout === undefined || timeout === usual.transactionTimeout;
    const timing = isUsual ? usual : { ...usual, transactionTimeout: timeout };
    const engine = new ClientEngine(
      this.#host,
      timing,
      key,
      request,
      target,
      user,
      this.#onClientTerminated,
      now,
    );
    this.#clients.set(key, engine);
    return new ClientTransaction(request, engine);
  }

  readonly #onClientTerminated = ({ key }: ClientEngine): void => {
    this.#clients.delete(key);
  };

  /** `false` for a stray: no transaction sent such a request, or the sent-by is not ours (section 18.1.2). */
  receiveResponse(response: SipResponse, flow: Flow, now: Millis): boolean {
    const key = clientKey(response);
    const engine = key === undefined ? undefined : this.#clients.get(key);
    if (engine?.isAnsweredBy(response) !== true) return false;
    engine.receive(response, flow, now);
    return true;
  }

  /** @param mayBegin `false`: only what belongs to a transaction that we have; anything new is refused */
  receiveRequest(received: SipRequest, flow: Flow, now: Millis, mayBegin = true): RequestArrival {
    const request = stamped(received, flow);
    const key = serverKey(request);
    if (key === undefined) return { kind: 'refused', request };
    const known = this.#servers.get(key);
    if (request.method === 'ACK') {
      if (known?.acceptsAck(request) !== true) return { kind: 'ack', request };
      known.receiveAgain(request, now);
      return { kind: 'absorbed' };
    }
    if (known !== undefined) {
      known.receiveAgain(request, now);
      return { kind: 'absorbed' };
    }
    const merge = request.method === 'CANCEL' ? undefined : mergeKey(request);
    if (merge !== undefined && this.#merging.has(merge)) return { kind: 'merged', request };
    if (this.isFull || !mayBegin) return { kind: 'refused', request };
    const keys = { key, mergeKey: merge };
    const engine = new ServerEngine(this.#host, keys, request, flow, this.#onServerTerminated, now);
    this.#servers.set(key, engine);
    if (merge !== undefined) this.#merging.add(merge);
    const transaction = new ServerTransaction(request, flow, engine);
    engine.transaction = transaction;
    return { kind: 'new', transaction };
  }

  readonly #onServerTerminated = ({ key, mergeKey: merge }: ServerEngine): void => {
    this.#servers.delete(key);
    if (merge !== undefined) this.#merging.delete(merge);
  };

  /** The INVITE that a CANCEL means, while it is known. */
  findCancelled(cancel: SipRequest): CancelledInvite | undefined {
    const key = cancelledKey(cancel);
    const engine = key === undefined ? undefined : this.#servers.get(key);
    return engine && { transaction: engine.transaction, toTag: engine.answeredTag };
  }

  /** Nothing gets through to `target`. */
  transportError(target: Target, text: string, now: Millis): void {
    for (const engine of this.#clients.values()) {
      if (sameTarget(engine.target, target)) engine.transportError(text, now);
    }
    for (const engine of this.#servers.values()) {
      if (sameTarget(engine.target, target)) engine.transportError(now);
    }
  }
}

/** With `received` and `rport` in its topmost Via, where they belong (section 18.2.1, RFC 3581). */
export function stamped(request: SipRequest, flow: Flow): SipRequest {
  const via = topVia(request);
  if (via === undefined) return request;
  const stampedVia = stampVia(via, flow.address, flow.port);
  return stampedVia === via ? request : withTopViaReplaced(request, stampedVia);
}
