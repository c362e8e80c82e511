import type { EndpointTimers, Flow, Millis, Target } from '../endpoint/api.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { TransactionTiming } from '../timing/timing.ts';
import type { TimerQueue, Timer } from '../timing/timer-queue.ts';
import type { ClientInviteOutput } from './client-invite.ts';
import { clientInviteDeadline, startClientInvite, stepClientInvite } from './client-invite.ts';
import { clientNonInviteDeadline, startClientNonInvite, stepClientNonInvite } from './client-non-invite.ts';
import { ackForFailure } from './derived-requests.ts';
import type { ClientInput, Machine } from './machine.ts';
import { runMachine } from './machine.ts';
import { isReliable } from './transport.ts';

/** Whoever sent the request. Of an INVITE `onResponse` may see several 2xx (forks and retransmissions). */
export interface ClientTransactionUser {
  onResponse(response: SipResponse, flow: Flow, now: Millis): void;
  onTimeout(now: Millis): void;
  onTransportError(text: string, now: Millis): void;
}

/** What a transaction needs around it. */
export interface TransactionHost {
  readonly timers: TimerQueue;
  readonly timing: EndpointTimers;
  transmit(target: Target, message: SipRequest | SipResponse, isRetransmission: boolean): void;
}

interface Arrival {
  readonly response: SipResponse;
  readonly flow: Flow;
}

/** A client transaction: one of the two client machines with its messages, its timer and its user. */
export class ClientTransaction {
  readonly request: SipRequest;
  readonly target: Target;
  readonly #host: TransactionHost;
  readonly #user: ClientTransactionUser;
  readonly #onTerminated: () => void;
  readonly #machine: Machine<ClientInput, ClientInviteOutput>;
  #timer: Timer | undefined;
  #wasSent = false;
  #isOver = false;

  constructor(
    host: TransactionHost,
    request: SipRequest,
    target: Target,
    user: ClientTransactionUser,
    onTerminated: () => void,
    now: Millis,
  ) {
    this.#host = host;
    this.request = request;
    this.target = target;
    this.#user = user;
    this.#onTerminated = onTerminated;
    const timing: TransactionTiming = { ...host.timing, reliable: isReliable(target.transport) };
    if (request.method === 'INVITE') {
      const start = startClientInvite(timing, now);
      const definition = { step: stepClientInvite, deadline: clientInviteDeadline };
      this.#machine = runMachine(definition, start.state, timing);
      this.#carryOut(start.outputs, undefined, now);
    } else {
      const start = startClientNonInvite(timing, now);
      const definition = { step: stepClientNonInvite, deadline: clientNonInviteDeadline };
      this.#machine = runMachine(definition, start.state, timing);
      this.#carryOut(start.outputs, undefined, now);
    }
    this.#settle();
  }

  get stateName(): string {
    return this.#isOver ? 'terminated' : this.#machine.stateName;
  }

  receive(response: SipResponse, flow: Flow, now: Millis): void {
    this.#feed({ kind: 'response', status: response.status }, now, { response, flow });
  }

  transportError(text: string, now: Millis): void {
    this.#feed({ kind: 'transport_error' }, now, undefined, text);
  }

  /** Ends it without a word to its user, e.g. when no final response follows a CANCEL (section 9.1). */
  abandon(): void {
    this.#end();
  }

  #feed(input: ClientInput, now: Millis, arrival?: Arrival, text = ''): void {
    if (this.#isOver) return;
    const outputs = this.#machine.feed(input, now);
    // The timer is armed before the user is told, so that the user finds the transaction in its new state.
    this.#settle();
    this.#carryOut(outputs, arrival, now, text);
  }

  #carryOut(
    outputs: readonly ClientInviteOutput[],
    arrival: Arrival | undefined,
    now: Millis,
    text = '',
  ): void {
    for (const output of outputs) {
      switch (output) {
        case 'send_request':
          this.#host.transmit(this.target, this.request, this.#wasSent);
          this.#wasSent = true;
          break;
        case 'send_ack':
          if (arrival !== undefined) {
            this.#host.transmit(this.target, ackForFailure(this.request, arrival.response), false);
          }
          break;
        case 'deliver_response':
          if (arrival !== undefined) this.#user.onResponse(arrival.response, arrival.flow, now);
          break;
        case 'report_timeout':
          this.#user.onTimeout(now);
          break;
        case 'report_transport_error':
          this.#user.onTransportError(text, now);
          break;
      }
    }
  }

  #settle(): void {
    if (this.#machine.stateName === 'terminated') {
      this.#end();
      return;
    }
    this.#timer?.cancel();
    const deadline = this.#machine.deadline();
    this.#timer =
      deadline === undefined
        ? undefined
        : this.#host.timers.arm(deadline, (now) => this.#feed({ kind: 'tick' }, now));
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#onTerminated();
  }
}
