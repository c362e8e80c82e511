import { climb } from './ladder.ts';
import { completed, startAgent, underLoad } from './load.ts';
import type { Load, LoadResult } from './load.ts';
import { runMeasure } from './measure.ts';
import { startSipp } from './sipp.ts';
import { row } from './statistics.ts';

/** Between two SIPps: CPU of our process per call, and the highest rate at which 99.9 % of the calls succeed. */
await runMeasure(async (effort) => {
  const { isQuick, runs, profiles } = effort;
  const load = {
    rate: 500,
    windows: runs,
    ...(isQuick ? { warmUp: 4, window: 2 } : { warmUp: 36, window: 10 }),
  };
  const measured = await underLoadWithCallee(load, profiles);
  const { highest, at800 } = await climb(effort, (rung) => underLoadWithCallee(rung));
  return [
    row('b2bua_cpu_ms_per_call', 'as B2BUA, 500 calls/s: CPU per call', 'ms', measured.cpuPerCall),
    row('b2bua_completed_percent', 'as B2BUA, 500 calls/s: completed', '%', [
      completed(measured.caller) * 100,
    ]),
    row('b2bua_completed_percent_at_800', 'as B2BUA, 800 calls/s: completed', '%', at800),
    row('b2bua_calls_per_s', 'as B2BUA: highest rate with 99.9 % completed', 'calls/s', [highest]),
  ];
});

async function underLoadWithCallee(load: Load, profiles?: string): Promise<LoadResult> {
  await using callee = await startSipp('callee', []);
  await using agent = await startAgent('b2bua', [String(callee.port)], profiles);
  return await underLoad(agent, load);
}
