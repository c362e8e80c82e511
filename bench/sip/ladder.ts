import { completed } from './load.ts';
import type { Load, LoadResult } from './load.ts';
import { figureOf } from './statistics.ts';

/** Calls per second that are offered one after the other, until fewer than 99.9 % of them succeed. */
const rates = [800, 1_000, 1_200, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000];
const enough = 0.999;

export interface Climb {
  /** The highest rate at which 99.9 % of the calls succeeded. */
  readonly highest: number;
  /** Per cent of the calls that succeeded at 800 calls/s, in each run. */
  readonly at800: readonly number[];
}

/** Offers more and more calls; the first rate, for which there is a target, several times. */
export async function climb(
  { isQuick, runs }: { readonly isQuick: boolean; readonly runs: number },
  underLoad: (load: Load) => Promise<LoadResult>,
): Promise<Climb> {
  const effort = { windows: 1, warmUp: 3, window: isQuick ? 4 : 10 };
  const at800: number[] = [];
  let highest = 0;
  for (const rate of isQuick ? rates.slice(0, 3) : rates) {
    const shares: number[] = [];
    for (let run = 0; run < (rate === 800 ? runs : 1); run += 1) {
      const result = await underLoad({ ...effort, rate });
      // A SIPp that could not even offer the rate has not measured it.
      const isOffered = (result.callsPerSecond[0] ?? 0) >= 0.97 * rate;
      if (rate === 800) at800.push(completed(result.caller) * 100);
      shares.push(isOffered ? completed(result.caller) : 0);
    }
    if (figureOf(shares).median < enough) break;
    highest = rate;
  }
  return { highest, at800 };
}
