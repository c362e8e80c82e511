import type { Millis, Target } from './api.ts';

/** How long a target that failed is passed over where it did not say itself. */
const restFor: Millis = 30_000;
/** Longest Retry-After of a 503 that is believed. */
const longestRest: Millis = 600_000;
const mostTargets = 1_000;

/**
 * Which targets have failed lately, so that each request of a call does not wait for the same dead server again
 * (RFC 3263 section 4.3, RFC 3261 section 21.5.4). Bounded; the oldest failure is forgotten first.
 */
export class TargetHealth {
  readonly #restingUntil = new Map<string, Millis>();
  readonly #onForgotten: () => void;

  /** @param onForgotten a failure is forgotten because of too many others */
  constructor(onForgotten: () => void = () => undefined) {
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#restingUntil.size;
  }

  /** @param retryAfter seconds, where the target said so itself */
  failed(target: Target, now: Millis, retryAfter?: number): void {
    // A connection that broke says nothing about its peer.
    if (target.connectionId !== undefined) return;
    const rest = retryAfter === undefined ? restFor : Math.min(retryAfter * 1_000, longestRest);
    const key = keyOf(target);
    this.#restingUntil.delete(key);
    const [oldest] = this.#restingUntil.keys();
    if (this.#restingUntil.size >= mostTargets && oldest !== undefined) {
      this.#restingUntil.delete(oldest);
      this.#onForgotten();
    }
    this.#restingUntil.set(key, now + rest);
  }

  answered(target: Target): void {
    if (this.#restingUntil.size > 0) this.#restingUntil.delete(keyOf(target));
  }

  isResting(target: Target, now: Millis): boolean {
    const until = this.#restingUntil.get(keyOf(target));
    return until !== undefined && now < until;
  }

  /** The same targets, those that rest behind the others: with nothing better they are still tried. */
  order(targets: readonly Target[], now: Millis): readonly Target[] {
    if (this.#restingUntil.size === 0) return targets;
    const isReady = (target: Target): boolean => !this.isResting(target, now);
    return [...targets.filter(isReady), ...targets.filter((target) => !isReady(target))];
  }
}

const keyOf = ({ transport, address, port }: Target): string => `${transport} ${address} ${port}`;
