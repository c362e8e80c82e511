import { describe, expect, it } from 'vitest';
import { countFailure, restartDelay } from './back-off.ts';

describe('restart of a program that ended', () => {
  it('[start-restart] waits twice as long each time, up to 15 s', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => restartDelay(failures, 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('[start-restart] spreads restarts over the second half of the wait', () => {
    expect(restartDelay(3, 0)).toBe(1000);
    expect(restartDelay(3, 0.5)).toBe(1500);
  });

  it('[start-restart] forgets failures of a program that ran for half a minute', () => {
    expect(countFailure(4, 29_999)).toBe(5);
    expect(countFailure(4, 30_000)).toBe(1);
  });
});
