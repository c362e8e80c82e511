import type { Millis } from '../endpoint/api.ts';
import type { Step, TransactionTiming } from '../timing/timing.ts';
import { defaultTimers } from '../timing/timing.ts';

export const unreliable: TransactionTiming = { ...defaultTimers, reliable: false };
export const reliable: TransactionTiming = { ...defaultTimers, reliable: true };

/** Runs one machine on virtual time from 0 and notes when it did what. */
export class MachineRun<State extends { readonly name: string }, Input, Output> {
  /** `time output`, in order. */
  readonly log: string[] = [];
  now: Millis = 0;
  #state: State;
  readonly #step: (input: Input) => Step<State, Output>;
  readonly #deadline: () => Millis | undefined;

  constructor(
    start: Step<State, Output>,
    definition: {
      step: (state: State, input: Input, timing: TransactionTiming, now: Millis) => Step<State, Output>;
      deadline: (state: State) => Millis | undefined;
      timing: TransactionTiming;
    },
  ) {
    this.#state = start.state;
    this.#note(start.outputs);
    this.#step = (input) => definition.step(this.#state, input, definition.timing, this.now);
    this.#deadline = () => definition.deadline(this.#state);
  }

  get state(): string {
    return this.#state.name;
  }

  get deadline(): Millis | undefined {
    return this.#deadline();
  }

  /** Feeds an input now and gives what it led to. */
  feed(input: Input): readonly Output[] {
    const step = this.#step(input);
    this.#state = step.state;
    this.#note(step.outputs);
    return step.outputs;
  }

  /** Lets time pass, with a tick at each deadline. */
  until(time: Millis, tick: Input): void {
    for (let at = this.#deadline(); at !== undefined && at <= time; at = this.#deadline()) {
      this.now = at;
      this.feed(tick);
    }
    this.now = time;
  }

  #note(outputs: readonly Output[]): void {
    for (const output of outputs) this.log.push(`${this.now} ${String(output)}`);
  }
}
