import { describe, expect, test } from 'vitest';
import { backoff, LATER, SOON } from './backoff.ts';

describe('the wait before the next attempt', () => {
  test('its ceiling doubles up to the cap, and the wait is a random share of it', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 0.5, SOON))).toEqual([250, 500, 1_000, 2_000]);
    expect(backoff(50, 0.999_999, SOON)).toBe(30_000);
    expect(backoff(1_000_000, 0.5, SOON)).toBe(15_000);
  });

  test('is never nothing', () => {
    expect(backoff(0, 0, SOON)).toBe(50);
  });

  test('is long where somebody has to mend something', () => {
    expect(backoff(0, 0, LATER)).toBe(10_000);
    expect(backoff(20, 0.999_999, LATER)).toBe(300_000);
  });
});
