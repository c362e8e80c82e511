import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readOptions, refuse, SeededRandom } from '@offhook/testkit';
import { processorTime, productSdp, readCorpus } from '../src/fuzz/corpus.test-support.ts';
import type { Finding, FuzzReport } from '../src/fuzz/run.ts';
import { fuzz } from '../src/fuzz/run.ts';

const help = `Fuzzes the SIP stack: messages by the grammar, broken ones, mutated ones, streams, and endpoints in the middle of calls.

  npm run fuzz:sip -- [--messages N] [--seed S] [--seconds T] [--out FOLDER]

  --messages   how many; default 10 million
  --seed       of the whole run; default random, always printed
  --seconds    stop then, however many it were
  --out        where findings are written, one file each; default .data/fuzz
`;

const values = readOptions(
  {
    messages: { type: 'string', default: '10000000' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    out: { type: 'string', default: '.data/fuzz' },
    help: { type: 'boolean', default: false },
  },
  help,
);

function heldBytes(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function write({ target, seed, text, input }: Finding): void {
  mkdirSync(values.out, { recursive: true });
  const file = path.join(values.out, `${target}-${seed}.json`);
  writeFileSync(file, `${JSON.stringify({ target, seed, text, input }, undefined, 2)}\n`);
  console.log(`${target}, case seed ${seed}: ${text.split('\n', 1)[0]} → ${file}`);
}

function main(): void {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
  const messages = Number(values.messages);
  const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
  if (![seed, messages].every(Number.isSafeInteger) || Number.isNaN(seconds)) {
    refuse('Numbers are asked for.', help);
  }
  const corpus = readCorpus();
  const few = corpus.length < 10 ? ' (more where the conformance vectors are)' : '';
  const end = seconds === Infinity ? `${messages} messages` : `${seconds} s, ${messages} messages at most`;
  console.log(`seed ${seed}, ${end}, ${corpus.length} samples to mutate${few}`);
  let shown = performance.now();
  const show = (report: FuzzReport): void => {
    if (performance.now() - shown < 10_000) return;
    shown = performance.now();
    const rate = Math.round(report.messages / report.seconds);
    console.log(`${report.messages} messages, ${rate}/s, slowest ${report.slowest.toFixed(1)} ms`);
  };
  const report = fuzz({
    seed,
    messages,
    until: performance.now() + seconds * 1_000,
    clock: () => performance.now(),
    processorTime,
    heldBytes,
    entropyOf: (caseSeed) => new SeededRandom(caseSeed),
    corpus,
    sdp: productSdp,
    onProgress: show,
  });
  report.findings.forEach(write);
  console.log(JSON.stringify({ ...report, findings: report.findings.length }));
  process.exitCode = report.findings.length === 0 ? 0 : 1;
}

if (values.help) console.log(help);
else main();
