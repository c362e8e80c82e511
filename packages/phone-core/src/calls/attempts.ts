import { CorrelationId, OffhookError, type CallId } from '@offhook/contract';
import type { Cancel, Clock, Log } from '../ports.ts';
import { withAttempt, withAttemptPhase, withoutAttempt } from '../state/local.ts';
import type { AttemptKind, CallAttempt, Problem } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { isTransient } from './problems.ts';

export interface AttemptsPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

export interface AttemptParts {
  readonly kind: AttemptKind;
  readonly to: string;
  readonly name?: string | undefined;
  readonly consultationFor?: CallId | undefined;
}

/**
 * After this long without a word from the connector, an attempt whose answer was lost counts as failed; so does one at a
 * desk phone that nobody lifts.
 */
export const UNSURE_MS = 60_000;

/**
 * Calls that this window is placing, from the click until the connector has stated them.
 * ```
 *  placing ─► (call is stated: it takes the attempt's place)
 *     ├─ refused ──────────────────────────────────────► failed
 *     ├─ answer lost ─► unsure ─ a snapshot without it, or too late ─► failed
 *     │                    └─ call is stated, as above
 *     └─ the desk phone is to call ─► atDesk ─ too late ─► failed
 *                                       └─ call is stated, as above
 *  any ── cancel() ─► gone
 * ```
 * What the person gave up, or was told has failed, must not ring on in their name: should the connector state such a
 * call after all, it has to be ended.
 */
export class Attempts {
  readonly #ports: AttemptsPorts;
  readonly #store: PhoneStore;
  readonly #placing = new Set<CorrelationId>();
  /** To be ended if they turn up. */
  readonly #unwanted = new Set<CorrelationId>();
  /** Those that are unsure or wait for the desk phone, and when that has been long enough. */
  readonly #waiting = new Map<CorrelationId, Cancel>();

  constructor(ports: AttemptsPorts, store: PhoneStore) {
    this.#ports = ports;
    this.#store = store;
  }

  begin({ kind, to, name, consultationFor }: AttemptParts): CorrelationId {
    const correlationId = CorrelationId.parse(this.#ports.newId());
    this.#placing.add(correlationId);
    const phase = { name: 'placing' } as const;
    this.#store.setState((state) =>
      withAttempt(state, { correlationId, kind, to, name, consultationFor, phase }),
    );
    return correlationId;
  }

  /** Gives an attempt up, or takes a failed one off the screen. */
  cancel(correlationId: CorrelationId): void {
    const attempt = this.#find(correlationId);
    if (attempt !== undefined && attempt.phase.name !== 'failed') this.#unwanted.add(correlationId);
    this.#forget(correlationId);
  }

  throwIfUnwanted(correlationId: CorrelationId): void {
    if (this.#unwanted.has(correlationId)) throw new OffhookError('call_not_found');
  }

  /** Its request is still under way: the voice that belongs to it comes with the answer. */
  isPlacing(correlationId: CorrelationId): boolean {
    return this.#placing.has(correlationId);
  }

  /** The answer is here: the call stands for itself. */
  placed(correlationId: CorrelationId): void {
    this.#placing.delete(correlationId);
    this.#forget(correlationId);
  }

  /** The desk phone was told; it rings until it is lifted, or calls by itself. */
  toldDesk(correlationId: CorrelationId): void {
    this.#placing.delete(correlationId);
    if (this.#find(correlationId) === undefined) return;
    this.#show(correlationId, { name: 'atDesk' });
    this.#wait(correlationId, { kind: 'error', code: 'timeout' });
  }

  /** `sent`: the connector may have placed the call all the same. */
  failed(correlationId: CorrelationId, problem: Problem, sent: boolean): void {
    this.#placing.delete(correlationId);
    this.#ports.log('warn', 'call.place_failed', { correlationId, problem, sent });
    if (!sent || !isTransient(problem)) {
      this.#unwanted.delete(correlationId);
      this.#show(correlationId, { name: 'failed', problem });
    } else if (this.#find(correlationId) !== undefined && this.#isAnswerLost(problem)) {
      this.#show(correlationId, { name: 'unsure', problem });
      this.#wait(correlationId, problem);
    } else {
      this.#notPlaced(correlationId, problem);
    }
  }

  /** All calls are known now: an attempt that is not among them did not become one. */
  settle(): void {
    for (const { correlationId, phase } of this.#store.getState().attempts) {
      if (phase.name === 'unsure') this.#notPlaced(correlationId, phase.problem);
    }
  }

  /** Whether a call has to be ended because nobody here waits for it any more. True once. */
  takeUnwanted(correlationId: CorrelationId): boolean {
    return this.#unwanted.delete(correlationId);
  }

  cancelAll(): void {
    for (const correlationId of this.#placing) this.#unwanted.add(correlationId);
    for (const { correlationId } of this.#store.getState().attempts) this.cancel(correlationId);
  }

  #notPlaced(correlationId: CorrelationId, problem: Problem): void {
    this.#endWait(correlationId);
    // Its call is known, or the person took it off the screen: that decided it.
    if (this.#find(correlationId) === undefined) return;
    this.#unwanted.add(correlationId);
    this.#show(correlationId, { name: 'failed', problem });
  }

  /** The connection broke, or the answer did not come in time; an answer that says no is another thing. */
  #isAnswerLost(problem: Problem): boolean {
    if (problem.kind !== 'error') return false;
    const online = this.#store.getState().connection.name === 'online';
    return problem.code === 'timeout' || (problem.code === 'unavailable' && !online);
  }

  #show(correlationId: CorrelationId, phase: CallAttempt['phase']): void {
    this.#store.setState((state) => withAttemptPhase(state, correlationId, phase));
  }

  #forget(correlationId: CorrelationId): void {
    this.#endWait(correlationId);
    this.#store.setState((state) => withoutAttempt(state, correlationId));
  }

  #wait(correlationId: CorrelationId, problem: Problem): void {
    const cancel = this.#ports.clock.after(UNSURE_MS, () => this.#notPlaced(correlationId, problem));
    this.#waiting.set(correlationId, cancel);
  }

  #endWait(correlationId: CorrelationId): void {
    this.#waiting.get(correlationId)?.();
    this.#waiting.delete(correlationId);
  }

  #find(correlationId: CorrelationId): CallAttempt | undefined {
    return this.#store.getState().attempts.find((one) => one.correlationId === correlationId);
  }
}
