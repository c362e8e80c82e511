import { expect, it } from 'vitest';
import { backoffDelay } from './backoff.ts';

const options = { baseMs: 500, capMs: 30_000 };

it('[full jitter] a delay is uniform between 0 and the ceiling', () => {
  expect(backoffDelay(3, options, () => 0)).toBe(0);
  expect(backoffDelay(3, options, () => 0.5)).toBe(2_000);
  expect(backoffDelay(3, options, () => 0.999_99)).toBeLessThan(4_000);
});

it('[exponential back-off] the ceiling doubles with each attempt up to the cap', () => {
  const ceilings = [0, 1, 2, 5, 6, 7, 1_000].map((attempt) => backoffDelay(attempt, options, () => 1));
  expect(ceilings).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
});
