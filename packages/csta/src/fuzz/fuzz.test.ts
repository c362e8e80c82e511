import { SeededRandom } from '@offhook/testkit';
import { expect, it } from 'vitest';
import { fuzz } from './run.ts';

it.each([1, 2, 3])(
  'nothing that a peer sends breaks a promise (seed %i)',
  (seed) => {
    const report = fuzz({
      seed,
      cases: 900,
      until: Infinity,
      clock: () => performance.now(),
      processorTime: () => 0,
      entropyOf: (caseSeed) => new SeededRandom(caseSeed),
    });
    expect(report.findings).toEqual([]);
    expect(report.cases).toBe(900);
    // Neither all read nor all refused: otherwise this would prove nothing.
    expect(report.read).toBeGreaterThan(25);
    expect(report.refused).toBeGreaterThan(100);
    // Computes for seconds where others compute beside it.
  },
  60_000,
);
