import type { EndpointTimers, Flow, Millis, Target } from '../endpoint/api.ts';
import { topVia } from '../message/headers.ts';
import { withTopViaReplaced } from '../message/build.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { stampVia } from '../message/via.ts';
import type { TimerQueue } from '../timing/timer-queue.ts';
import type { ClientTransactionUser, TransactionHost } from './client-transaction.ts';
import { ClientTransaction } from './client-transaction.ts';
import { cancelledKey, clientKey, mergeKey, sentBy, serverKey } from './key.ts';
import { ServerTransaction } from './server-transaction.ts';
import { sameTarget } from './transport.ts';

export interface TransactionLayerOptions {
  readonly timers: TimerQueue;
  readonly timing: EndpointTimers;
  /** Transactions at the same time, client and server together. */
  readonly limit: number;
  readonly transmit: TransactionHost['transmit'];
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
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** From {@link mergeKey} to the key of the transaction that has it. */
  readonly #merging = new Map<string, string>();

  constructor(options: TransactionLayerOptions) {
    this.#host = { timers: options.timers, timing: options.timing, transmit: options.transmit };
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
    timeout = this.#host.timing.transactionTimeout,
  ): ClientTransaction {
    const key = clientKey(request);
    if (key === undefined) throw new Error('a request needs a Via with a branch and a CSeq');
    const onTerminated = (): void => {
      this.#clients.delete(key);
    };
    const { timing } = this.#host;
    const isUsual = timeout === timing.transactionTimeout;
    const host = isUsual ? this.#host : { ...this.#host, timing: { ...timing, transactionTimeout: timeout } };
    const transaction = new ClientTransaction(host, request, target, user, onTerminated, now);
    this.#clients.set(key, transaction);
    return transaction;
  }

  /** `false` for a stray: no transaction sent such a request, or the sent-by is not ours (section 18.1.2). */
  receiveResponse(response: SipResponse, flow: Flow, now: Millis): boolean {
    const key = clientKey(response);
    const transaction = key === undefined ? undefined : this.#clients.get(key);
    if (transaction === undefined || sentBy(response) !== sentBy(transaction.request)) return false;
    transaction.receive(response, flow, now);
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
    const onTerminated = (): void => {
      this.#servers.delete(key);
      if (merge !== undefined) this.#merging.delete(merge);
    };
    const transaction = new ServerTransaction(this.#host, request, flow, onTerminated, now);
    this.#servers.set(key, transaction);
    if (merge !== undefined) this.#merging.set(merge, key);
    return { kind: 'new', transaction };
  }

  /** The INVITE that a CANCEL means, while it is known. */
  findCancelled(cancel: SipRequest): ServerTransaction | undefined {
    const key = cancelledKey(cancel);
    return key === undefined ? undefined : this.#servers.get(key);
  }

  /** Nothing gets through to `target`. */
  transportError(target: Target, text: string, now: Millis): void {
    for (const transaction of this.#clients.values()) {
      if (sameTarget(transaction.target, target)) transaction.transportError(text, now);
    }
    for (const transaction of this.#servers.values()) {
      if (sameTarget(transaction.target, target)) transaction.transportError(now);
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
