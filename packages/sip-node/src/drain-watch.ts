/**
 * Whether a peer reads what it is sent: what waits for it has to leave within a time, whatever its size. Told of every
 * octet given to a connection; looks at what waits when its time is over. Pure.
 *
 * ```
 *   clear ──octets wait──► waiting ──all that waited then has left──► clear or waiting
 *                             │ time over, and some of it is still there
 *                             ▼
 *                          stalled
 * ```
 */
export class DrainWatch {
  readonly #timeMs: number;
  #given = 0;
  #waiting: { readonly given: number; readonly until: number } | undefined;

  constructor(timeMs: number) {
    this.#timeMs = timeMs;
  }

  /** @returns when to look for the first time, in the same clock as `now`; `undefined` where that is known or not needed */
  sent(octets: number, queued: number, now: number): number | undefined {
    this.#given += octets;
    return this.#waiting === undefined ? this.#wait(queued, now) : undefined;
  }

  /** @returns when to look again, `undefined` where nothing waits, or `stalled` */
  check(queued: number, now: number): number | 'stalled' | undefined {
    if (this.#waiting !== undefined) {
      if (queued > 0 && now < this.#waiting.until) return this.#waiting.until;
      if (queued > 0 && this.#given - queued < this.#waiting.given) return 'stalled';
      this.#waiting = undefined;
    }
    return this.#wait(queued, now);
  }

  #wait(queued: number, now: number): number | undefined {
    if (queued === 0) return undefined;
    this.#waiting = { given: this.#given, until: now + this.#timeMs };
    return this.#waiting.until;
  }
}
