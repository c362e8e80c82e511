import type { Agent } from '../agent/agent.ts';
import type { Millis } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { rack } from '../headers/index.ts';
import { cseq } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';

/** A provisional response that is to arrive for certain, made when its turn and its RSeq come. */
export interface ReliableResponse {
  readonly make: (sequence: number) => SipResponse;
  readonly carriesDescription: boolean;
}

export interface ReliableProvisionalsOptions {
  readonly agent: Agent;
  readonly invite: SipRequest;
  readonly send: (response: SipResponse, now: Millis) => void;
  /** No PRACK for 64·T1. */
  readonly onGivenUp: (now: Millis) => void;
}

type State =
  | { readonly name: 'idle' }
  | {
      readonly name: 'waiting';
      readonly sequence: number;
      readonly response: SipResponse;
      readonly carriesDescription: boolean;
      readonly repeat: Timer;
      readonly giveUp: Timer;
    }
  /** The 2xx is out; a PRACK that crosses it still means something. */
  | { readonly name: 'answered'; readonly sequence: number }
  | { readonly name: 'stopped' };

/** Responses that may wait for the PRACK of an earlier one. */
const mostQueued = 16;

/**
 * The reliable provisional responses of one INVITE (RFC 3262 section 3): one at a time, sent again after T1, 2·T1, 4·T1, …
 * until its PRACK comes, whatever the transport.
 *
 * ```
 *   idle ──push──► waiting ──PRACK──► idle, or waiting with the next one
 *                    ├──64·T1 without one──► given up (the INVITE is answered 504)
 *                    └──2xx──► answered
 * ```
 */
export class ReliableProvisionals {
  readonly #options: ReliableProvisionalsOptions;
  readonly #queue: ReliableResponse[] = [];
  #state: State = { name: 'idle' };
  #lastSequence: number;

  constructor(options: ReliableProvisionalsOptions) {
    this.#options = options;
    // Between 1 and 2^31 - 1, with room to count.
    this.#lastSequence = options.agent.identifiers.integer(0, 0x3fff_ffff);
  }

  /** The 2xx has to wait (RFC 3262 section 3): a response with a description is not acknowledged, or still to be sent. */
  get holdsAnswer(): boolean {
    return this.waitsWithDescription || this.#queue.some(({ carriesDescription }) => carriesDescription);
  }

  /** What waits for its PRACK now carries a description. */
  get waitsWithDescription(): boolean {
    return this.#state.name === 'waiting' && this.#state.carriesDescription;
  }

  push(response: ReliableResponse, now: Millis): void {
    if (this.#queue.length >= mostQueued) {
      throw new SipUsageError('limit', 'too many provisional responses wait for their PRACK');
    }
    this.#queue.push(response);
    if (this.#state.name === 'idle') this.#sendNext(now);
  }

  /** `false`: it acknowledges nothing that waits, and is answered 481. The next response goes when it is answered. */
  acknowledges(prack: SipRequest): boolean {
    const named = rack(prack);
    const { invite } = this.#options;
    return (
      (this.#state.name === 'waiting' || this.#state.name === 'answered') &&
      named?.rseq === this.#state.sequence &&
      named.cseq === cseq(invite)?.number &&
      named.method === invite.method
    );
  }

  /** The PRACK of what waits has come. */
  onAcknowledged(now: Millis): void {
    if (this.#state.name === 'answered') this.#state = { name: 'stopped' };
    if (this.#state.name !== 'waiting') return;
    this.#cancelTimers();
    this.#state = { name: 'idle' };
    this.#sendNext(now);
  }

  /** The 2xx goes: nothing is sent again or waited for (RFC 3262 section 3). */
  onAnswered(): void {
    const { sequence } = this.#state.name === 'waiting' ? this.#state : { sequence: undefined };
    this.stop();
    if (sequence !== undefined) this.#state = { name: 'answered', sequence };
  }

  /** The INVITE has been refused. */
  stop(): void {
    this.#cancelTimers();
    this.#queue.length = 0;
    this.#state = { name: 'stopped' };
  }

  #sendNext(now: Millis): void {
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#lastSequence += 1;
    const sequence = this.#lastSequence;
    const response = next.make(sequence);
    const { agent, send, onGivenUp } = this.#options;
    const giveUp = agent.timers.arm(now + sixtyFourT1(agent.timing), (at) => {
      this.stop();
      onGivenUp(at);
    });
    const { carriesDescription } = next;
    const repeat = this.#armRepeat(agent.timing.t1, now);
    this.#state = { name: 'waiting', sequence, response, carriesDescription, repeat, giveUp };
    send(response, now);
  }

  #armRepeat(interval: Millis, now: Millis): Timer {
    return this.#options.agent.timers.arm(now + interval, (at) => {
      if (this.#state.name !== 'waiting') return;
      this.#options.send(this.#state.response, at);
      this.#state = { ...this.#state, repeat: this.#armRepeat(2 * interval, at) };
    });
  }

  #cancelTimers(): void {
    if (this.#state.name !== 'waiting') return;
    this.#state.repeat.cancel();
    this.#state.giveUp.cancel();
  }
}
