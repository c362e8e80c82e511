import type { Flow, Millis, Target } from '../endpoint/api.ts';
import { topVia, toTag } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { TransactionTiming } from '../timing/timing.ts';
import type { TransactionHost } from './client-transaction.ts';
import type { Machine, ServerInput } from './machine.ts';
import { runMachine } from './machine.ts';
import type { ServerInviteOutput } from './server-invite.ts';
import { serverInviteDeadline, startServerInvite, stepServerInvite } from './server-invite.ts';
import type { ServerNonInviteOutput } from './server-non-invite.ts';
import { serverNonInviteDeadline, startServerNonInvite, stepServerNonInvite } from './server-non-invite.ts';
import { defaultPort, isReliable } from './transport.ts';

type Output = ServerInviteOutput | ServerNonInviteOutput;

/** Whoever answers the request; all of it is optional knowledge. */
export interface ServerTransactionUser {
  /** An ACK with the INVITE's own branch after a 2xx: some send it so; it belongs to the dialog. */
  onAck?(ack: SipRequest, now: Millis): void;
  /** The transaction is over without a final response of ours, or without an ACK to it (timer H). */
  onUnanswered?(now: Millis): void;
}

/** A server transaction: one of the two server machines with its messages, its timer and its user. */
export class ServerTransaction {
  /** With `received` and `rport` in its topmost Via, ready to be answered. */
  readonly request: SipRequest;
  readonly flow: Flow;
  user: ServerTransactionUser = {};
  readonly #host: TransactionHost;
  readonly #onTerminated: () => void;
  readonly #machine: Machine<ServerInput, Output>;
  #target: Target;
  #lastResponse: SipResponse | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(host: TransactionHost, request: SipRequest, flow: Flow, onTerminated: () => void, now: Millis) {
    this.#host = host;
    this.request = request;
    this.flow = flow;
    this.#onTerminated = onTerminated;
    this.#target = responseTarget(request, flow);
    const timing: TransactionTiming = { ...host.timing, reliable: isReliable(flow.transport) };
    this.#machine = machineFor(request, timing, now);
    this.#settle();
  }

  get stateName(): string {
    return this.#machine.stateName;
  }

  /** The last response is final, or the transaction is over. */
  get isAnswered(): boolean {
    return this.#isOver || (this.#lastResponse !== undefined && this.#lastResponse.status >= 200);
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
    const answered = this.#lastResponse === undefined ? undefined : toTag(this.#lastResponse);
    return answered === undefined || toTag(ack) === answered;
  }

  /** The connection of the request is gone: the sent-by address is the next place to try (section 18.2.2). */
  transportError(now: Millis): void {
    if (this.#isOver) return;
    if (this.#target.connectionId !== undefined) {
      this.#target = sentByTarget(this.request, this.flow);
      if (this.#lastResponse !== undefined) this.#host.transmit(this.#target, this.#lastResponse, true);
      return;
    }
    this.#feed({ kind: 'transport_error' }, now);
  }

  #feed(input: ServerInput, now: Millis, response?: SipResponse, ack?: SipRequest): void {
    if (this.#isOver) return;
    const outputs = this.#machine.feed(input, now);
    for (const output of outputs) this.#carryOut(output, now, response, ack);
    this.#settle();
  }

  #carryOut(output: Output, now: Millis, response?: SipResponse, ack?: SipRequest): void {
    switch (output) {
      case 'send_response':
        if (response === undefined) return;
        this.#host.transmit(this.#target, response, response === this.#lastResponse);
        this.#lastResponse = response;
        break;
      case 'retransmit_response':
        if (this.#lastResponse === undefined) return;
        this.#host.transmit(this.#target, this.#lastResponse, true);
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

  #settle(): void {
    if (this.#isOver) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#machine.stateName === 'terminated') {
      this.#isOver = true;
      this.#onTerminated();
      return;
    }
    const deadline = this.#machine.deadline();
    if (deadline !== undefined) {
      this.#timer = this.#host.timers.arm(deadline, (now) => this.#feed({ kind: 'tick' }, now));
    }
  }
}

function machineFor(
  request: SipRequest,
  timing: TransactionTiming,
  now: Millis,
): Machine<ServerInput, Output> {
  return request.method === 'INVITE'
    ? runMachine({ step: stepServerInvite, deadline: serverInviteDeadline }, startServerInvite(), timing)
    : runMachine(
        { step: stepServerNonInvite, deadline: serverNonInviteDeadline },
        startServerNonInvite(timing, now),
        timing,
      );
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
  return { ...flow, port };
}

function sentByTarget(request: SipRequest, flow: Flow): Target {
  const port = topVia(request)?.port ?? defaultPort(flow.transport);
  return { transport: flow.transport, address: flow.address, port };
}
