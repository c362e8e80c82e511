import { completed, startAgent, underLoad } from './load.ts';
import type { Load } from './load.ts';
import { runMeasure } from './measure.ts';
import { startSipp } from './sipp.ts';
import { row } from './statistics.ts';

/** Calls per second that are offered one after the other, until fewer than 99.9 % of them succeed. */
const ladder = [800, 1_000, 1_200, 1_500, 2_000, 2_500, 3_000];
const enough = 0.999;

/** Between two SIPps: CPU of our process per call, and the highest rate at which 99.9 % of the calls succeed. */
await runMeasure(async ({ isQuick, runs }) => {
  const measured = await underLoadWithCallee({
    rate: 500,
    windows: runs,
    ...(isQuick ? { warmUp: 4, window: 2 } : { warmUp: 36, window: 10 }),
  });
  const at800: number[] = [];
  let highest = 0;
  for (const rate of isQuick ? ladder.slice(0, 3) : ladder) {
    const effort = { rate, windows: 1, warmUp: 4, window: isQuick ? 4 : 16 };
    const result = await underLoadWithCallee(effort);
    const share = completed(result.caller);
    if (rate === 800) at800.push(share * 100);
    // A SIPp that could not even offer the rate has not measured it.
    if (share < enough || (result.callsPerSecond[0] ?? 0) < 0.97 * rate) break;
    highest = rate;
  }
  return [
    row('b2bua_cpu_ms_per_call', 'as B2BUA, 500 calls/s: CPU per call', 'ms', measured.cpuPerCall),
    row('b2bua_completed_percent', 'as B2BUA, 500 calls/s: completed', '%', [
      completed(measured.caller) * 100,
    ]),
    row('b2bua_completed_percent_at_800', 'as B2BUA, 800 calls/s: completed', '%', at800),
    row('b2bua_calls_per_s', 'as B2BUA: highest rate with 99.9 % completed', 'calls/s', [highest]),
  ];
});

async function underLoadWithCallee(load: Load) {
  await using callee = await startSipp('callee', []);
  using agent = await startAgent('b2bua', [String(callee.port)]);
  return await underLoad(agent, load);
}
