import type { PlatformKind } from '@offhook/contract';
import { SeededRandom } from '@offhook/testkit';
import { id } from '../../testing/ids.ts';
import type { Breakage } from './breakage.test-support.ts';
import {
  begin,
  blindnessOf,
  drawFaults,
  mend,
  strike,
  takesLong,
  type Fault,
} from './faults.test-support.ts';
import {
  judgeAgreement,
  judgeAnswers,
  judgeGate,
  judgeLeftovers,
  judgeNothingRings,
  judgeSettings,
  judgeStories,
  type Violation,
} from './judge.test-support.ts';
import { FeatureOffice, PLATFORMS } from './office.test-support.ts';
import { clientsHangUp, everybodyLeaves, STEPS } from './steps.test-support.ts';

export interface Sequence {
  readonly seed: number;
  readonly kind?: PlatformKind | undefined;
  readonly broken?: Breakage | undefined;
  /** Without faults. */
  readonly calm?: boolean;
}

export interface Report {
  readonly seed: number;
  readonly kind: PlatformKind;
  readonly faults: readonly Fault[];
  /** How often each step was taken, each service asked for with its outcome, each fault acted. */
  readonly counts: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly violations: readonly Violation[];
  /** What was done, with the time. */
  readonly trace: readonly string[];
}

/** Milliseconds: what rings has given up, lost messages and answers are over, and a device in a call has been looked at. */
const QUIET = 75_000;
/** The same where only a look at an idle device tells, every ten minutes, or a session that nobody refreshes. */
const LONG_QUIET = 660_000;
/** Milliseconds in which the last words are said: transactions, tombstones, a ringing that gives up. */
const FAREWELL = 150_000;

/** One random sequence of features in an office of its own, judged at the end of each part. */
export async function runSequence({ seed, kind, broken, calm = false }: Sequence): Promise<Report> {
  const random = new SeededRandom(seed);
  const chosen = kind ?? random.pick(PLATFORMS);
  const office = await FeatureOffice.open({ seed: random.uint32(), kind: chosen, broken });
  const run = new Run(office);
  const faults = calm ? new Set<Fault>() : drawFaults(office);
  try {
    await run.live(faults);
  } catch (error) {
    run.violations.push({
      invariant: 'crash',
      text: error instanceof Error ? (error.stack ?? '') : String(error),
    });
  }
  return {
    seed,
    kind: chosen,
    faults: [...faults],
    counts: run.counts(),
    calls: office.stories.size,
    violations: run.violations,
    trace: run.trace,
  };
}

class Run {
  readonly violations: Violation[] = [];
  readonly trace: string[] = [];
  readonly #office: FeatureOffice;
  readonly #counts = new Map<string, number>();

  constructor(office: FeatureOffice) {
    this.#office = office;
  }

  async live(faults: ReadonlySet<Fault>): Promise<void> {
    const office = this.#office;
    const count = (fault: Fault): void => {
      this.#count(`fault: ${fault}`);
    };
    const end = begin(office, faults, count);
    const steps = office.random.integer(6, 24);
    for (let step = 0; step < steps; step += 1) {
      if (office.random.chance(0.15)) this.#note(strike(office, faults, count));
      this.#take();
      if (office.broken === 'throws at a call' && office.stories.size > 0) throw new Error('a defect');
      // What ends at once is told when its record is kept.
      await office.pass(0);
      this.#judge(judgeGate(office));
      await office.pass(this.#pause());
    }
    end();
    mend(office);
    await this.#settle(faults);
    await this.#end(faults);
  }

  async #settle(faults: ReadonlySet<Fault>): Promise<void> {
    const office = this.#office;
    await office.pass(takesLong(faults) ? LONG_QUIET : QUIET);
    this.#judge(
      judgeAgreement(office, blindnessOf(office, faults)),
      judgeSettings(office),
      judgeGate(office),
      judgeAnswers(office),
    );
  }

  async #end(faults: ReadonlySet<Fault>): Promise<void> {
    const office = this.#office;
    everybodyLeaves(office);
    await office.pass(2_000);
    clientsHangUp(office);
    await office.pass(takesLong(faults) ? LONG_QUIET : FAREWELL);
    this.#judge(
      judgeNothingRings(office),
      judgeStories(office, blindnessOf(office, faults)),
      judgeAnswers(office),
    );
    if (office.broken === 'bridge left behind') {
      office.engine.openBridge({ label: 'left behind', onEvent: () => {} });
      office.control.expected.add(
        {
          userId: id.user('anna'),
          clientId: id.client('anna-tab'),
          offer: '',
          callId: undefined,
          arrived: () => {},
        },
        10_000_000,
        () => {},
      );
    }
    office.stop();
    await office.pass(FAREWELL);
    this.#judge(judgeLeftovers(office));
  }

  counts(): Record<string, number> {
    for (const { what, outcome } of this.#office.asked)
      this.#count(`asked: ${what}: ${outcome ?? 'nothing'}`);
    return Object.fromEntries(this.#counts);
  }

  #take(): void {
    const { random } = this.#office;
    const total = STEPS.reduce((sum, { weight }) => sum + weight, 0);
    for (let tries = 0; tries < 10; tries += 1) {
      let at = random.fraction() * total;
      const step = STEPS.find(({ weight }) => (at -= weight) < 0);
      const done = step?.act(this.#office);
      if (step === undefined || done === undefined) continue;
      this.#count(`step: ${step.name}`);
      this.#note(`${step.name}: ${done}`);
      return;
    }
  }

  #pause(): number {
    const { random } = this.#office;
    if (random.chance(0.25)) return random.integer(0, 5);
    return random.chance(0.4) ? random.integer(5, 300) : random.integer(300, 6_000);
  }

  #note(text: string | undefined): void {
    if (text !== undefined) this.trace.push(`${(this.#office.clock.now / 1_000).toFixed(3)} ${text}`);
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #judge(...found: readonly (readonly Violation[])[]): void {
    for (const violation of found.flat()) {
      if (this.violations.length < 20) this.violations.push(violation);
      this.#note(`VIOLATION ${violation.invariant}: ${violation.text}`);
    }
  }
}
