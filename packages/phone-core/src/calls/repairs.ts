import type { CallId } from '@offhook/contract';
import type { Cancel, Clock } from '../ports.ts';
import { backoffDelay } from '../realtime/backoff.ts';

const BACKOFF = { baseMs: 1_000, capMs: 10_000 } as const;

/**
 * A broken voice path, by what is done about it.
 * ```
 *  broken ─► (attach fails for now) ─► waiting ─► broken …       (attach refused for good) ─► givenUp
 * ```
 */
type Repair =
  | { readonly name: 'broken'; readonly attempt: number }
  | { readonly name: 'waiting'; readonly attempt: number; readonly cancel: Cancel }
  | { readonly name: 'givenUp' };

/** Which voice paths have to be made anew, and when the next attempt is due. */
export class Repairs {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onDue: () => void;
  readonly #byCall = new Map<CallId, Repair>();

  constructor(ports: { clock: Clock; random: () => number }, onDue: () => void) {
    this.#clock = ports.clock;
    this.#random = ports.random;
    this.#onDue = onDue;
  }

  /** Due now. A path that waits for its next attempt keeps waiting, unless `impatient`. */
  break(callId: CallId, options: { impatient?: boolean } = {}): void {
    const repair = this.#byCall.get(callId);
    if (repair?.name === 'waiting') {
      if (options.impatient !== true) return;
      repair.cancel();
    }
    const attempt = repair === undefined || repair.name === 'givenUp' ? 0 : repair.attempt;
    this.#byCall.set(callId, { name: 'broken', attempt });
  }

  /** The attempt failed in a way that may pass. */
  later(callId: CallId): void {
    const repair = this.#byCall.get(callId);
    if (repair?.name === 'waiting') return;
    const attempt = repair?.name === 'broken' ? repair.attempt : 0;
    const cancel = this.#clock.after(backoffDelay(attempt, BACKOFF, this.#random), () => {
      this.#byCall.set(callId, { name: 'broken', attempt: attempt + 1 });
      this.#onDue();
    });
    this.#byCall.set(callId, { name: 'waiting', attempt, cancel });
  }

  /** The attempt was refused: only a person or a new snapshot starts another. */
  giveUp(callId: CallId): void {
    this.end(callId);
    this.#byCall.set(callId, { name: 'givenUp' });
  }

  /** The path stands, or the call is over. */
  end(callId: CallId): void {
    const repair = this.#byCall.get(callId);
    if (repair?.name === 'waiting') repair.cancel();
    this.#byCall.delete(callId);
  }

  /** The service is back: everything is due at once. */
  retryAll(): void {
    for (const callId of this.#byCall.keys()) this.break(callId, { impatient: true });
  }

  endAll(): void {
    for (const callId of this.#byCall.keys()) this.end(callId);
  }

  isBroken(callId: CallId): boolean {
    return this.#byCall.has(callId);
  }

  mayAttach(callId: CallId): boolean {
    const repair = this.#byCall.get(callId);
    return repair === undefined || repair.name === 'broken';
  }
}
