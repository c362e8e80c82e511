import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SeededRandom } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { processorTime, productSdp, readCorpus } from './corpus.test-support.ts';
import { BrokenRule } from './entropy.ts';
import { runEpisode } from './episode/episode.ts';
import type { FuzzOptions } from './run.ts';
import { caseSeed, fuzz } from './run.ts';
import { TARGETS, runCase } from './cases.ts';
import { sdpTarget } from './targets/sdp.ts';

const seconds = Number(process.env['OFFHOOK_FUZZ_SECONDS'] ?? 25);
/** Another each day, printed: failures are repeated with `npm run fuzz:sip -- --seed`. */
const seed = Number(process.env['OFFHOOK_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const corpus = readCorpus();
const entropyOf = (caseOf: number) => new SeededRandom(caseOf);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  // What finalisers let go of is found by the next round.
  for (let round = 0; round < 3; round += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const options: FuzzOptions = {
  seed,
  messages: 10_000_000,
  until: performance.now() + seconds * 1_000,
  clock: () => performance.now(),
  processorTime,
  heldBytes,
  entropyOf,
  corpus,
  sdp: productSdp,
};

test(
  `${seconds} s of messages: no exception, nothing slow, nothing left over, no growth (seed ${seed})`,
  { timeout: (seconds + 120) * 1_000 },
  () => {
    const report = fuzz({ ...options, until: performance.now() + seconds * 1_000 });
    expect(report.findings).toEqual([]);
    // Neither all refused nor all accepted: otherwise this would prove nothing.
    expect(report.accepted).toBeGreaterThan(report.messages * 0.2);
    expect(report.accepted).toBeLessThan(report.messages * 0.9);
  },
);

const context = { corpus, sdp: productSdp, onInput: () => undefined, timed: (work: () => void) => work() };

const episode = { damage: (bytes: Uint8Array) => bytes.subarray(1), timed: context.timed };

test.each(TARGETS)('a case of target %s is the same for the same seed', (target) => {
  const inputs = () => {
    const seen: string[] = [];
    const onInput = (bytes: Uint8Array) => seen.push(Buffer.from(bytes).toString('base64'));
    const result = runCase(target, entropyOf(caseSeed(1, 2)), { ...context, onInput });
    return { result, seen };
  };
  expect(inputs()).toEqual(inputs());
});

/** Octets of an endpoint after a wild life of so many steps, when all of it is over. */
function heldAfter(steps: number): number {
  const entropy = new SeededRandom(seed);
  const before = heldBytes();
  let held = 0;
  const onOver = () => {
    held = heldBytes() - before;
  };
  runEpisode({ ...episode, entropy, steps, onOver, noise: () => entropy.pick(corpus) });
  return held;
}

test(
  'an endpoint that has lived through 40,000 wild steps holds no more than after 8,000',
  { timeout: 120_000 },
  () => {
    // The compiler takes its memory in the first one.
    const [, short = 0, long = 0] = [20_000, 8_000, 40_000].map(heldAfter);
    // An entry of any table that is left over for each call would be more.
    expect(long - short).toBeLessThan(700_000);
  },
);

test('what a target throws becomes a finding with its input and a seed that finds it again', () => {
  const broken = sdpTarget<{ text: string }>({
    parse: (text) => (text.includes('a=ptime') ? { text } : undefined),
    serialise: ({ text }) => text.slice(0, -1),
  });
  const report = fuzz({ ...options, messages: 20_000, until: Infinity, sdp: broken, mostFindings: 1 });
  const [finding] = report.findings;
  expect(finding).toMatchObject({ target: 'sdp', text: expect.stringContaining('gives the same text') });
  expect(Buffer.from(finding?.input ?? '', 'base64').toString()).toContain('a=ptime');
  expect(() => runCase('sdp', entropyOf(finding?.seed ?? 0), { ...context, sdp: broken })).toThrow(
    BrokenRule,
  );
});

test('what is slow every time is found, what is slow once is not', () => {
  let now = 0;
  let delays: number[] = [];
  const slowSdp = () => {
    now += delays.shift() ?? 0;
    return true;
  };
  const run = (planned: number[]) => {
    delays = planned;
    const clocked = { ...options, processorTime: () => now, heldBytes: () => undefined, until: Infinity };
    return fuzz({ ...clocked, messages: 1, sdp: slowSdp }).findings.map(({ text }) => text.split('\n', 1)[0]);
  };
  expect(run([0, 80])).toEqual([]);
  expect(run([80, 70, 60, 90, 75])).toEqual(['Error: one input took 60 ms']);
});

test('memory that grows is found', () => {
  let held = 0;
  const growing = () => (held += 20 * 1024 * 1024);
  const report = fuzz({
    ...options,
    messages: 3_000,
    until: Infinity,
    heldBytes: growing,
    casesPerWeighing: 500,
  });
  expect(report.findings.map(({ text }) => text)).toEqual([expect.stringContaining('memory grew')]);
});
