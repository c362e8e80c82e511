import { startAgent, completed, underLoad } from './load.ts';
import { runMeasure } from './measure.ts';
import { row } from './statistics.ts';

/** INVITE, 200, ACK, BYE, 200 at 500 calls a second from SIPp; CPU of our process in its steady state. */
await runMeasure(async ({ isQuick, runs }) => {
  using agent = await startAgent('uas');
  const effort = isQuick ? { warmUp: 4, window: 2 } : { warmUp: 36, window: 10 };
  const { cpuPerCall, caller } = await underLoad(agent, { rate: 500, windows: runs, ...effort });
  return [
    row('uas_cpu_ms_per_call', 'as UAS, 500 calls/s: CPU per call', 'ms', cpuPerCall),
    row('uas_completed_percent', 'as UAS, 500 calls/s: completed', '%', [completed(caller) * 100]),
  ];
});
