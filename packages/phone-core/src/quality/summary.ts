import type { QualitySummary } from '@offhook/contract';
import type { VoicePath } from '../ports.ts';
import { PACKET_MS, ratingR } from './e-model.ts';
import type { Measures } from './measures.ts';
import { LOOK_EVERY_MS, type TroubleKind, type Verdict } from './verdict.ts';

interface Tally {
  readonly sum: number;
  readonly count: number;
  readonly worst: number;
}

const tallied = ['roundTripMs', 'jitterMs', 'lossUp', 'lossDown', 'concealed'] as const;
type Tallied = (typeof tallied)[number];

/** What a call has been like until now: a few numbers, however long it lasts. */
export interface Running {
  readonly looks: number;
  readonly tallies: Readonly<Partial<Record<Tallied | 'estimate', Tally | undefined>>>;
  readonly troubles: Readonly<Partial<Record<TroubleKind, number>>>;
  readonly codec: string | undefined;
  readonly path: VoicePath | undefined;
}

export const nothingYet: Running = { looks: 0, tallies: {}, troubles: {}, codec: undefined, path: undefined };

export function estimateOf({ roundTripMs, lossDown, concealed, bufferMs, codec }: Measures) {
  const loss = lossDown === undefined ? concealed : Math.max(lossDown, concealed ?? 0);
  if (roundTripMs === undefined || loss === undefined) return undefined;
  return ratingR({ oneWayMs: roundTripMs / 2 + (bufferMs ?? 0) + PACKET_MS, loss, codec });
}

export function withLook(running: Running, measures: Measures, verdict: Verdict): Running {
  const tallies: { -readonly [Name in keyof Running['tallies']]: Tally | undefined } = { ...running.tallies };
  for (const name of tallied) tallies[name] = add(tallies[name], measures[name], Math.max);
  tallies.estimate = add(tallies.estimate, estimateOf(measures), Math.min);
  const troubles = { ...running.troubles };
  if (verdict !== 'good' && verdict !== 'unknown') troubles[verdict] = (troubles[verdict] ?? 0) + 1;
  return {
    looks: running.looks + 1,
    tallies,
    troubles,
    codec: measures.codec ?? running.codec,
    path: measures.path ?? running.path,
  };
}

function add(
  tally: Tally | undefined,
  value: number | undefined,
  worse: (a: number, b: number) => number,
): Tally | undefined {
  if (value === undefined) return tally;
  if (tally === undefined) return { sum: value, count: 1, worst: value };
  return { sum: tally.sum + value, count: tally.count + 1, worst: worse(tally.worst, value) };
}

const seconds = (looks: number): number => Math.round((looks * LOOK_EVERY_MS) / 1_000);

/** Rounded to tenths; what was never told is left out. */
export function summaryOf({ looks, tallies, troubles, codec, path }: Running): QualitySummary {
  const spreads = Object.entries(tallies).flatMap(([name, tally]) =>
    tally === undefined
      ? []
      : [[name, { mean: tenths(tally.sum / tally.count), worst: tenths(tally.worst) }]],
  );
  return {
    seconds: seconds(looks),
    ...(Object.fromEntries(spreads) as Partial<QualitySummary>),
    ...(codec === undefined ? {} : { codec: codec.slice(0, 32) }),
    ...(path === undefined ? {} : { path: { kind: path.kind, protocol: path.protocol } }),
    troubles: Object.fromEntries(Object.entries(troubles).map(([kind, count]) => [kind, seconds(count)])),
  };
}

function tenths(value: number): number {
  return Math.round(Math.min(value, 60_000) * 10) / 10;
}

/** A tenth of the time or more with a word of warning, or an estimate on average with which nearly all are dissatisfied (G.107 annex B: R below 60). */
export function wasPoor({ looks, tallies, troubles }: Running): boolean {
  const warned = Object.values(troubles).reduce((sum, count) => sum + count, 0);
  const { estimate } = tallies;
  if (warned > 0 && warned * 10 >= looks) return true;
  return estimate !== undefined && estimate.sum / estimate.count < 60;
}
