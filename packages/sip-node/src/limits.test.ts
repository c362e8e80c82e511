import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LimitCounts, socketLimits } from './limits.ts';

const folder = import.meta.dirname;
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('the bounds of the sockets', () => {
  it('are counted by name, from nothing', () => {
    const counts = new LimitCounts();
    expect(Object.keys(counts.all)).toEqual([...socketLimits]);
    counts.count('connections');
    counts.count('connections', 2);
    expect(counts.all).toMatchObject({ connections: 3, lookups: 0 });
  });

  it.each(socketLimits)('%s: a test meets it', (limit) => {
    const tests = readdirSync(folder).filter(
      (name) => name.endsWith('.test.ts') && name !== 'limits.test.ts',
    );
    expect(tests.filter((name) => new RegExp(`\\b${limit}\\b`).test(read(name)))).not.toEqual([]);
  });

  it.each(socketLimits)('%s: the operator can read what it means', (limit) => {
    expect(read('../../../docs/operations.md')).toContain(`| \`${limit}\` |`);
  });
});
