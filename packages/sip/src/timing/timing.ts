import type { EndpointTimers, Millis } from '../endpoint/api.ts';

/** RFC 3261 table 4, defaults. */
export const defaultTimers: EndpointTimers = {
  t1: 500,
  t2: 4_000,
  t4: 5_000,
  transactionTimeout: 64 * 500,
  failoverTimeout: 4_000,
  messageTimeout: 30_000,
};

/** How long a user may think about an INVITE before its transaction says 100 for it (section 17.2.1). */
export const tryingDelay: Millis = 200;

/** What a transaction knows of time: the timers' base values and whether its transport delivers by itself. */
export interface TransactionTiming extends EndpointTimers {
  /** TCP, TLS, WS: nothing is retransmitted and nothing needs to be absorbed for long. */
  readonly reliable: boolean;
}

/** One step of a machine: the state after it and what has to be done, in order. */
export interface Step<State, Output> {
  readonly state: State;
  readonly outputs: readonly Output[];
}

/** How long a final response is absorbed or retransmitted: timers H, J, L, M (64·T1). */
export const sixtyFourT1 = (timing: EndpointTimers): Millis => 64 * timing.t1;

/** The next wait of timers E and G: doubled, capped by T2. */
export const doubledUpToT2 = (interval: Millis, timing: EndpointTimers): Millis =>
  Math.min(interval * 2, timing.t2);

/** The earliest of some deadlines. */
export function earliest(...times: readonly (Millis | undefined)[]): Millis | undefined {
  let first: Millis | undefined;
  for (const time of times) {
    if (time !== undefined && (first === undefined || time < first)) first = time;
  }
  return first;
}
