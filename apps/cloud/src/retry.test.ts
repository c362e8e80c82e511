import { expect, test, vi } from 'vitest';
import { untilDone } from './retry.ts';

const calm = () => ({ signal: new AbortController().signal, onFailed: vi.fn() });

// The fake clock does not know node:timers/promises: a delay is over at once here.
vi.mock('node:timers/promises', () => ({
  setTimeout: async (_ms: number, _value: unknown, { signal }: { signal: AbortSignal }) =>
    signal.throwIfAborted(),
}));

test('an item that fails holds nobody up, and is tried again until it succeeds; the others are not', async () => {
  const tries: Record<string, number> = {};
  const options = calm();
  await untilDone(
    ['a', 'b', 'c', 'd', 'e', 'f'],
    async (item) => {
      tries[item] = (tries[item] ?? 0) + 1;
      if (item === 'b' && tries[item] < 4) throw new Error('away');
    },
    options,
  );
  expect(tries).toEqual({ a: 1, b: 4, c: 1, d: 1, e: 1, f: 1 });
  expect(options.onFailed.mock.calls.map(([failed]) => failed as number)).toEqual([1, 1, 1]);
});

test('it ends when it is aborted, also while everything fails', async () => {
  const stop = new AbortController();
  let passes = 0;
  await untilDone([1], () => Promise.reject(new Error('away')), {
    signal: stop.signal,
    onFailed: () => {
      passes += 1;
      if (passes === 5) stop.abort();
    },
  });
  expect(passes).toBe(5);
});

test('no more than a few items are worked on at a time', async () => {
  let now = 0;
  let most = 0;
  await untilDone(
    Array.from({ length: 50 }, (_, index) => index),
    async () => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
    },
    calm(),
  );
  expect(most).toBe(4);
});
