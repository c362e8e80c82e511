import { chosenSeeds } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { profileOf, profiles } from './many/profile.test-support.ts';
import type { WorldReport } from './many/run.test-support.ts';
import { runWorld, traceCall } from './many/run.test-support.ts';

const calls = 100;
/** The machine may be busy. */
const patience = 60_000;
const usual = Array.from({ length: 42 }, (_, index) => index);
const seeds = chosenSeeds(usual);

/** Each world is run once, whoever asks. */
const reports = new Map<number, WorldReport>();

/** Runs a world; what is wrong comes with the ladder of the first call that it happened to. */
function simulate(seed: number): WorldReport {
  const report = reports.get(seed) ?? runWorld({ seed, calls });
  reports.set(seed, report);
  const [first] = report.violations.flatMap(({ callId }) => callId ?? []);
  const ladder = first === undefined ? '' : traceCall({ seed, calls }, first);
  expect({ violations: report.violations, ladder }).toEqual({ violations: [], ladder: '' });
  return report;
}

describe.each(profiles.filter((profile) => seeds.some((seed) => profileOf(seed) === profile)))(
  'calls of three users and a registrar in a world that is $name',
  { timeout: patience },
  (profile) => {
    it.each(seeds.filter((seed) => profileOf(seed) === profile))(
      '[sim] seed %i: all that is always true is true after every step',
      (seed) => {
        const report = simulate(seed);
        expect(report.calls).toBeGreaterThan(calls / 2);
        expect(report.answered).toBeGreaterThan(calls / 8);
        expect(report.datagrams.lost > 0).toBe(profile.name !== 'perfect');
        expect(report.cuts > 0).toBe(profile.cutsPerMinute > 0);
        expect(report.restarts > 0).toBe(profile.restartsPerMinute > 0);
      },
    );
  },
);

describe('the simulation', { timeout: patience }, () => {
  it('[sim] is the same for the same seed, and another for another', () => {
    const [first, again, other] = [5, 5, 11].map((seed) => runWorld({ seed, calls: 20 }));
    expect(again).toEqual(first);
    expect(other?.datagrams).not.toEqual(first?.datagrams);
  });

  it('[sim] tries what it says that it tries', () => {
    const seen = new Set<string>();
    for (const seed of usual.slice(0, 18)) {
      for (const what of Object.keys(simulate(seed).seen)) seen.add(what);
    }
    const methods = [
      'INVITE',
      'ACK',
      'BYE',
      'CANCEL',
      'INFO',
      'PRACK',
      'UPDATE',
      'REFER',
      'NOTIFY',
      'REGISTER',
    ];
    const statuses = ['180', '183', '302', '401', '407', '481', '486', '487', '488', '491', '603'];
    const ends = [
      'local',
      'remote',
      'refused',
      'replaced',
      'no_answer',
      'no_ack',
      'transaction',
      'session_expired',
    ];
    expect([...methods, ...statuses, ...ends].filter((what) => !seen.has(what))).toEqual([]);
  });
});
