import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LimitCounts, socketLimits } from './limits.ts';

const folder = import.meta.dirname;
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('the bounds of the links', () => {
  it('are counted by name, from nothing, with those of what goes over them', () => {
    const counts = new LimitCounts();
    counts.count('links');
    counts.count('silence_time');
    expect(counts.all).toMatchObject({ links: 1, silence_time: 1, link_queue: 0, open_requests: 0 });
  });

  it.each(socketLimits)('%s: a test meets it, and the operator can read what it means', (limit) => {
    const tests = readdirSync(folder).filter(
      (name) => name.endsWith('.test.ts') && name !== 'limits.test.ts',
    );
    expect(tests.filter((name) => new RegExp(`limits\\.${limit}\\b`).test(read(name)))).not.toEqual([]);
    expect(read('../../../docs/operations.md')).toContain(`| \`${limit}\` |`);
  });
});
