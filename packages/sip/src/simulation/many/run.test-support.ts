import type { Violation } from './judge.test-support.ts';
import { ladder } from './ladder.test-support.ts';
import type { Feature, Profile } from './profile.test-support.ts';
import { allFeatures, profileOf } from './profile.test-support.ts';
import type { TownOptions, Trace } from './town.test-support.ts';
import { Town } from './town.test-support.ts';

export interface WorldReport {
  readonly seed: number;
  readonly profile: string;
  /** Calls that were made. */
  readonly calls: number;
  /** Calls that nobody was bound for. */
  readonly unreachable: number;
  readonly answered: number;
  readonly steps: number;
  readonly datagrams: { readonly sent: number; readonly lost: number; readonly duplicated: number };
  readonly restarts: number;
  readonly cuts: number;
  /** How often each method, status and end of a session occurred. */
  readonly seen: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

export interface WorldOptions {
  readonly seed: number;
  readonly calls: number;
  readonly profile?: Profile;
  readonly features?: readonly Feature[];
  readonly wrap?: TownOptions['wrap'];
  readonly onTrace?: TownOptions['onTrace'];
}

/** Runs one world to its end; its memory is free afterwards. */
export function runWorld(options: WorldOptions): WorldReport {
  const { seed, wrap, onTrace } = options;
  const profile = options.profile ?? profileOf(seed);
  const town = new Town({
    seed,
    profile,
    calls: options.calls,
    features: new Set(options.features ?? allFeatures),
    ...(wrap !== undefined && { wrap }),
    ...(onTrace !== undefined && { onTrace }),
  });
  town.run();
  const { sent, lost, cut, duplicated } = town.network.counts;
  const records = [...town.calls.values()];
  return {
    seed,
    profile: profile.name,
    calls: records.filter(({ isUnreachable }) => !isUnreachable).length,
    unreachable: records.filter(({ isUnreachable }) => isUnreachable).length,
    answered: records.filter(({ legs }) => legs[0]?.answeredAt !== undefined).length,
    steps: town.judge.steps,
    datagrams: { sent, lost: lost + cut, duplicated },
    ...town.disturbances,
    seen: Object.fromEntries(town.seen),
    violations: town.judge.violations,
  };
}

/** The same world once more, to write down one of its calls. */
export function traceCall(options: WorldOptions, callId: string): string {
  const traces: Trace[] = [];
  runWorld({ ...options, onTrace: (trace) => traces.push(trace) });
  return ladder(traces, callId);
}
