import { expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import { branchWithMark, hasComeRound, loopMark, loopMarkHeader, loopMarks } from './loop.ts';
import { onward } from './onward.ts';

test('[RFC3261-16.6-3] Max-Forwards falls by one, is 70 where there is none, and ends at 0', () => {
  expect(onward(withFields(['Max-Forwards', '10']), 1)).toMatchObject({ kind: 'go', maxForwards: 9 });
  expect(onward(withFields(['Max-Forwards', '1']), 1)).toMatchObject({ kind: 'go', maxForwards: 0 });
  expect(onward(withFields(), 1)).toMatchObject({ kind: 'go', maxForwards: 69 });
  expect(onward(withFields(['Max-Forwards', '0']), 1)).toEqual({ kind: 'refuse', status: 483 });
});

test('[RFC3261-20.22] Max-Forwards above 255 counts as 255, an unreadable or doubled one as 0', () => {
  expect(onward(withFields(['Max-Forwards', '300']), 1)).toMatchObject({ maxForwards: 254 });
  for (const value of ['x', '', '-1', '99999999999']) {
    expect(onward(withFields(['Max-Forwards', value]), 1)).toEqual({ kind: 'refuse', status: 483 });
  }
  const twice = withFields(['Max-Forwards', '70'], ['Max-Forwards', '70']);
  expect(onward(twice, 1)).toEqual({ kind: 'refuse', status: 483 });
});

const shares = (value: string, branches: number) => {
  const result = onward(withFields(['Max-Breadth', value]), branches);
  return result.kind === 'go' ? result.maxBreadth : result.status;
};

test('[RFC5393-5.3.3] the breadth is shared out whole, one at least to each branch', () => {
  expect(shares('60', 1)).toEqual([60]);
  expect(shares('7', 3)).toEqual([3, 2, 2]);
  expect(shares('3', 3)).toEqual([1, 1, 1]);
  expect(shares('2', 3)).toBe(440);
  expect(shares('0', 1)).toBe(440);
  expect(shares('x', 1)).toBe(440);
  expect(shares('1000', 2)).toEqual([30, 30]);
  expect(onward(withFields(), 4)).toMatchObject({ maxBreadth: [15, 15, 15, 15] });
});

const at = (uri: string, ...fields: [string, string][]) => ({ ...withFields(...fields), uri });

test('[RFC5393-4.2] the same Request-URI is a loop, another is a spiral', () => {
  const first = at('sip:bob@PBX.example');
  const mark = loopMark('key', first);
  expect(hasComeRound(first, mark)).toBe(false);
  const back = at('sip:bob@pbx.example', [loopMarkHeader, loopMarks(first, mark)]);
  expect(loopMark('key', back)).toBe(mark);
  expect(hasComeRound(back, loopMark('key', back))).toBe(true);
  const spiral = at('sip:carol@pbx.example', [loopMarkHeader, loopMarks(first, mark)]);
  expect(hasComeRound(spiral, loopMark('key', spiral))).toBe(false);
  const third = at('sip:bob@pbx.example', [loopMarkHeader, loopMarks(spiral, loopMark('key', spiral))]);
  expect(hasComeRound(third, loopMark('key', third))).toBe(true);
});

test('[RFC5393-4.2] what decides the way is in the mark, each part by itself, and the key is', () => {
  const request = at('sip:bob@b', ['Route', '<sip:p;lr>']);
  const marks = [
    loopMark('key', request),
    loopMark('key', at('sip:bob@b')),
    loopMark('other', request),
    loopMark('key', request, ['ab', 'c']),
    loopMark('key', request, ['a', 'bc']),
    loopMark('key', at('sip:bob@b'), ['<sip:p;lr>']),
  ];
  expect(new Set(marks).size).toBe(marks.length);
});

test('[RFC5393-4.2.1] a proxy has its mark in the branch of its Via', () => {
  const mark = loopMark('key', at('sip:bob@b'));
  const branch = branchWithMark('z9hG4bKabc', mark);
  const back = at('sip:bob@b', ['Via', `SIP/2.0/UDP p2;branch=z9hG4bK1, SIP/2.0/UDP p1;branch=${branch}`]);
  expect(hasComeRound(back, mark)).toBe(true);
  const elsewhere = at('sip:bob@b', ['Via', `SIP/2.0/UDP p1;branch=z9hG4bK${mark};x=.${mark}`]);
  expect(hasComeRound(elsewhere, mark)).toBe(false);
});

test('marks are bounded, and what is none is not passed on', () => {
  const many = Array.from({ length: 100 }, (_, index) => index.toString(16).padStart(24, '0'));
  const request = at('sip:bob@b', [loopMarkHeader, ['evil', ...many].join(', ')]);
  const marks = loopMarks(request, 'f'.repeat(24)).split(', ');
  expect(marks).toHaveLength(70);
  expect(marks).not.toContain('evil');
});
