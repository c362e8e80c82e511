import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecretBox, lineContext, parseKeyFile } from './secret-box.ts';

const key = randomBytes(32);
const context = lineContext('acme', 'lin_1');

test('what was sealed opens with the same context', () => {
  const box = createSecretBox([key]);
  const sealed = box.seal('geheim-ß', context);
  expect(box.open(sealed, context)).toBe('geheim-ß');
  expect(sealed.includes('geheim')).toBe(false);
});

test('the same secret never looks the same', () => {
  const box = createSecretBox([key]);
  expect(box.seal('x', context).equals(box.seal('x', context))).toBe(false);
});

test('it does not open for another tenant or line, nor after any byte has changed', () => {
  const box = createSecretBox([key]);
  const sealed = box.seal('secret', context);
  expect(() => box.open(sealed, lineContext('other', 'lin_1'))).toThrow('authenticate');
  expect(() => box.open(sealed, lineContext('acme', 'lin_2'))).toThrow('authenticate');
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => box.open(changed, context)).toThrow(/authenticate|not at hand|not a sealed secret/u);
  }
  expect(() => box.open(sealed.subarray(0, 20), context)).toThrow('not a sealed secret');
});

test('after a rotation old secrets open and are known to be old; without the old key they do not', () => {
  const old = createSecretBox([key]).seal('secret', context);
  const next = randomBytes(32);
  const rotated = createSecretBox([next, key]);
  expect(rotated.open(old, context)).toBe('secret');
  expect(rotated.isCurrent(old)).toBe(false);
  expect(rotated.isCurrent(rotated.seal('secret', context))).toBe(true);
  expect(() => createSecretBox([next]).open(old, context)).toThrow(/key [0-9a-f]{8}/u);
});

test('a key file holds base64 keys, one a line; anything else is refused in words', () => {
  const second = randomBytes(32);
  expect(parseKeyFile(`${key.toString('base64')}\n\n${second.toString('base64')}\n`)).toEqual([key, second]);
  for (const text of ['', 'short', randomBytes(31).toString('base64')]) {
    expect(() => parseKeyFile(text)).toThrow(/32 random bytes/u);
  }
});
