import { expect, test } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';

test('ten codes, each another', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^(?:[a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/u);
});

test('typed in capitals, without dashes or with spaces it is the same code; of another user it is another', () => {
  const code = 'abcd-efgh-jkmn-pqrs';
  for (const typed of ['ABCD-EFGH-JKMN-PQRS', 'abcdefghjkmnpqrs', ' abcd efgh jkmn pqrs '])
    expect(hashRecoveryCode('usr_1', typed)).toEqual(hashRecoveryCode('usr_1', code));
  expect(hashRecoveryCode('usr_2', code)).not.toEqual(hashRecoveryCode('usr_1', code));
});
