/** Times in milliseconds. */
export interface BindingTimes {
  /** Before the first repetition; doubled with each. RFC 8489 section 6.2.1: 500 where nothing is known. */
  readonly rtoMs: number;
  /** Requests in all. */
  readonly requests: number;
  /** After the last one, so many times `rtoMs`. */
  readonly lastWait: number;
}

/** 500 ms, 1 s, 2 s, … 16 s, and 8 s more: given up after 39.5 s. */
export const defaultBindingTimes: BindingTimes = { rtoMs: 500, requests: 7, lastWait: 16 };

/**
 * One Binding request over UDP until it is answered (RFC 8489 section 6.2.1). Pure.
 *
 * ```
 *   asking ──rto, 2·rto, 4·rto, …: once more──► asking ──after the last: lastWait·rto──► unanswered
 * ```
 */
export class BindingCheck {
  readonly #times: BindingTimes;
  #sent = 1;
  #nextAt: number;

  /** The first request is sent now. */
  constructor(times: BindingTimes, now: number) {
    this.#times = times;
    this.#nextAt = now + this.#waitAfter(1);
  }

  deadline(): number {
    return this.#nextAt;
  }

  /** `again`: the same request is to be sent once more. */
  check(now: number): 'waiting' | 'again' | 'unanswered' {
    if (now < this.#nextAt) return 'waiting';
    if (this.#sent >= this.#times.requests) return 'unanswered';
    this.#sent += 1;
    this.#nextAt = now + this.#waitAfter(this.#sent);
    return 'again';
  }

  #waitAfter(sent: number): number {
    const { rtoMs, requests, lastWait } = this.#times;
    return sent >= requests ? lastWait * rtoMs : rtoMs * 2 ** (sent - 1);
  }
}
