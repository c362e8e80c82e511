import { chosenSeeds } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { BREAKAGES, type Breakage } from './breakage.test-support.ts';
import type { Invariant } from './judge.test-support.ts';
import { PLATFORMS } from './office.test-support.ts';
import { runSequence } from './run.test-support.ts';

/*
 * More seeds, or one again: OFFHOOK_SEED=100-199 vitest run --project unit apps/connector/src/simulation/features
 * or `npm run sim:features -- --seed N --sequences N`.
 */

/** Each test runs so many sequences, whose seeds follow the one that is named. */
const BATCH = 60;

async function failures(first: number, count: number): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations, trace, kind, faults } = await runSequence({ seed });
    if (violations.length > 0) failed.push({ seed, kind, faults, violations, trace });
  }
  return failed;
}

describe('random sequences of features and faults', () => {
  test.each(chosenSeeds([1, 1_000, 20_000, 300_000]))(
    `${String(BATCH)} from seed %i keep every invariant`,
    { timeout: 120_000 },
    async (seed) => {
      expect(await failures(seed, BATCH)).toEqual([]);
    },
  );

  test.each(PLATFORMS)('without faults, on %s', { timeout: 60_000 }, async (kind) => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const { violations, trace } = await runSequence({ seed, kind, calm: true });
      expect({ seed, violations, trace: violations.length > 0 ? trace : [] }).toEqual({
        seed,
        violations: [],
        trace: [],
      });
    }
  });

  test('the same seed gives the same run', async () => {
    expect(await runSequence({ seed: 4_711 })).toEqual(await runSequence({ seed: 4_711 }));
  });
});

/** What went wrong once, and how it was called. */
const FORMER: readonly (readonly [seed: number, name: string])[] = [
  [35, 'a desk phone that answers before the INVITE has come leaves one record'],
  [72, 'a question about a call at the mobile that has no answer does not make it vanish'],
  [76, 'a restarted PBX is asked for its dialogs anew'],
  [149, 'a call that is parked among colleagues is shown to who has parked it'],
  [214, 'a call that rings is not put through in place of the one that was pulled'],
  [1_001_134, 'a call that is back from the park before the BYE of its last leg goes on'],
  [300_043, 'a call that was transferred while it rang is shown with whom the desk phone has it'],
  [1_000_906, 'a desk phone that is declined before the INVITE has come leaves one record'],
  [1_006_677, 'a call at the desk phone that is over before the INVITE has come leaves one record'],
  [1_007_842, 'a new caller is not taken for the call that is being pulled'],
  [31, 'a call that was picked up by a code bears the name of its caller'],
];

describe('seeds that failed once', () => {
  test.each(FORMER)('%i: %s', { timeout: 30_000 }, async (seed) => {
    expect(await failures(seed, 1)).toEqual([]);
  });
});

/** By which of its invariants each defect is seen. */
const CAUGHT_BY: Readonly<Record<Breakage, Invariant>> = {
  'deaf to devices': 'agree',
  'deaf to ends': 'forever',
  'ends untold': 'ended',
  'no record': 'record',
  'double records': 'record',
  'all missed': 'missed',
  'gate stands open': 'gate',
  'silent to requests': 'answer',
  'revisions go back': 'order',
  'settings stay as they were': 'settings',
  'bridge left behind': 'leak',
  'throws at a call': 'crash',
};

describe('each invariant is seen to be broken', () => {
  test.each(BREAKAGES.map((broken) => [broken, CAUGHT_BY[broken]] as const))(
    'where the office is made so: %s (%s)',
    { timeout: 60_000 },
    async (broken, invariant) => {
      const seen = new Set<Invariant>();
      for (let seed = 1; seed <= 40 && !seen.has(invariant); seed += 1) {
        const { violations } = await runSequence({ seed, kind: 'openscape-voice', broken, calm: true });
        for (const one of violations) seen.add(one.invariant);
      }
      expect([...seen]).toContain(invariant);
    },
  );
});
