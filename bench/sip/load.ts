import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentMessage, AgentReport } from './agents/report.ts';
import { onOneCore } from './core.ts';
import { startSipp } from './sipp.ts';
import type { SippResult } from './sipp.ts';

/** An agent of ours in a process of its own, on one core. */
export interface Agent extends AsyncDisposable {
  readonly port: number;
  report(): Promise<AgentReport>;
}

/** @param profiles the folder for its CPU profile, `NAME.cpuprofile`; `undefined` for none */
export async function startAgent(
  name: 'uas' | 'b2bua' | 'floor',
  args: readonly string[] = [],
  profiles?: string,
): Promise<Agent> {
  const [program, ...before] = onOneCore();
  const profiling =
    profiles === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name}.cpuprofile`];
  const child = fork(path.join(import.meta.dirname, 'agents', `${name}.ts`), args, {
    execPath: program,
    execArgv: [...before, ...profiling],
  });
  const exited = once(child, 'exit');
  const next = (): Promise<AgentMessage> =>
    new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the ${name} ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message as AgentMessage);
      });
    });
  const first = await next();
  if (first.type !== 'ready') throw new Error(`the ${name} is not ready`);
  return {
    port: first.port,
    async report() {
      if (!child.connected) throw new Error(`the ${name} is gone`);
      const answer = next();
      // What cannot be sent ends with `exit`, which `next` hears.
      child.send('report', () => undefined);
      const message = await answer;
      if (message.type !== 'report') throw new Error(`the ${name} gave no report`);
      return message.report;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      // Its profile is written at its end.
      await exited;
    },
  };
}

export interface Load {
  /** Calls per second. */
  readonly rate: number;
  /** Seconds. */
  readonly warmUp: number;
  readonly window: number;
  readonly windows: number;
}

export interface LoadResult {
  /** Milliseconds of CPU per call in each window. */
  readonly cpuPerCall: readonly number[];
  /** Calls ended per second in each window. */
  readonly callsPerSecond: readonly number[];
  readonly caller: SippResult;
  readonly last: AgentReport;
}

/** Calls an agent without a pause; reads its CPU time at the borders of the windows. */
export async function underLoad(agent: Agent, load: Load): Promise<LoadResult> {
  const seconds = load.warmUp + load.windows * load.window + 1;
  await using caller = await startSipp('caller', [
    `127.0.0.1:${agent.port}`,
    '-r',
    String(load.rate),
    '-m',
    String(Math.ceil(seconds * load.rate)),
  ]);
  await sleep(load.warmUp * 1_000);
  const reports: { readonly at: number; readonly report: AgentReport }[] = [];
  for (let index = 0; index <= load.windows; index += 1) {
    if (index > 0) await sleep(load.window * 1_000);
    reports.push({ report: await agent.report(), at: performance.now() });
  }
  const result = await caller.result;
  const windows = reports.slice(1).map(({ report, at }, index) => {
    const before = reports[index] ?? { report, at };
    const calls = report.calls - before.report.calls;
    return {
      cpuPerCall: (report.cpu - before.report.cpu) / 1_000 / calls,
      callsPerSecond: calls / ((at - before.at) / 1_000),
    };
  });
  return {
    cpuPerCall: windows.map(({ cpuPerCall }) => cpuPerCall),
    callsPerSecond: windows.map(({ callsPerSecond }) => callsPerSecond),
    caller: result,
    last: await agent.report(),
  };
}

/** The share of calls that SIPp saw through to the end. */
export function completed({ successful, failed }: SippResult): number {
  return successful / Math.max(1, successful + failed);
}
