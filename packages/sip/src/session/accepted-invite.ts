import type { Agent } from '../agent/agent.ts';
import type { Millis } from '../endpoint/api.ts';
import type { SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { doubledUpToT2, sixtyFourT1 } from '../timing/timing.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';

/**
 * A 2xx of ours on its way (RFC 3261 section 13.3.1.4): sent again after T1, 2·T1, … up to T2 whatever the
 * transport, until the ACK comes or 64·T1 have passed.
 */
export class AcceptedInvite {
  readonly #agent: Agent;
  readonly #transaction: ServerTransaction;
  readonly #response: SipResponse;
  #interval: Millis;
  #repeat: Timer;
  readonly #giveUp: Timer;

  constructor(
    agent: Agent,
    transaction: ServerTransaction,
    response: SipResponse,
    onUnacknowledged: (now: Millis) => void,
    now: Millis,
  ) {
    this.#agent = agent;
    this.#transaction = transaction;
    this.#response = response;
    this.#interval = agent.timing.t1;
    transaction.respond(response, now);
    this.#giveUp = agent.timers.arm(now + sixtyFourT1(agent.timing), (at) => {
      this.#repeat.cancel();
      onUnacknowledged(at);
    });
    this.#repeat = this.#armRepeat(now);
  }

  /** The ACK has come, or nobody cares any more. */
  stop(): void {
    this.#repeat.cancel();
    this.#giveUp.cancel();
    // The transaction stays for half a minute (timer L); whoever answered it need not.
    this.#transaction.user = {};
  }

  #armRepeat(now: Millis): Timer {
    return this.#agent.timers.arm(now + this.#interval, (at) => {
      this.#interval = doubledUpToT2(this.#interval, this.#agent.timing);
      this.#transaction.respond(this.#response, at);
      this.#repeat = this.#armRepeat(at);
    });
  }
}
