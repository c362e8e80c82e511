import { climb } from './ladder.ts';
import { completed, startAgent, underLoad } from './load.ts';
import type { Load, LoadResult } from './load.ts';
import { runMeasure } from './measure.ts';
import { figureOf, row } from './statistics.ts';

/**
 * INVITE, 200, ACK, BYE, 200 at 500 calls a second from SIPp; CPU of our process in its steady state. Beside it a bare
 * socket that only copies lines: what the machine and Node.js take at this moment, whoever the user agent is. Then the
 * highest rate at which 99.9 % of the calls succeed.
 */
await runMeasure(async (effort) => {
  const { isQuick, runs, profiles } = effort;
  const load = { rate: 500, windows: runs, window: isQuick ? 2 : 8 };
  const floor = await loaded('floor', { ...load, warmUp: 4 });
  const uas = await loaded('uas', { ...load, warmUp: isQuick ? 4 : 36 }, profiles);
  const lowest = figureOf(floor.cpuPerCall).median;
  const { highest, at800 } = await climb(effort, (rung) => loaded('uas', rung));
  return [
    row('uas_cpu_ms_per_call', 'as UAS, 500 calls/s: CPU per call', 'ms', uas.cpuPerCall),
    row('floor_cpu_ms_per_call', 'a bare socket in its place', 'ms', floor.cpuPerCall),
    row(
      'uas_own_cpu_ms_per_call',
      'the difference',
      'ms',
      uas.cpuPerCall.map((cpu) => cpu - lowest),
    ),
    row('uas_completed_percent', 'as UAS, 500 calls/s: completed', '%', [completed(uas.caller) * 100]),
    row('uas_completed_percent_at_800', 'as UAS, 800 calls/s: completed', '%', at800),
    row('uas_calls_per_s', 'as UAS: highest rate with 99.9 % completed', 'calls/s', [highest]),
  ];
});

async function loaded(name: 'uas' | 'floor', load: Load, profiles?: string): Promise<LoadResult> {
  await using agent = await startAgent(name, [], profiles);
  return await underLoad(agent, load);
}
