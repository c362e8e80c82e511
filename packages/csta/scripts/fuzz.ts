import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readOptions, refuse, SeededRandom } from '@offhook/testkit';
import type { Finding, FuzzReport } from '../src/fuzz/run.ts';
import { fuzz } from '../src/fuzz/run.ts';

const help = `Fuzzes CSTA: broken documents, streams, and sessions with broken messages between.

  npm run fuzz:csta -- [--cases N] [--seed S] [--seconds T] [--out FOLDER]

  --cases      how many; default 1 million
  --seed       of the whole run; default random, always printed
  --seconds    stop then, however many it were
  --out        where findings are written, one file each; default .data/fuzz
`;

const values = readOptions(
  {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    out: { type: 'string', default: '.data/fuzz' },
    help: { type: 'boolean', default: false },
  },
  help,
);

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function write({ target, seed, text }: Finding): void {
  mkdirSync(values.out, { recursive: true });
  const file = path.join(values.out, `csta-${target}-${seed}.json`);
  writeFileSync(file, `${JSON.stringify({ target, seed, text }, undefined, 2)}\n`);
  console.log(`${target}, case seed ${seed}: ${text.split('\n', 1)[0]} → ${file}`);
}

function main(): void {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
  const cases = Number(values.cases);
  const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
  if (![seed, cases].every(Number.isSafeInteger) || Number.isNaN(seconds)) {
    refuse('Numbers are asked for.', help);
  }
  console.log(`seed ${seed}, ${cases} cases at most`);
  let shown = performance.now();
  const show = (report: FuzzReport): void => {
    if (performance.now() - shown < 10_000) return;
    shown = performance.now();
    const rate = Math.round(report.cases / report.seconds);
    console.log(`${report.cases} cases, ${rate}/s, slowest ${report.slowest.toFixed(1)} ms`);
  };
  const report = fuzz({
    seed,
    cases,
    until: performance.now() + seconds * 1_000,
    clock: () => performance.now(),
    processorTime,
    entropyOf: (caseSeed) => new SeededRandom(caseSeed),
    onProgress: show,
  });
  report.findings.forEach(write);
  console.log(JSON.stringify({ ...report, findings: report.findings.length }));
  process.exitCode = report.findings.length === 0 ? 0 : 1;
}

if (values.help) console.log(help);
else main();
