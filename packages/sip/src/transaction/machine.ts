import type { Millis } from '../endpoint/api.ts';
import type { Step, TransactionTiming } from '../timing/timing.ts';

/** What a client machine takes. */
export type ClientInput =
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'transport_error' }
  | { readonly kind: 'tick' };

/** What a server machine takes. */
export type ServerInput =
  /** The request again. */
  | { readonly kind: 'request' }
  | { readonly kind: 'ack' }
  /** A response of the user. */
  | { readonly kind: 'respond'; readonly status: number }
  | { readonly kind: 'transport_error' }
  | { readonly kind: 'tick' };

/** One of the four machines while it runs, as the transactions around them see it. */
export interface Machine<Input, Output> {
  readonly stateName: string;
  /** Does one step and gives what has to be done, in order. */
  feed(input: Input, now: Millis): readonly Output[];
  /** When it wants its next tick. */
  deadline(): Millis | undefined;
}

interface Definition<State, Input, Output> {
  readonly step: (state: State, input: Input, timing: TransactionTiming, now: Millis) => Step<State, Output>;
  readonly deadline: (state: State) => Millis | undefined;
}

export function runMachine<State extends { readonly name: string }, Input, Output>(
  definition: Definition<State, Input, Output>,
  initial: State,
  timing: TransactionTiming,
): Machine<Input, Output> {
  return new RunningMachine(definition, initial, timing);
}

class RunningMachine<State extends { readonly name: string }, Input, Output> implements Machine<
  Input,
  Output
> {
  readonly #definition: Definition<State, Input, Output>;
  readonly #timing: TransactionTiming;
  #state: State;

  constructor(definition: Definition<State, Input, Output>, initial: State, timing: TransactionTiming) {
    this.#definition = definition;
    this.#state = initial;
    this.#timing = timing;
  }

  get stateName(): string {
    return this.#state.name;
  }

  feed(input: Input, now: Millis): readonly Output[] {
    const step = this.#definition.step(this.#state, input, this.#timing, now);
    this.#state = step.state;
    return step.outputs;
  }

  deadline(): Millis | undefined {
    return this.#definition.deadline(this.#state);
  }
}
