import type { CaseContext, TargetName } from './cases.ts';
import { runCase } from './cases.ts';
import type { EntropyOf } from './entropy.ts';

/** Longest time that one input may take of the processor, in milliseconds. */
export const MOST_MILLISECONDS = 50;
/** From here on it is tried again whether it was the input. */
const SUSPICIOUS_MILLISECONDS = 5;

export interface FuzzOptions {
  readonly seed: number;
  /** Stops after this many messages, … */
  readonly messages: number;
  /** … or when the clock shows this. */
  readonly until: number;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Milliseconds of processor time of this thread: what else the machine does is not the input's fault. */
  readonly processorTime: () => number;
  /** Octets held by live objects; `undefined` where that cannot be known. */
  readonly heldBytes: () => number | undefined;
  readonly entropyOf: EntropyOf;
  readonly corpus: CaseContext['corpus'];
  readonly sdp: CaseContext['sdp'];
  /** Called now and then. */
  readonly onProgress?: (report: FuzzReport) => void;
  /** Stops when so many findings are made. Default 20. */
  readonly mostFindings?: number;
  /** A multiple of 500. A look at the heap collects its garbage first, so it is dear. Default 20,000. */
  readonly casesPerWeighing?: number;
}

export interface Finding {
  readonly target: TargetName;
  /** Of this one case: `runCase(target, entropyOf(seed), …)` finds it again. */
  readonly seed: number;
  readonly text: string;
  /** The octets, where the case has but one input; base64. */
  readonly input?: string;
}

export interface FuzzReport {
  readonly seed: number;
  readonly messages: number;
  readonly accepted: number;
  readonly cases: number;
  readonly seconds: number;
  /** Milliseconds that the slowest input took of the processor. */
  readonly slowest: number;
  /** Octets that were held more at the end than after the first tenth. */
  readonly growth: number | undefined;
  readonly findings: readonly Finding[];
}

/** How often each target comes, out of their sum. An episode is about a hundred messages. */
const SHARES: readonly (readonly [TargetName, number])[] = [
  ['valid', 25],
  ['flawed', 25],
  ['mutated', 25],
  ['stream', 5],
  ['sdp', 10],
  ['endpoint', 0.2],
];
const SHARE_SUM = SHARES.reduce((sum, [, share]) => sum + share, 0);

/** Cases between two looks at the clock. */
const ROUND = 500;

/** More than garbage that lags behind, less than any leak over a million messages. */
const MOST_GROWTH = 24 * 1024 * 1024;

/** Runs cases from one seed until messages, time or findings are enough. */
export function fuzz(options: FuzzOptions): FuzzReport {
  const run = new FuzzRun(options);
  while (run.goesOn) run.round();
  return run.finish();
}

class FuzzRun {
  readonly #options: FuzzOptions;
  readonly #started: number;
  readonly #findings: Finding[] = [];
  readonly #held: { readonly messages: number; readonly bytes: number }[] = [];
  #messages = 0;
  #accepted = 0;
  #cases = 0;
  #slowest = 0;

  constructor(options: FuzzOptions) {
    this.#options = options;
    this.#started = options.clock();
  }

  get goesOn(): boolean {
    const { messages, until, clock, mostFindings = 20 } = this.#options;
    return this.#messages < messages && clock() < until && this.#findings.length < mostFindings;
  }

  round(): void {
    for (let index = 0; index < ROUND; index += 1) {
      const seed = caseSeed(this.#options.seed, this.#cases);
      this.#cases += 1;
      this.#case(targetOf(seed), seed);
    }
    this.#options.onProgress?.(this.#report());
    const { casesPerWeighing = 20_000 } = this.#options;
    if (this.#cases % casesPerWeighing === 0) this.#weigh();
  }

  finish(): FuzzReport {
    this.#weigh();
    const report = this.#report();
    if (report.growth === undefined || report.growth < MOST_GROWTH) return report;
    const text = `memory grew by ${report.growth} octets`;
    return { ...report, findings: [...report.findings, { target: 'endpoint', seed: report.seed, text }] };
  }

  #case(target: TargetName, seed: number): void {
    let input: Uint8Array | undefined;
    let slowest = 0;
    const attempt = (): void => {
      slowest = 0;
      const result = runCase(target, this.#options.entropyOf(seed), {
        corpus: this.#options.corpus,
        sdp: this.#options.sdp,
        onInput: (bytes) => {
          input = bytes;
        },
        timed: (work) => {
          const began = this.#options.processorTime();
          work();
          slowest = Math.max(slowest, this.#options.processorTime() - began);
        },
      });
      this.#messages += result.messages;
      this.#accepted += result.accepted;
    };
    try {
      attempt();
      let least = slowest;
      // A collection of garbage may have had the time: only what is slow again is slow.
      for (let again = 0; least > SUSPICIOUS_MILLISECONDS && again < 4; again += 1) {
        attempt();
        least = Math.min(least, slowest);
      }
      if (least > MOST_MILLISECONDS) throw new Error(`one input took ${Math.round(least)} ms`);
      this.#slowest = Math.max(this.#slowest, least);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const octets = input === undefined ? {} : { input: Buffer.from(input).toString('base64') };
      this.#findings.push({ target, seed, text, ...octets });
    }
  }

  #weigh(): void {
    const bytes = this.#options.heldBytes();
    if (bytes !== undefined) this.#held.push({ messages: this.#messages, bytes });
  }

  #report(): FuzzReport {
    return {
      seed: this.#options.seed,
      messages: this.#messages,
      accepted: this.#accepted,
      cases: this.#cases,
      seconds: (this.#options.clock() - this.#started) / 1_000,
      slowest: this.#slowest,
      growth: this.#growth(),
      findings: this.#findings,
    };
  }

  /** The compiler and its caches fill in the first tenth. */
  #growth(): number | undefined {
    const settled = this.#held.find(({ messages }) => messages >= this.#messages / 10);
    const last = this.#held.at(-1);
    return settled === undefined || last === undefined ? undefined : last.bytes - settled.bytes;
  }
}

/** Spreads a run's seed and a case's number over 32 bits (the finaliser of MurmurHash3). */
export function caseSeed(seed: number, index: number): number {
  let mixed = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function targetOf(seed: number): TargetName {
  // The low bits choose the target; the generator spreads all of them anew.
  let rest = ((seed % 65_536) / 65_536) * SHARE_SUM;
  for (const [target, share] of SHARES) {
    rest -= share;
    if (rest < 0) return target;
  }
  return 'valid';
}
