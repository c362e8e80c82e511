import type { Flow, Millis, SessionId, Target } from '../endpoint/api.ts';
import { header, tagOf, topVia } from '../message/headers.ts';
import { encode } from '../message/serialise.ts';
import type { WireMessage } from '../message/serialise.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { TransactionHost } from './host.ts';
import type { Machine, ServerInput } from './machine.ts';
import { runMachine } from './machine.ts';
import type { ServerInviteOutput } from './server-invite.ts';
import { serverInviteDeadline, startServerInvite, stepServerInvite } from './server-invite.ts';
import type { ServerNonInviteOutput } from './server-non-invite.ts';
import { serverNonInviteDeadline, startServerNonInvite, stepServerNonInvite } from './server-non-invite.ts';
import { defaultPort, isReliable } from './transport.ts';

/** Whoever answers the request; all of it is optional knowledge. */
export interface ServerTransactionUser {
  /** An ACK with the INVITE's own branch after a 2xx: some send it so; it belongs to the dialog. */
  onAck?(ack: SipRequest, now: Millis): void;
  /** The transaction is over without a final response of ours, or without an ACK to it (timer H). */
  onUnanswered?(now: Millis): void;
}

/**
 * A server transaction in the hands of its user. The table of transactions holds the engine alone: after the final response
 * that absorbs for half a minute, and needs neither the request nor who has answered it.
 */
export class ServerTransaction {
  /** With `received` and `rport` in its topmost Via, ready to be answered. */
  readonly request: SipRequest;
  readonly flow: Flow;
  /** The session that an INVITE has begun and the tag of our side: for a CANCEL. */
  invitation: { readonly id: SessionId; readonly localTag: string } | undefined;
  readonly #engine: ServerEngine;

  constructor(request: SipRequest, flow: Flow, engine: ServerEngine) {
    this.request = request;
    this.flow = flow;
    this.#engine = engine;
  }

  set user(user: ServerTransactionUser) {
    this.#engine.user = user;
  }

  get stateName(): string {
    return this.#engine.stateName;
  }

  /** The last response is final, or the transaction is over. */
  get isAnswered(): boolean {
    return this.#engine.isAnswered;
  }

  respond(response: SipResponse, now: Millis): void {
    this.#engine.respond(response, now);
  }
}

/**
 * Where responses to a request go (RFC 3261 section 18.2.2, RFC 3581 section 4): the connection that it came by; for
 * UDP the source address, with the source port where `rport` asked for it, else the port of sent-by.
 */
export function responseTarget(request: SipRequest, flow: Flow): Target {
  if (isReliable(flow.transport)) return flow;
  const via = topVia(request);
  const port = via === undefined || via.params.has('rport') ? flow.port : (via.port ?? 5060);
  // With our side of the flow: the answer leaves by the socket that the request came in by (RFC 3581 section 4).
  return port === flow.port ? flow : { ...flow, port };
}

type Output = ServerInviteOutput | ServerNonInviteOutput;

const inviteMachine = { step: stepServerInvite, deadline: serverInviteDeadline };
const nonInviteMachine = { step: stepServerNonInvite, deadline: serverNonInviteDeadline };

/**
 * One of the two server machines with its timer and its responses: what the table of transactions holds. It lets go of the
 * request with the final response, and of what is not sent again.
 */
export class ServerEngine {
  /** Of this request in the table; and that of all requests that are the same by other paths. */
  readonly key: string;
  readonly mergeKey: string | undefined;
  user: ServerTransactionUser = {};
  /** What its user holds; `undefined` after the final response. */
  transaction: ServerTransaction | undefined;
  readonly #host: TransactionHost;
  readonly #onTerminated: (engine: ServerEngine) => void;
  readonly #machine: Machine<ServerInput, Output>;
  /** Port of the sent-by, where responses go when the connection of the request is gone. */
  readonly #sentByPort: number;
  #target: Target;
  #provisional: SipResponse | undefined;
  #final: WireMessage | undefined;
  readonly #isInvite: boolean;
  /** Value of To in the last response to an INVITE: its ACK and its CANCEL ask for the tag. */
  #answeredTo: string | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(
    host: TransactionHost,
    keys: { readonly key: string; readonly mergeKey: string | undefined },
    request: SipRequest,
    flow: Flow,
    onTerminated: (engine: ServerEngine) => void,
    now: Millis,
  ) {
    this.key = keys.key;
    this.mergeKey = keys.mergeKey;
    this.#host = host;
    this.#onTerminated = onTerminated;
    this.#target = responseTarget(request, flow);
    this.#sentByPort = topVia(request)?.port ?? defaultPort(flow.transport);
    const timing = host.timingOver(flow.transport);
    this.#isInvite = request.method === 'INVITE';
    this.#machine = this.#isInvite
      ? runMachine(inviteMachine, startServerInvite(now), timing)
      : runMachine(nonInviteMachine, startServerNonInvite(timing, now), timing);
    this.#settle();
  }

  get stateName(): string {
    return this.#machine.stateName;
  }

  get isAnswered(): boolean {
    return this.transaction === undefined;
  }

  /** The To tag of the last response to an INVITE; `undefined` where there is none yet. */
  get answeredTag(): string | undefined {
    return tagOf(this.#answeredTo);
  }

  /** Where responses go now. */
  get target(): Target {
    return this.#target;
  }

  respond(response: SipResponse, now: Millis): void {
    this.#feed({ kind: 'respond', status: response.status }, now, response);
  }

  /** The request again, or an ACK with its branch. */
  receiveAgain(request: SipRequest, now: Millis): void {
    if (request.method === 'ACK') this.#feed({ kind: 'ack' }, now, undefined, request);
    else this.#feed({ kind: 'request' }, now);
  }

  /** An ACK by RFC 2543 is told apart by the To tag of the response that it acknowledges (section 17.2.3). */
  acceptsAck(ack: SipRequest): boolean {
    const answered = this.answeredTag;
    return answered === undefined || tagOf(header(ack, 'to')) === answered;
  }

  /** The connection of the request is gone: the sent-by address is the next place to try (section 18.2.2). */
  transportError(now: Millis): void {
    if (this.#isOver) return;
    if (this.#target.connectionId !== undefined) {
      const { transport, address } = this.#target;
      this.#target = { transport, address, port: this.#sentByPort };
      this.#retransmit();
      return;
    }
    this.#feed({ kind: 'transport_error' }, now);
  }

  #feed(input: ServerInput, now: Millis, response?: SipResponse, ack?: SipRequest): void {
    if (this.#isOver) return;
    const wasAccepted = this.#machine.stateName === 'accepted';
    const outputs = this.#machine.feed(input, now);
    for (const output of outputs) {
      switch (output) {
        case 'send_trying':
          if (this.transaction !== undefined) this.#send(this.#host.trying(this.transaction.request), false);
          break;
        case 'send_response':
          if (response !== undefined) this.#send(response, wasAccepted || response === this.#provisional);
          break;
        case 'retransmit_response':
          this.#retransmit();
          break;
        case 'deliver_ack':
          if (ack !== undefined) this.user.onAck?.(ack, now);
          break;
        case 'report_timeout':
        case 'report_abandoned':
          this.user.onUnanswered?.(now);
          break;
        case 'report_transport_error':
          // Nothing to do: the peer's retransmission or a timer settles it (RFC 6026 section 7.1).
          break;
      }
    }
    this.#settle();
  }

  #send(response: SipResponse, isRetransmission: boolean): void {
    const wire = encode(response);
    if (this.#isInvite) this.#answeredTo = header(response, 'to');
    if (response.status < 200) this.#provisional = response;
    else {
      this.#provisional = undefined;
      this.transaction = undefined;
      // The user itself sends a 2xx to INVITE again; here it is needed only where the connection may go.
      const isLeftToUser = this.#machine.stateName === 'accepted' && this.#target.connectionId === undefined;
      this.#final = isLeftToUser ? undefined : wire;
    }
    this.#host.transmit(this.#target, wire, isRetransmission);
  }

  #retransmit(): void {
    const wire = this.#final ?? (this.#provisional && encode(this.#provisional));
    if (wire !== undefined) this.#host.transmit(this.#target, wire, true);
  }

  #settle(): void {
    if (this.#isOver) return;
    if (this.#machine.stateName === 'terminated') {
      this.#isOver = true;
      this.#timer?.cancel();
      this.transaction = undefined;
      this.#onTerminated(this);
      return;
    }
    this.#timer = this.#host.timers.rearm(this.#timer, this.#machine.deadline(), this.#tick);
  }

  readonly #tick = (now: Millis): void => this.#feed({ kind: 'tick' }, now);
}
