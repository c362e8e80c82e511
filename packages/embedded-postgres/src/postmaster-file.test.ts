import { expect, test } from 'vitest';
import { parsePostmasterFile } from './postmaster-file.ts';

test('a postmaster.pid of a serving postmaster says where it serves', () => {
  const text = '4711\n/data/cluster\n1795410000\n5432\n/data\n\n  12345 6\nready   \n';
  expect(parsePostmasterFile(text)).toEqual({ pid: 4711, port: 5432, socketDir: '/data', ready: true });
});

test('one that is still starting is not ready', () => {
  expect(parsePostmasterFile('4711\n/data\n1\n5432\n/data\n\n1 2\nstarting\n')?.ready).toBe(false);
  expect(parsePostmasterFile('4711\n')?.ready).toBe(false);
});

test.each(['', '\n', 'x\n', '0\n', '-5\n', '1\n', '1.5\n'])('no postmaster is read out of %j', (text) => {
  expect(parsePostmasterFile(text)).toBeUndefined();
});
