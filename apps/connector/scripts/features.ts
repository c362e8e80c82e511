import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { readOptions, refuse } from '@offhook/testkit';
import { INVARIANTS } from '../src/simulation/features/judge.test-support.ts';
import { PLATFORMS } from '../src/simulation/features/office.test-support.ts';
import { runSequence, type Report } from '../src/simulation/features/run.test-support.ts';

const help = `Random sequences of features in a simulated office, with faults, and what must be true afterwards.

  npm run sim:features -- [--sequences N] [--seed S] [--platform KIND] [--workers W] [--trace]

  --sequences  how many; default 10,000
  --seed       of the first sequence; the next ones follow; default random, always printed
  --platform   ${PLATFORMS.join(', ')}; default: drawn from the seed
  --workers    threads; default 2
  --trace      prints what was done in each sequence that fails

A sequence that fails is run again with: npm run sim:features -- --sequences 1 --trace --seed ITS_SEED
`;

/** Failed sequences whose course is printed. */
const MOST_TRACES = 5;

interface Task {
  readonly seed: number;
  readonly platform: string | undefined;
}

const run = ({ seed, platform }: Task): Promise<Report> =>
  runSequence({ seed, kind: PLATFORMS.find((kind) => kind === platform) });

function work(): void {
  parentPort?.on('message', (task: Task) => {
    void run(task).then((report) => parentPort?.postMessage(report, []));
  });
}

class Totals {
  readonly counts = new Map<string, number>();
  readonly byInvariant = new Map<string, number>();
  readonly failed: Report[] = [];
  sequences = 0;
  calls = 0;

  add(report: Report): void {
    this.sequences += 1;
    this.calls += report.calls;
    this.#count(`platform: ${report.kind}`, 1);
    for (const [name, count] of Object.entries(report.counts)) this.#count(name, count);
    if (report.violations.length === 0) return;
    this.failed.push(report);
    for (const invariant of new Set(report.violations.map((one) => one.invariant))) {
      this.byInvariant.set(invariant, (this.byInvariant.get(invariant) ?? 0) + 1);
    }
  }

  #count(name: string, count: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  table(): string {
    const rows = [...this.counts].toSorted(([left], [right]) => left.localeCompare(right));
    return rows.map(([name, count]) => `${String(count).padStart(9)}  ${name}`).join('\n');
  }

  violations(): string {
    return Object.entries(INVARIANTS)
      .map(
        ([name, sentence]) => `${String(this.byInvariant.get(name) ?? 0).padStart(9)}  ${name}: ${sentence}`,
      )
      .join('\n');
  }
}

async function main(): Promise<void> {
  const values = readOptions(
    {
      sequences: { type: 'string', default: '10000' },
      seed: { type: 'string' },
      platform: { type: 'string' },
      workers: { type: 'string', default: '2' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    help,
  );
  if (values.help) {
    console.log(help);
    return;
  }
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const [sequences, workers] = [Number(values.sequences), Number(values.workers)];
  if (![seed, sequences, workers].every(Number.isSafeInteger) || workers < 1)
    refuse('Numbers are asked for.', help);
  const { platform } = values;
  if (platform !== undefined && !PLATFORMS.some((kind) => kind === platform))
    refuse('No such platform.', help);
  console.log(`seed ${seed}, ${sequences} sequences, ${workers} threads`);
  const began = performance.now();
  const totals = new Totals();
  let next = seed;
  let shown = began;
  const isDone = (): boolean => next >= seed + sequences;
  const take = (report: Report): void => {
    totals.add(report);
    if (report.violations.length > 0) {
      const { kind, faults, violations } = report;
      console.log(JSON.stringify({ seed: report.seed, kind, faults, violations }));
      if (values.trace && totals.failed.length <= MOST_TRACES) console.log(report.trace.join('\n'));
    }
    if (performance.now() - shown < 10_000) return;
    shown = performance.now();
    console.log(`${totals.sequences} sequences, ${totals.failed.length} failed`);
  };
  const oneThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
      const proceed = (): void => {
        if (isDone()) void worker.terminate().then(() => resolve());
        else {
          worker.postMessage({ seed: next, platform } satisfies Task, []);
          next += 1;
        }
      };
      worker.on('message', (report: Report) => {
        take(report);
        proceed();
      });
      worker.on('error', reject);
      proceed();
    });
  await Promise.all(Array.from({ length: Math.min(workers, sequences) }, oneThread));
  console.log(`\n${totals.table()}\n\nsequences that violate\n${totals.violations()}\n`);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const { length: failed } = totals.failed;
  console.log(JSON.stringify({ seed, sequences: totals.sequences, calls: totals.calls, failed, seconds }));
  process.exitCode = failed === 0 ? 0 : 1;
}

if (isMainThread) await main();
else work();
