import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds in which anything happens that a person would expect at once, on a busy machine. */
export const SOON = 15_000;
const LOOK_EVERY = 50;

/**
 * Looks again and again until what is seen is as it should be, and gives it. Rejects with `expected` and what was seen last
 * when it never is within `within` milliseconds.
 */
export async function until<T>(
  expected: string,
  look: () => Promise<T> | T,
  isRight: (seen: T) => boolean,
  within: number = SOON,
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) {
      return seen;
    }
    if (performance.now() > end) {
      throw new Error(`Expected ${expected} within ${within} ms; seen at last: ${JSON.stringify(seen)}`);
    }
    await delay(LOOK_EVERY);
  }
}
