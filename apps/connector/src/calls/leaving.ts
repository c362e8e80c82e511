import type { EndCause } from '@offhook/contract';
import type { Clock } from '../clock.ts';

/** Milliseconds for the platform to end a leg that it has moved away. */
const LEAVING = 10_000;

interface Leaving<Leg> {
  readonly cause: EndCause;
  /** These stay once this one has gone. */
  readonly instead: readonly Leg[];
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
  readonly #legs = new WeakMap<Leg, Leaving<Leg>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param how `one`: only the first of them that ends has left; when two calls become one, it is the platform that chooses */
  async during<T>(
    legs: readonly Leg[],
    cause: EndCause,
    ask: () => Promise<T>,
    how: 'all' | 'one' = 'all',
  ): Promise<T> {
    const note = (leg: Leg, until: number | undefined): void => {
      const instead = how === 'one' ? legs.filter((other) => other !== leg) : [];
      this.#legs.set(leg, { cause, instead, until });
    };
    for (const leg of legs) note(leg, undefined);
    try {
      const agreed = await ask();
      const until = this.#clock.now().at + LEAVING;
      // One that has gone meanwhile has settled it for the others.
      for (const leg of legs) if (this.#legs.has(leg)) note(leg, until);
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

  /** To be asked once, at the leg's end. */
  causeOf(leg: Leg, cause: EndCause): EndCause {
    const leaving = this.#legs.get(leg);
    if (leaving === undefined) return cause;
    // By SIP everything that leaves is a transfer; what it was for is known here.
    if (cause !== 'completed' && cause !== 'transferred') return cause;
    const { until, instead } = leaving;
    if (until !== undefined && this.#clock.now().at >= until) return cause;
    this.stay(instead);
    return leaving.cause;
  }
}
