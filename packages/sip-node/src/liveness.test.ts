import { describe, expect, it } from 'vitest';
import { Liveness, type LivenessPolicy, type LivenessVerdict } from './liveness.ts';

const policy: LivenessPolicy = {
  pingMs: 100_000,
  pongMs: 10_000,
  expectPong: 'always',
  firstMs: 30_000,
  idleMs: 1_000_000,
};

/** Looks at each deadline until `until`; gives what was said and when. */
function watch(
  liveness: Liveness,
  until: number,
  answer?: (at: number) => void,
): [number, LivenessVerdict][] {
  const said: [number, LivenessVerdict][] = [];
  for (let at = liveness.deadline(); at <= until; at = liveness.deadline()) {
    const verdict = liveness.check(at);
    if (verdict !== 'fine') said.push([at, verdict]);
    if (verdict === 'no_pong' || verdict === 'idle' || verdict === 'silent') break;
    if (verdict === 'ping') answer?.(at + 1);
  }
  return said;
}

describe('keep-alive of a connection', () => {
  it('[RFC5626-4.4.1] pings at its interval, of which 80 to 100 % are drawn', () => {
    const soonest = new Liveness(policy, true, 0, 0);
    const latest = new Liveness(policy, true, 1, 0);
    expect(watch(soonest, 170_000, (at) => soonest.heard(true, at))).toEqual([
      [80_000, 'ping'],
      [160_000, 'ping'],
    ]);
    expect(watch(latest, 170_000, (at) => latest.heard(true, at))).toEqual([[100_000, 'ping']]);
  });

  it('[RFC5626-4.4.1] fails 10 s after a ping without an answer', () => {
    expect(watch(new Liveness(policy, true, 1, 0), 1e9)).toEqual([
      [100_000, 'ping'],
      [110_000, 'no_pong'],
    ]);
  });

  it('takes anything that is heard as a sign of life', () => {
    const liveness = new Liveness(policy, true, 1, 0);
    expect(watch(liveness, 350_000, (at) => liveness.heard(false, at))).toHaveLength(3);
  });

  it('with `once_seen` expects pongs only of a peer that has sent one', () => {
    const patient = { ...policy, expectPong: 'once_seen' } as const;
    const deaf = new Liveness(patient, true, 1, 0);
    expect(watch(deaf, 900_000).map(([, verdict]) => verdict)).toEqual(Array(9).fill('ping'));
    const tired = new Liveness(patient, true, 1, 0);
    let answers = 2;
    expect(watch(tired, 1e9, (at) => (answers-- > 0 ? tired.heard(true, at) : undefined))).toEqual([
      [100_000, 'ping'],
      [200_000, 'ping'],
      [300_000, 'ping'],
      [310_000, 'no_pong'],
    ]);
    const busy = new Liveness(patient, true, 1, 0);
    expect(watch(busy, 250_000, (at) => busy.heard(false, at)).map(([, verdict]) => verdict)).toEqual([
      'ping',
      'ping',
    ]);
  });

  it('without pings a connection is idle after its time, measured from the last octet either way', () => {
    const quiet = { ...policy, pingMs: undefined };
    const liveness = new Liveness(quiet, true, 0, 0);
    liveness.heard(false, 400_000);
    liveness.sent(500_000);
    expect(watch(liveness, 1e9)).toEqual([[1_500_000, 'idle']]);
  });

  it('who has connected to us has to speak soon, whom we have called need not', () => {
    const quiet = { ...policy, pingMs: undefined };
    expect(watch(new Liveness(quiet, false, 0, 0), 1e9)).toEqual([[30_000, 'silent']]);
    expect(watch(new Liveness(quiet, true, 0, 0), 1e9)).toEqual([[1_000_000, 'idle']]);
  });
});
