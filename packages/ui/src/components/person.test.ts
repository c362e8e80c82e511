import { expect, it } from 'vitest';
import { initials, tintOf, TINTS } from './person.ts';

it.each([
  ['Anna Berger', 'AB'],
  ['Anna Maria van der Berg', 'AB'],
  ['Reception', 'R'],
  ['émile zola', 'ÉZ'],
  ['  ', ''],
  ['101', ''],
])('initials of “%s” are “%s”', (name, expected) => {
  expect(initials(name)).toBe(expected);
});

it('a person keeps a tint, and it is one that exists', () => {
  expect(tintOf('Anna Berger')).toBe(tintOf('Anna Berger'));
  for (const who of ['', 'Ben', '+49 89 1234', '王小明']) {
    expect(tintOf(who)).toBeGreaterThanOrEqual(0);
    expect(tintOf(who)).toBeLessThan(TINTS);
  }
});
