import { setTimeout as delay } from 'node:timers/promises';

export type RetryOptions = {
  signal: AbortSignal;
  /** A pass has ended in which the work on so many items failed, of which this is one failure. */
  onFailed: (failed: number, error: unknown) => void;
};

/** Items that are worked on at a time, and milliseconds between passes at the beginning and at the end. */
const AT_ONCE = 4;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/**
 * Do the work on every item, each on its own, and again on those where it failed until it has succeeded on all or is
 * aborted. Never rejects.
 */
export async function untilDone<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
  { signal, onFailed }: RetryOptions,
): Promise<void> {
  let left = [...items];
  for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const failed: { item: T; error: unknown }[] = [];
    const queue = left.values();
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) {
        if (signal.aborted) return;
        try {
          await work(item);
        } catch (error) {
          failed.push({ item, error });
        }
      }
    });
    await Promise.all(workers);
    const [first] = failed;
    if (first === undefined || signal.aborted) return;
    onFailed(failed.length, first.error);
    left = failed.map(({ item }) => item);
    // Jitter: nodes do not ask the database in step.
    await delay(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}
