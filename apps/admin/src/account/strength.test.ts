import { expect, it } from 'vitest';
import { strengthOf } from './strength.ts';

it.each([
  ['', 'short'],
  ['elevenchars', 'short'],
  ['aaaaaaaaaaaaaaaa', 'weak'],
  ['123456789012', 'weak'],
  ['abcdefghijklmnop', 'weak'],
  ['anna.berger.berger', 'weak'],
  ['passwordpassword', 'weak'],
  ['tree lamp seven', 'fair'],
  ['tree lamp seven ocean window', 'strong'],
  ['x8#Kq2!vZp9$Lm', 'strong'],
] as const)('“%s” looks %s', (password, strength) => {
  expect(strengthOf(password, ['anna@berger.example'])).toBe(strength);
});
