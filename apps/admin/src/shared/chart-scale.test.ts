import { expect, it } from 'vitest';
import { labelledIndexes, ticksUpTo } from './chart-scale.ts';

it.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [100, [0, 25, 50, 75, 100]],
  [48_310, [0, 20_000, 40_000, 60_000]],
])('the axis up to %i has round steps', (most, ticks) => {
  expect(ticksUpTo(most)).toEqual(ticks);
});

it('the newest value is always labelled, and not more than fit', () => {
  expect(labelledIndexes(48, 6)).toEqual([7, 15, 23, 31, 39, 47]);
  expect(labelledIndexes(3, 6)).toEqual([0, 1, 2]);
  expect(labelledIndexes(0, 6)).toEqual([]);
});
