import type { Millis } from '@offhook/sip';

/** Waits without a key, one after the other, before nobody is thought to be there. */
const WAITS = 3;

/** Waiting for a key: it is asked again after each wait, and after the third given up. */
export class Patience {
  readonly #wait: Millis;
  #until: Millis | undefined;
  #waits = 0;

  constructor(wait: Millis) {
    this.#wait = wait;
  }

  deadline(): Millis | undefined {
    return this.#until;
  }

  /** What was to be said is said. */
  wait(now: Millis): void {
    this.#until = now + this.#wait;
  }

  /** A key was pressed. */
  answered(): void {
    this.#waits = 0;
    this.#until = undefined;
  }

  tick(now: Millis): 'ask_again' | 'gone' | undefined {
    if (this.#until === undefined || now < this.#until) return undefined;
    this.#until = undefined;
    this.#waits += 1;
    return this.#waits < WAITS ? 'ask_again' : 'gone';
  }
}
