import { expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import { formatRAck, parseRAck, parseRSeq, rack, rseq } from './reliable.ts';

test('[RFC3262-7.1] RSeq is 1 to 2^32 - 1', () => {
  expect(['1', '988789', '4294967295'].map(parseRSeq)).toEqual([1, 988_789, 4_294_967_295]);
  expect(['', '0', '000', '-1', '4294967296', '1 2', 'x'].map(parseRSeq)).toEqual(Array(7).fill(undefined));
  expect(rseq(withFields(['RSeq', '17']))).toBe(17);
  expect(rseq(withFields(['RSeq', '17'], ['RSeq', '17']))).toBeUndefined();
  expect(rseq(withFields())).toBeUndefined();
});

test('[RFC3262-7.2] RAck: RSeq, CSeq and method', () => {
  expect(parseRAck('776656 \t1 INVITE')).toEqual({ rseq: 776_656, cseq: 1, method: 'INVITE' });
  expect(formatRAck({ rseq: 776_656, cseq: 1, method: 'INVITE' })).toBe('776656 1 INVITE');
  expect(rack(withFields(['RAck', '1 2 INVITE']))).toEqual({ rseq: 1, cseq: 2, method: 'INVITE' });
  const one = ['RAck', '1 2 INVITE'] as const;
  expect(rack(withFields(one, one))).toBeUndefined();
});

test.each([
  '',
  '1',
  '1 2',
  '0 2 INVITE',
  '1 x INVITE',
  '1 2 IN(VITE',
  '1 2 INVITE x',
  '4294967296 1 INVITE',
  '1 4294967296 INVITE',
])('[RFC3262-7.2] RAck %j is none', (text) => {
  expect(parseRAck(text)).toBeUndefined();
  expect(rack(withFields(['RAck', text]))).toBeUndefined();
});
