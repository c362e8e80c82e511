import { OffhookError } from '@offhook/contract';
import { expect, test } from 'vitest';
import { guessBits, requireStrongPassword } from './password-policy.ts';

const anna = { email: 'anna.berger@muster-bau.example', name: 'Anna Berger', tenantName: 'Muster Bau AG' };
const isRefused = (password: string): boolean => {
  try {
    requireStrongPassword(password, anna);
    return false;
  } catch (error) {
    return error instanceof OffhookError && error.code === 'password_weak';
  }
};

test.each([
  ['shorter than 12 characters', 'k7#Qv2!pLx9'],
  ['shorter than 12 once it is normalised', 'ﬀ'.repeat(2) + 'x7#Qv2'],
  ['common', 'password1234'],
  ['common with decoration', 'Passw0rd!2024'],
  ['one common word twice', 'trustno1trustno1'],
  ['one character', 'aaaaaaaaaaaaaaaa'],
  ['two characters in turn', 'abababababababab'],
  ['a row of the keyboard', 'qwertzuiopüasdfghjkl'],
  ['an alphabet and digits', 'abcdefghijkl123456'],
  ['slanted rows', '1qaz2wsx3edc4rfv'],
  ['the own name and a year', 'Anna-Berger-2026'],
  ['the own address', 'anna.berger@muster-bau.example'],
  ['the company and digits', 'musterbau2026!'],
  ['the product', 'offhookoffhook1'],
])('refused: %s', (_why, password) => {
  expect(isRefused(password)).toBe(true);
});

test.each([
  'correct horse battery staple',
  'k7#Qv2!pLx9w',
  'Vier Wörter, die nicht passen',
  'gfh vne wpo qmz',
  '密码学是一门非常有意思的学问',
  'x'.repeat(10) + ' zebra kiosk volcano plinth',
])('taken: %s', (password) => {
  expect(isRefused(password)).toBe(false);
});

test('the longest password is looked at in time', () => {
  const begun = performance.now();
  guessBits('aB3$'.repeat(64), anna);
  guessBits('abacus1!'.repeat(32), anna);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
