import { parseMessage } from '@offhook/sip';
import { expect, test } from 'vitest';
import { inviteOfCall, typicalInvite } from './invite.ts';
import { readStatistics } from './sipp.ts';
import { figureOf } from './statistics.ts';

test('a figure is the median with the spread', () => {
  expect(figureOf([3, 1, 10, 2, 2])).toEqual({ median: 2, least: 1, most: 10 });
  expect(() => figureOf([])).toThrow('nothing was measured');
});

test('the last line of what SIPp writes counts, by the names of its columns', () => {
  const heading =
    'StartTime;CallRate(P);CallRate(C);SuccessfulCall(P);SuccessfulCall(C);FailedCall(C);Retransmissions(C);';
  const csv = `${heading}\nx;0;1;5;5;0;0;\ny;500;499.5;100;105;2;7;\n`;
  expect(readStatistics(csv)).toEqual({ successful: 105, failed: 2, retransmissions: 7, rate: 499.5 });
});

test('every INVITE of the bench is one, has the same length, and is of another call', () => {
  const calls = [0, 7, 255].map((call) => parseMessage(inviteOfCall(call)));
  for (const call of calls) expect(call).toMatchObject({ kind: 'request', method: 'INVITE' });
  expect(new Set(calls.map((call) => JSON.stringify(call))).size).toBe(3);
  for (const call of [0, 7, 255]) expect(inviteOfCall(call)).toHaveLength(typicalInvite.length);
});
