import type { Millis } from './limits.ts';

export interface Backoff {
  readonly firstMs: Millis;
  readonly mostMs: Millis;
}

export const DEFAULT_BACKOFF: Backoff = { firstMs: 1_000, mostMs: 60_000 };

/** The wait doubles with every failure; half to all of it is waited, so that nobody reconnects in step. `random` is in [0, 1). */
export function retryDelay(failures: number, random: number, backoff: Backoff = DEFAULT_BACKOFF): Millis {
  const whole = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(failures, 30));
  return Math.round(whole / 2 + (whole / 2) * random);
}
