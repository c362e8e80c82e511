/** How long to wait before the next attempt: full jitter (a random share of a doubling ceiling), so that nobody comes back in step. */
export interface BackoffBounds {
  /** Ceiling of the first wait, in milliseconds. */
  readonly first: number;
  /** Ceiling of all waits. */
  readonly cap: number;
  /** No wait is shorter. */
  readonly least: number;
}

/** For a cloud that is away: it comes back any moment. */
export const SOON: BackoffBounds = { first: 500, cap: 30_000, least: 50 };
/** For a refusal that somebody has to mend: a wrong key, an old version, a second connector with the same key. */
export const LATER: BackoffBounds = { first: 30_000, cap: 300_000, least: 10_000 };

/** `attempt` counts from 0; `random` is in [0, 1). */
export function backoff(attempt: number, random: number, bounds: BackoffBounds): number {
  const ceiling = Math.min(bounds.cap, bounds.first * 2 ** Math.min(attempt, 30));
  return Math.max(bounds.least, Math.round(random * ceiling));
}
