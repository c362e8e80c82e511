import { expect, test } from 'vitest';
import { lettersOf, windowOf } from './virtual.ts';

test('the rows that are seen are drawn, with a margin, whatever the place', () => {
  expect(windowOf(0, 600, 60, 50_000)).toEqual({ first: 0, end: 16 });
  expect(windowOf(6_000, 600, 60, 50_000)).toEqual({ first: 94, end: 116 });
  expect(windowOf(49_995 * 60, 600, 60, 50_000)).toEqual({ first: 49_989, end: 50_000 });
  expect(windowOf(0, 600, 60, 3)).toEqual({ first: 0, end: 3 });
  // A list that became shorter than where one had scrolled to.
  expect(windowOf(6_000, 600, 60, 2)).toEqual({ first: 0, end: 2 });
});

test('each letter leads to its first name', () => {
  expect(lettersOf(['2nd floor', 'anna', 'arno', 'ben', 'łukasz'])).toEqual([
    ['#', 0],
    ['A', 1],
    ['B', 3],
    ['Ł', 4],
  ]);
});
