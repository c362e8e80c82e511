import type { LocalAddresses } from '../agent/local.ts';
import { locate } from '../agent/next-hop.ts';
import type { Timer, TimerQueue } from '../timing/timer-queue.ts';
import type { Effect, Millis, Target } from './api.ts';
import { TargetHealth } from './target-health.ts';

type Found = (targets: readonly Target[], now: Millis) => void;

/** How long the driver may look for a name. */
const patience: Millis = 15_000;

/**
 * From URIs to targets: numeric hosts at once, names through the driver's `resolve`, those that have failed lately behind
 * the others.
 */
export class Resolver {
  readonly health: TargetHealth;
  readonly #local: LocalAddresses;
  readonly #timers: TimerQueue;
  readonly #effect: (effect: Effect) => void;
  readonly #waiting = new Map<number, { readonly found: Found; readonly timer: Timer }>();
  #nextId = 1;

  constructor(
    local: LocalAddresses,
    timers: TimerQueue,
    effect: (effect: Effect) => void,
    onForgotten: () => void,
  ) {
    this.health = new TargetHealth(onForgotten);
    this.#local = local;
    this.#timers = timers;
    this.#effect = effect;
  }

  locate(uri: string, found: Found, now: Millis): void {
    const location = locate(uri, this.#local.defaultTransport);
    switch (location.kind) {
      case 'nowhere':
        found([], now);
        break;
      case 'target':
        found([location.target], now);
        break;
      case 'name': {
        const { host, port, transport, secure } = location;
        const resolveId = this.#nextId++;
        const timer = this.#timers.arm(now + patience, (at) => this.resolved(resolveId, [], at));
        this.#waiting.set(resolveId, { found, timer });
        this.#effect({ kind: 'resolve', resolveId, host, port, transport, ...(secure && { secure }) });
        break;
      }
    }
  }

  resolved(resolveId: number, targets: readonly Target[], now: Millis): void {
    const waiting = this.#waiting.get(resolveId);
    if (waiting === undefined) return;
    this.#waiting.delete(resolveId);
    waiting.timer.cancel();
    waiting.found(this.health.order(targets, now), now);
  }
}
