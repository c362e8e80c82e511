/** Waits between restarts, in milliseconds. */
const FIRST = 500;
const LONGEST = 15_000;
/** A program that ran this long is healthy: the next failure counts as the first. */
const HEALTHY = 30_000;

/**
 * Pure: how long to wait before restart number `failures` (from 1), with `chance` in [0, 1): doubling, between half and the
 * whole of it, so that programs that fell together do not come back in step.
 */
export function restartDelay(failures: number, chance: number): number {
  const whole = Math.min(LONGEST, FIRST * 2 ** (failures - 1));
  return whole * (0.5 + chance / 2);
}

/** Pure: the count of failures in a row after one more, which came after `uptime` milliseconds. */
export function countFailure(failures: number, uptime: number): number {
  return uptime >= HEALTHY ? 1 : failures + 1;
}
