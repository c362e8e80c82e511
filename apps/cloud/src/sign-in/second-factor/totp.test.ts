import { expect, test } from 'vitest';
import { totpCode } from '../../testing/authenticators.ts';
import { inGroups, newTotpSecret, totpStep, totpUri } from './totp.ts';

/** `12345678901234567890`, the secret of the RFC's vectors. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const STEP = 30_000;

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])('[RFC6238-B] at %d s the code is %s', (seconds, code) => {
  expect(totpCode(secret, seconds * 1000)).toBe(code);
  expect(totpStep(secret, code, seconds * 1000, -1)).toBe(Math.floor(seconds / 30));
});

test('[RFC6238-5.2] a clock may be wrong by one step either way, and no more', () => {
  const now = 1_000_000_000_000;
  const step = Math.floor(now / STEP);
  for (const [off, found] of [
    [-2, undefined],
    [-1, step - 1],
    [0, step],
    [1, step + 1],
    [2, undefined],
  ] as const) {
    expect(totpStep(secret, totpCode(secret, now + off * STEP), now, 0)).toBe(found);
  }
});

test('[RFC6238-5.2] a step that was used, and any older one, is not accepted again', () => {
  const now = 1_000_000_000_000;
  const used = totpStep(secret, totpCode(secret, now), now, 0) ?? 0;
  expect(totpStep(secret, totpCode(secret, now), now, used)).toBeUndefined();
  expect(totpStep(secret, totpCode(secret, now - STEP), now, used)).toBeUndefined();
  expect(totpStep(secret, totpCode(secret, now + STEP), now + STEP, used)).toBe(used + 1);
});

test('codes are typed with a space or without; anything else is none', () => {
  const now = 1_000_000_000_000;
  const code = totpCode(secret, now);
  expect(totpStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, now, 0)).toBeDefined();
  for (const wrong of ['', '12345', `${code}0`, 'abcdef', '１２３４５６'])
    expect(totpStep(secret, wrong, now, 0)).toBeUndefined();
});

test('a new secret has 160 bits, and its address says whose it is', () => {
  const fresh = newTotpSecret();
  expect(fresh).toMatch(/^[A-Z2-7]{32}$/u);
  expect(newTotpSecret()).not.toBe(fresh);
  expect(totpUri(fresh, 'anna@acme.example')).toMatch(
    /^otpauth:\/\/totp\/Offhook:anna%40acme\.example\?issuer=Offhook&secret=[A-Z2-7]{32}&algorithm=SHA1&digits=6&period=30$/u,
  );
  expect(inGroups(fresh)).toMatch(/^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$/u);
});
