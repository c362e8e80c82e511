import type { Flow, Millis, Target } from '../endpoint/api.ts';
import { encode } from '../message/serialise.ts';
import type { WireMessage } from '../message/serialise.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { TransactionTiming } from '../timing/timing.ts';
import type { ClientInviteOutput } from './client-invite.ts';
import { clientInviteDeadline, startClientInvite, stepClientInvite } from './client-invite.ts';
import { clientNonInviteDeadline, startClientNonInvite, stepClientNonInvite } from './client-non-invite.ts';
import { ackForFailure } from './derived-requests.ts';
import type { TransactionHost } from './host.ts';
import { sentBy } from './key.ts';
import type { SentBy } from './key.ts';
import type { ClientInput, Machine } from './machine.ts';
import { runMachine } from './machine.ts';

/** Whoever sent the request. Of an INVITE `onResponse` may see several 2xx (forks and retransmissions). */
export interface ClientTransactionUser {
  onResponse(response: SipResponse, flow: Flow, now: Millis): void;
  onTimeout(now: Millis): void;
  onTransportError(text: string, now: Millis): void;
}

/**
 * A client transaction in the hands of its user. The table of transactions holds the engine alone, which needs the request
 * no longer than it may have to be sent again.
 */
export class ClientTransaction {
  readonly request: SipRequest;
  readonly #engine: ClientEngine;

  constructor(request: SipRequest, engine: ClientEngine) {
    this.request = request;
    this.#engine = engine;
  }

  get target(): Target {
    return this.#engine.target;
  }

  get stateName(): string {
    return this.#engine.stateName;
  }

  /** Ends it without a word to its user, e.g. when no final response follows a CANCEL (section 9.1). */
  abandon(): void {
    this.#engine.abandon();
  }
}

const inviteMachine = { step: stepClientInvite, deadline: clientInviteDeadline };
const nonInviteMachine = { step: stepClientNonInvite, deadline: clientNonInviteDeadline };

interface Arrival {
  readonly response: SipResponse;
  readonly flow: Flow;
}

/**
 * One of the two client machines with its timer: what the table of transactions holds. It lets go of the request's text when
 * nothing is sent again, and of its user when there is nothing left to tell.
 */
export class ClientEngine {
  readonly key: string;
  readonly target: Target;
  readonly #host: TransactionHost;
  readonly #onTerminated: (engine: ClientEngine) => void;
  readonly #machine: Machine<ClientInput, ClientInviteOutput>;
  readonly #sentBy: SentBy | undefined;
  #user: ClientTransactionUser | undefined;
  /** An INVITE that may be refused: its ACK is made of it. */
  #invite: SipRequest | undefined;
  /** While it may have to be sent again. */
  #wire: WireMessage | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(
    host: TransactionHost,
    timing: TransactionTiming,
    key: string,
    request: SipRequest,
    target: Target,
    user: ClientTransactionUser,
    onTerminated: (engine: ClientEngine) => void,
    now: Millis,
  ) {
    this.key = key;
    this.target = target;
    this.#host = host;
    this.#sentBy = sentBy(request);
    this.#user = user;
    this.#onTerminated = onTerminated;
    this.#wire = encode(request);
    const isInvite = request.method === 'INVITE';
    if (isInvite) this.#invite = request;
    // Both begin with `send_request`.
    this.#machine = isInvite
      ? runMachine(inviteMachine, startClientInvite(timing, now).state, timing)
      : runMachine(nonInviteMachine, startClientNonInvite(timing, now).state, timing);
    host.transmit(target, this.#wire, false);
    this.#settle();
  }

  get stateName(): string {
    return this.#isOver ? 'terminated' : this.#machine.stateName;
  }

  /** A response whose topmost Via has another sent-by is not meant for us (section 18.1.2). */
  isAnsweredBy(response: SipResponse): boolean {
    const by = sentBy(response);
    return by?.host === this.#sentBy?.host && by?.port === this.#sentBy?.port;
  }

  receive(response: SipResponse, flow: Flow, now: Millis): void {
    this.#feed({ kind: 'response', status: response.status }, now, { response, flow });
  }

  transportError(text: string, now: Millis): void {
    this.#feed({ kind: 'transport_error' }, now, undefined, text);
  }

  abandon(): void {
    this.#end();
  }

  #feed(input: ClientInput, now: Millis, arrival?: Arrival, text = ''): void {
    if (this.#isOver) return;
    const user = this.#user;
    const outputs = this.#machine.feed(input, now);
    // The timer is armed before the user is told, so that the user finds the transaction in its new state.
    this.#settle();
    for (const output of outputs) {
      switch (output) {
        case 'send_request':
          if (this.#wire !== undefined) this.#host.transmit(this.target, this.#wire, true);
          break;
        case 'send_ack':
          if (arrival !== undefined) this.#acknowledge(arrival.response);
          break;
        case 'deliver_response':
          if (arrival !== undefined) user?.onResponse(arrival.response, arrival.flow, now);
          break;
        case 'report_timeout':
          user?.onTimeout(now);
          break;
        case 'report_transport_error':
          user?.onTransportError(text, now);
          break;
      }
    }
  }

  #acknowledge(failure: SipResponse): void {
    if (this.#invite === undefined) return;
    this.#host.transmit(this.target, encode(ackForFailure(this.#invite, failure)), false);
  }

  #settle(): void {
    const { stateName } = this.#machine;
    if (stateName === 'terminated') {
      this.#end();
      return;
    }
    this.#letGo(stateName);
    this.#timer = this.#host.timers.rearm(this.#timer, this.#machine.deadline(), this.#tick);
  }

  /** What the state has no use for; the table keeps the rest for up to half a minute. */
  #letGo(stateName: string): void {
    const isInvite = this.#invite !== undefined;
    if (stateName === 'completed' || stateName === 'accepted') this.#wire = undefined;
    if (stateName === 'proceeding' && isInvite) this.#wire = undefined;
    if (stateName === 'accepted') this.#invite = undefined;
    if (stateName === 'completed' && !isInvite) this.#user = undefined;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#onTerminated(this);
  }

  readonly #tick = (now: Millis): void => this.#feed({ kind: 'tick' }, now);
}
