import { expect, test } from 'vitest';
import { numberWanted } from './find.ts';

test.each([
  ['+49 (0)89 701', '4989701'],
  ['0049-89-701', '4989701'],
  ['089 / 701', '89701'],
  ['*21#', '*21#'],
  ['0', '0'],
  ['Anna 2', undefined],
  ['+', undefined],
])('[D7] %s is looked for as %s', (typed, wanted) => {
  expect(numberWanted(typed)).toBe(wanted);
});
