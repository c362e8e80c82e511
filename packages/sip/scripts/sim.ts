import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { readOptions, refuse } from '@offhook/testkit';
import { sentenceOf } from '../src/simulation/many/invariants.test-support.ts';
import type { WorldReport } from '../src/simulation/many/run.test-support.ts';
import { runWorld, traceCall } from '../src/simulation/many/run.test-support.ts';
import { RunTotals } from '../src/simulation/many/totals.test-support.ts';

const help = `Simulates calls of three users and a registrar on bad networks, and checks after every step what is always true.

  npm run sim -- [--calls N] [--seed S] [--seconds T] [--workers W]

  --calls     how many at least; default 100,000
  --seed      of the first world; the next ones follow; default random, always printed
  --seconds   begin no world after that time
  --workers   threads; default 2

A world that fails is run again with: npm run sim -- --calls 1 --seed ITS_SEED
`;

/** Calls of one world: few enough that its memory is small, and that a failing one is soon repeated. */
const callsOfAWorld = 100;
/** Ladders that are printed; the first ones are read. */
const mostLadders = 3;

const runOne = (seed: number): WorldReport => runWorld({ seed, calls: callsOfAWorld });

/** A thread runs the worlds that it is told to, one after the other. */
function work(): void {
  parentPort?.on('message', (seed: number) => parentPort?.postMessage(runOne(seed), []));
}

function show({ seed, profile, violations }: WorldReport, withLadder: boolean): void {
  for (const { invariant, callId, text, at } of violations) {
    console.log(
      `seed ${seed} (${profile}), ${(at / 1_000).toFixed(3)} s, ${callId ?? 'no call'}: ${invariant}: ${text}`,
    );
    console.log(`  ${sentenceOf(invariant)}`);
  }
  const [first] = violations.flatMap(({ callId }) => callId ?? []);
  if (withLadder && first !== undefined) {
    console.log(`\n${first}\n${traceCall({ seed, calls: callsOfAWorld }, first)}\n`);
  }
}

/** Of all threads. */
const residentMegabytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);

interface Run {
  readonly seed: number;
  readonly calls: number;
  readonly seconds: number;
  readonly workers: number;
}

async function run({ seed: first, calls, seconds, workers }: Run): Promise<void> {
  console.log(`seed ${first}, ${calls} calls, ${workers} threads`);
  const began = performance.now();
  const totals = new RunTotals();
  let next = first;
  let shown = began;
  let failed = 0;
  const elapsed = (): number => (performance.now() - began) / 1_000;
  const isDone = (): boolean => totals.calls >= calls || elapsed() >= seconds;
  const take = (report: WorldReport): void => {
    totals.add(report);
    if (report.violations.length > 0) {
      failed += 1;
      show(report, failed <= mostLadders);
    }
    if (performance.now() - shown < 10_000) return;
    shown = performance.now();
    const rate = Math.round(totals.calls / elapsed());
    console.log(`${totals.calls} calls, ${rate}/s, ${failed} worlds failed, ${residentMegabytes()} MB`);
  };
  const oneThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
      const proceed = (): void => {
        if (isDone()) void worker.terminate().then(() => resolve());
        else {
          worker.postMessage(next, []);
          next += 1;
        }
      };
      worker.on('message', (report: WorldReport) => {
        take(report);
        proceed();
      });
      worker.on('error', reject);
      proceed();
    });
  await Promise.all(Array.from({ length: workers }, oneThread));
  const measured = { seconds: Math.round(elapsed()), residentMegabytes: residentMegabytes() };
  console.log(JSON.stringify({ seed: first, ...totals.summary(), ...measured }));
  process.exitCode = failed === 0 ? 0 : 1;
}

async function main(): Promise<void> {
  const values = readOptions(
    {
      calls: { type: 'string', default: '100000' },
      seed: { type: 'string' },
      seconds: { type: 'string' },
      workers: { type: 'string', default: '2' },
      help: { type: 'boolean', default: false },
    },
    help,
  );
  if (values.help) {
    console.log(help);
    return;
  }
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const [calls, workers] = [Number(values.calls), Number(values.workers)];
  const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
  if (![seed, calls, workers].every(Number.isSafeInteger) || Number.isNaN(seconds) || workers < 1) {
    refuse('Numbers are asked for.', help);
  }
  await run({ seed, calls, seconds, workers });
}

if (isMainThread) await main();
else work();
