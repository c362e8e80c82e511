import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { createPasswords } from './passwords.ts';

const cheap = { memoryCost: 1_024, timeCost: 1, parallelism: 1 };

test('for an account that does not exist a hash of the same parameters is tried, and the answer is no', async () => {
  const passwords = await createPasswords(() => {});
  expect(await passwords.hash('x')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
  // Even with the words that the stand-in was made of.
  for (const stored of [undefined, null])
    expect(await passwords.verify(stored, 'an account that does not exist')).toBe(false);
});

test('a password is the same however its characters were put together, also where it was hashed as typed', async () => {
  const passwords = await createPasswords(() => {});
  const [composed, parts] = ['Grüße an Zoë', 'Gru\u0308ße an Zoe\u0308'];
  const stored = await passwords.hash(parts);
  expect(await passwords.verify(stored, composed)).toBe(true);
  expect(await passwords.verify(stored, parts)).toBe(true);
  expect(await passwords.verify(await hash(parts, cheap), parts)).toBe(true);
  expect(await passwords.verify(stored, 'Grüsse an Zoe')).toBe(false);
});
