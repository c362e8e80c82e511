import { expect, test } from 'vitest';
import { remembering } from './remember.ts';

test('asks the parser once for each of the last few texts, and again for what it has forgotten', () => {
  const asked: string[] = [];
  const parse = remembering((text) => {
    asked.push(text);
    return text === 'bad' ? undefined : text.length;
  }, 2);
  expect(['a', 'bad', 'a', 'bad'].map(parse)).toEqual([1, undefined, 1, undefined]);
  expect(asked).toEqual(['a', 'bad']);
  expect(['three', 'bad', 'a'].map(parse)).toEqual([5, undefined, 1]);
  expect(asked).toEqual(['a', 'bad', 'three', 'a']);
});
