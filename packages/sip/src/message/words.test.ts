import { expect, test } from 'vitest';
import { canonicalNameAt } from './names.ts';
import { Words } from './words.ts';

const words = new Words([
  ['Via', 'via'],
  ['via', 'via'],
  ['v', 'via'],
  ['tag', 'tag'],
  ['tap', 'tap'],
]);

test.each([
  ['Via: x', 0, 3, 'via'],
  ['Via: x', 0, 2, undefined],
  ['VIA: x', 0, 3, undefined],
  [';tag=1', 1, 4, 'tag'],
  [';tap=1', 1, 4, 'tap'],
  [';tar=1', 1, 4, undefined],
  ['v', 0, 1, 'via'],
  ['v', 1, 1, undefined],
  ['', 0, 0, undefined],
])('what %j spells from %i to %i', (text, from, to, word) => {
  expect(words.find(text, from, to)).toBe(word);
});

test.each(['Via', 'via', 'VIA', 'v', 'V', 'CALL-ID', 'X-Own', '\u00ffbc'])(
  '%s is found in a text as by itself',
  (name) => {
    const canonical: Record<string, string> = { v: 'via', V: 'via' };
    expect(canonicalNameAt(`..${name}: x`, 2, 2 + name.length)).toBe(canonical[name] ?? name.toLowerCase());
  },
);
