import { randomBytes } from 'node:crypto';
import type { RandomBytes } from '@offhook/sip';

const POOL_BYTES = 4_096;

/**
 * The system's random octets, fetched some thousand at once: a call takes a dozen identifiers, and each question costs more
 * than its octets. What was given out is never given out again.
 */
export function pooledRandom(fetch: RandomBytes = randomBytes): RandomBytes {
  let pool = new Uint8Array(0);
  return (length) => {
    if (length > POOL_BYTES / 16) return fetch(length);
    if (length > pool.length) pool = new Uint8Array(fetch(POOL_BYTES));
    const taken = pool.slice(0, length);
    // The rest of the pool is what nobody has seen.
    pool = pool.subarray(length);
    return taken;
  };
}
