import type { EndCause } from '@offhook/contract';
import type { Clock } from '../clock.ts';

/** Milliseconds for the platform to end a leg that it has moved away. */
const LEAVING = 10_000;

interface Leaving {
  readonly cause: EndCause;
  /** Set when the platform has agreed. */
  readonly until: number | undefined;
}

/**
 * Why the end of a leg is no hanging up: the platform was asked to move its call away, and will end it like any other that is hung
 * up. That holds until the platform refuses, or for a while after it has agreed: a leg that is still there then is the
 * user's to hang up.
 */
export class LeavingLegs<Leg extends object> {
  readonly #clock: Clock;
  readonly #legs = new WeakMap<Leg, Leaving>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async during<T>(legs: readonly Leg[], cause: EndCause, ask: () => Promise<T>): Promise<T> {
    for (const leg of legs) this.#legs.set(leg, { cause, until: undefined });
    try {
      const agreed = await ask();
      const until = this.#clock.now().at + LEAVING;
      for (const leg of legs) this.#legs.set(leg, { cause, until });
      return agreed;
    } catch (error) {
      this.stay(legs);
      throw error;
    }
  }

  /** They do not leave after all. */
  stay(legs: readonly Leg[]): void {
    for (const leg of legs) this.#legs.delete(leg);
  }

  causeOf(leg: Leg, cause: EndCause): EndCause {
    const leaving = this.#legs.get(leg);
    if (cause !== 'completed' || leaving === undefined) return cause;
    const { until } = leaving;
    return until === undefined || this.#clock.now().at < until ? leaving.cause : cause;
  }
}
