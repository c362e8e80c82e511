export interface BackoffOptions {
  /** Milliseconds: the ceiling of the first delay. */
  readonly baseMs: number;
  /** Milliseconds: no delay is longer. */
  readonly capMs: number;
}

/**
 * Exponential back-off with full jitter: uniform between 0 and min(cap, base · 2^attempt), so that clients that lost
 * their connection together do not come back together.
 *
 * @param attempt 0 for the first delay.
 * @returns milliseconds.
 */
export function backoffDelay(attempt: number, options: BackoffOptions, random: () => number): number {
  // 2^30 · base is far beyond any cap; the bound keeps the power finite.
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30));
  return Math.floor(random() * ceiling);
}
