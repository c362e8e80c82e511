import type { Agent } from '../agent/agent.ts';
import {
  acceptSdp,
  allow,
  capabilityHeaders,
  isApplicationMethod,
  unsupportedExtensions,
} from '../agent/capabilities.ts';
import { toTag } from '../message/headers.ts';
import type { ParseFault, SipMessage, SipRequest, SipResponse } from '../message/types.ts';
import { parseUri } from '../message/uri.ts';
import { sessionBodyOf } from '../session/session-body.ts';
import { isIntervalTooSmall, leastInterval } from '../session/session-timer.ts';
import type { Subscriptions } from '../subscription/subscriptions.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { stamped } from '../transaction/layer.ts';
import { responseTarget } from '../transaction/server-transaction.ts';
import type { EndpointCounts, ExtraHeaders, Flow, Millis, Target } from './api.ts';
import type { DialogTable } from './dialog-table.ts';
import type { Reception } from './receiver.ts';
import type { SessionTable } from './session-table.ts';
import { responseToFault, statelessResponse } from './stateless.ts';

export interface IncomingMessagesOptions {
  readonly agent: Agent;
  readonly sessions: SessionTable;
  readonly dialogs: DialogTable;
  readonly subscriptions: Subscriptions;
  readonly respondStateless: (target: Target, response: SipResponse) => void;
  readonly sendOctets: (target: Target, bytes: Uint8Array) => void;
  readonly close: (flow: Flow) => void;
}

/** Seconds after which somebody whom a limit has refused may come again. */
const retryAfterLimit: readonly [string, string] = ['Retry-After', '5'];
const pong = new Uint8Array([0x0d, 0x0a]);

/** Methods of subscriptions, which share dialogs with a call (RFC 6665 section 4.5.2, RFC 3515). */
const subscriptionMethods = new Set(['SUBSCRIBE', 'NOTIFY', 'REFER']);

/** Methods that mean nothing outside a dialog or without the request that they belong to. */
const methodsInsideDialogs = new Set(['BYE', 'UPDATE', 'PRACK', 'INFO']);

/**
 * Everything from the network: to the transaction, dialog or application that it belongs to (RFC 3261 sections 8.2 and
 * 12.2.2), or answered on the spot.
 */
export class IncomingMessages implements Reception {
  readonly #options: IncomingMessagesOptions;
  readonly #counts = { received: 0, malformed: 0, stray: 0 };
  #now: Millis = 0;
  #isOverloaded = false;

  constructor(options: IncomingMessagesOptions) {
    this.#options = options;
  }

  counts(): Pick<EndpointCounts, 'received' | 'malformed' | 'stray'> {
    return { ...this.#counts };
  }

  /** Takes what `receive` finds in the octets as having come at this time, from a source that may be overloading us. */
  at(now: Millis, isOverloaded: boolean, receive: () => void): void {
    this.#now = now;
    this.#isOverloaded = isOverloaded;
    receive();
  }

  onMessage(message: SipMessage, flow: Flow): void {
    this.#counts.received += 1;
    const { transactions } = this.#options.agent;
    if (message.kind === 'response') {
      if (!transactions.receiveResponse(message, flow, this.#now)) this.#counts.stray += 1;
      return;
    }
    const mayBegin = !this.#isOverloaded || this.#isKnown(message);
    const arrival = transactions.receiveRequest(message, flow, this.#now, mayBegin);
    switch (arrival.kind) {
      case 'new':
        this.#onRequest(arrival.transaction);
        break;
      case 'absorbed':
        break;
      case 'ack':
        this.#onAck(arrival.request);
        break;
      case 'merged':
        this.#refuse(arrival.request, flow, 482);
        break;
      case 'refused':
        this.#options.agent.limited(mayBegin ? 'transactions' : 'overload');
        this.#refuse(arrival.request, flow, 503, [retryAfterLimit]);
        break;
    }
  }

  onFault(fault: ParseFault, flow: Flow): void {
    this.#counts.received += 1;
    this.#counts.malformed += 1;
    if (fault.code === 'too_large' || fault.code === 'too_many_headers') {
      this.#options.agent.limited('message_size');
    }
    if (fault.answerable === undefined) return;
    const request = stamped(fault.answerable, flow);
    const response = responseToFault({ ...fault, answerable: request });
    if (response !== undefined) {
      this.#options.respondStateless(responseTarget(request, flow), response);
    }
  }

  onPing(flow: Flow): void {
    this.#options.sendOctets(flow, pong);
  }

  onBroken(flow: Flow, why: 'unreadable' | 'streams' | 'message_time'): void {
    if (why !== 'unreadable') this.#options.agent.limited(why);
    this.#options.close(flow);
  }

  /** What belongs to a call that stands is heard from anybody. */
  #isKnown(request: SipRequest): boolean {
    const { agent, dialogs } = this.#options;
    return request.method === 'CANCEL'
      ? agent.transactions.findCancelled(request) !== undefined
      : dialogs.find(request) !== undefined;
  }

  #onAck(ack: SipRequest): void {
    const session = this.#options.dialogs.find(ack)?.session;
    if (session === undefined) this.#counts.stray += 1;
    else session.onAck(ack, this.#now);
  }

  #onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === 'CANCEL') {
      this.#onCancel(transaction);
      return;
    }
    const extensions = unsupportedExtensions(request);
    if (extensions.length > 0) {
      this.#answer(transaction, 420, [['Unsupported', extensions.join(', ')]]);
    } else if (toTag(request) === undefined) {
      this.#onRequestOutside(transaction);
    } else {
      this.#onRequestInside(transaction);
    }
  }

  #onCancel(transaction: ServerTransaction): void {
    const { agent, sessions } = this.#options;
    const invite = agent.transactions.findCancelled(transaction.request);
    const invitation = invite?.transaction && sessions.findByInvite(invite.transaction);
    // The To tag is that of the INVITE's own response (section 9.2).
    const toTag = invitation?.localTag ?? invite?.toTag;
    this.#answer(transaction, invite === undefined ? 481 : 200, [], toTag);
    invitation?.session?.onCancel(transaction.request, this.#now);
  }

  #onRequestInside(transaction: ServerTransaction): void {
    const { dialogs, subscriptions } = this.#options;
    const { request } = transaction;
    const entry = dialogs.find(request);
    if (entry === undefined) {
      const isTaken = request.method === 'NOTIFY' && subscriptions.onNotifyOutside(transaction, this.#now);
      if (!isTaken) this.#answer(transaction, 481);
      return;
    }
    // A BYE that a NOTIFY has overtaken still means what it says: refused, its sender would be gone and we go on.
    if (!entry.dialog.acceptSequence(request) && request.method !== 'BYE') {
      this.#answer(transaction, 500);
      return;
    }
    const isSubscription = subscriptionMethods.has(request.method);
    if (isSubscription && subscriptions.onRequestInside(transaction, entry, this.#now)) return;
    if (entry.session !== undefined) entry.session.onRequest(transaction, entry.dialog, this.#now);
    // Several REFERs may share a dialog without a call (RFC 3515 section 4.2).
    else if (request.method === 'REFER') this.#offer(transaction);
    else this.#answer(transaction, 481);
  }

  #onRequestOutside(transaction: ServerTransaction): void {
    const { agent } = this.#options;
    const { request, flow } = transaction;
    if (parseUri(request.uri)?.kind === 'other') this.#answer(transaction, 416);
    else if (request.method === 'INVITE') this.#onInvite(transaction);
    else if (request.method === 'OPTIONS') {
      const headers = [acceptSdp, ...capabilityHeaders];
      const contact = agent.local.contact(flow, undefined);
      transaction.respond(
        agent.response(request, 200, { headers, contact, toTag: agent.identifiers.tag() }),
        this.#now,
      );
    } else if (methodsInsideDialogs.has(request.method)) this.#answer(transaction, 481);
    else if (!isApplicationMethod(request.method)) this.#answer(transaction, 501, [allow]);
    else if (!this.#options.subscriptions.refuses(transaction, this.#now)) this.#offer(transaction);
  }

  #offer(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    this.#options.agent.offerRequest(transaction, undefined, (requestId) => ({
      type: 'request',
      requestId,
      request,
      flow,
    }));
  }

  #onInvite(transaction: ServerTransaction): void {
    const { sessions } = this.#options;
    const { request } = transaction;
    const body = sessionBodyOf(request);
    const replaced = sessions.findReplaced(request);
    if (body.kind === 'unsupported') {
      this.#answer(transaction, 415, [acceptSdp]);
    } else if (sessions.isFull) {
      this.#options.agent.limited('sessions');
      this.#answer(transaction, 503, [retryAfterLimit]);
    } else if (isIntervalTooSmall(request)) {
      this.#answer(transaction, 422, [leastInterval]);
    } else if (typeof replaced === 'object') {
      this.#answer(transaction, replaced.status);
    } else {
      sessions.incoming(
        transaction,
        body.kind === 'description' ? body.body : undefined,
        replaced,
        this.#now,
      );
    }
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    headers: ExtraHeaders = [],
    toTag = this.#options.agent.identifiers.tag(),
  ): void {
    const { agent } = this.#options;
    transaction.respond(agent.response(transaction.request, status, { headers, toTag }), this.#now);
  }

  #refuse(request: SipRequest, flow: Flow, status: number, headers: ExtraHeaders = []): void {
    if (request.method === 'ACK') return;
    const response = statelessResponse(request, status, { headers });
    this.#options.respondStateless(responseTarget(request, flow), response);
  }
}
