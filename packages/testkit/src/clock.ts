import type { Timer } from '@offhook/sip';
import { TimerQueue } from '@offhook/sip';

/**
 * Time that passes only when a test says so. What is scheduled runs in order of its time, and at the same time in
 * order of scheduling; meanwhile `now` is the exact time that it was scheduled for.
 */
export class VirtualClock {
  #now: number;
  readonly #timers = new TimerQueue();
  /** Called after everything that was due at one time has run. */
  onStep: (() => void) | undefined;

  constructor(start = 0) {
    this.#now = start;
  }

  /** Milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** What is scheduled and has not run. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next of them is due. */
  get next(): number | undefined {
    return this.#timers.deadline();
  }

  /** Runs `run` at the time `at`; at the next step if that time has passed. */
  at(at: number, run: () => void): Timer {
    return this.#timers.arm(Math.max(at, this.#now), run);
  }

  after(delay: number, run: () => void): Timer {
    return this.at(this.#now + delay, run);
  }

  /** Lets `duration` milliseconds pass. */
  advance(duration: number): void {
    const until = this.#now + duration;
    for (let at = this.#timers.deadline(); at !== undefined && at <= until; at = this.#timers.deadline()) {
      this.#step(at);
    }
    this.#now = until;
  }

  /**
   * Runs until nothing is scheduled any more and gives the time that it took.
   * Throws after `limit` milliseconds: something schedules itself for ever.
   */
  runToEnd(limit: number): number {
    const start = this.#now;
    for (let at = this.#timers.deadline(); at !== undefined; at = this.#timers.deadline()) {
      if (at - start > limit) {
        throw new Error(`still ${this.pending} appointments after ${limit} ms of virtual time`);
      }
      this.#step(at);
    }
    return this.#now - start;
  }

  #step(at: number): void {
    this.#now = at;
    this.#timers.fire(at);
    this.onStep?.();
  }
}
