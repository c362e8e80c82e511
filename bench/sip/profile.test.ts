import { expect, test } from 'vitest';
import { hottest } from './profile.ts';

const frame = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

test('the functions with most time of their own come first, by their part of what was not idle', () => {
  const profile = {
    nodes: [
      frame(1, '(idle)'),
      frame(2, 'parse', 'file:///x/src/message/parse.ts', 9),
      frame(3, '(garbage collector)'),
      // The same function under another caller.
      frame(4, 'parse', 'file:///x/src/message/parse.ts', 9),
      frame(5, '', 'node:dgram', 4),
    ],
    samples: [1, 2, 3, 4, 5],
    timeDeltas: [1_000, 30, 20, 40, 10],
  };
  expect(hottest(profile, 2)).toEqual([
    { name: 'parse message/parse.ts:10', share: 0.7 },
    { name: '(garbage collector)', share: 0.2 },
  ]);
  expect(hottest(profile, 9)[2]?.name).toBe('(anonymous) node:dgram:5');
});
