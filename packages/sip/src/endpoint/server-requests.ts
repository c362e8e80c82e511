import type { Agent } from '../agent/agent.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Body, EndpointEvent, ExtraHeaders, Millis, ServerRequestId, SessionId } from './api.ts';
import { assertStatus, SipUsageError } from './errors.ts';

export interface PendingRequest {
  readonly transaction: ServerTransaction;
  readonly session: SessionId | undefined;
  /** The To tag of every response to it. */
  readonly toTag: string;
}

/** Requests whose response may or must tell a Contact (RFC 6665 section 4.1.2, RFC 3515 section 2.2). */
const methodsWithContact = new Set(['SUBSCRIBE', 'REFER', 'NOTIFY']);

/** Requests that wait for the application's `respond`: until it comes, their session ends or 64·T1 have passed. */
export class ServerRequests {
  readonly #agent: Agent;
  readonly #pending = new Map<ServerRequestId, PendingRequest>();
  #lastId = 0;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  offer(
    transaction: ServerTransaction,
    session: SessionId | undefined,
    event: (requestId: ServerRequestId) => EndpointEvent,
  ): void {
    this.#lastId += 1;
    const requestId = this.#lastId as ServerRequestId;
    transaction.user = { onUnanswered: () => this.#pending.delete(requestId) };
    this.#pending.set(requestId, { transaction, session, toTag: this.#agent.identifiers.tag() });
    this.#agent.emit(event(requestId));
  }

  /** An answer that comes too late, or a second one, is dropped: the application cannot know. */
  respond(
    requestId: ServerRequestId,
    status: number,
    options: { reason?: string; headers?: ExtraHeaders; body?: Body },
    now: Millis,
  ): void {
    this.#assertKnown(requestId);
    assertStatus(status, 100, 699, 'status of SIP');
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    if (status >= 200) this.#pending.delete(requestId);
    const { transaction, toTag } = pending;
    const { request, flow } = transaction;
    const showsContact =
      methodsWithContact.has(request.method) &&
      status < 300 &&
      options.headers?.some(([name]) => name.toLowerCase() === 'contact') !== true;
    const contact = showsContact ? { contact: this.#agent.local.contact(flow, undefined) } : {};
    transaction.respond(this.#agent.response(request, status, { ...options, ...contact, toTag }), now);
  }

  /**
   * A request that is answered otherwise than by `respond`: SUBSCRIBE or REFER, whose acceptance begins a subscription.
   * `undefined` where its time is over or it is answered already; throws where it is of another method.
   */
  take(requestId: ServerRequestId, method: 'SUBSCRIBE' | 'REFER'): PendingRequest | undefined {
    this.#assertKnown(requestId);
    const pending = this.#pending.get(requestId);
    if (pending !== undefined && pending.transaction.request.method !== method) {
      throw new SipUsageError('wrong_state', `request ${requestId} is no ${method}`);
    }
    this.#pending.delete(requestId);
    return pending;
  }

  /** What the application has not answered when the session ends (RFC 3261 section 15.1.2). */
  endSession(session: SessionId, now: Millis): void {
    for (const [requestId, pending] of this.#pending) {
      if (pending.session !== session) continue;
      this.respond(requestId, 487, {}, now);
    }
  }

  #assertKnown(requestId: ServerRequestId): void {
    if (requestId < 1 || requestId > this.#lastId) {
      throw new SipUsageError('no_such_request', `there never was a request ${requestId}`);
    }
  }
}
