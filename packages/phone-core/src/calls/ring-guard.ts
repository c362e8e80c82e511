import type { Cancel, Clock } from '../ports.ts';
import { isIncomingRinging } from '../state/selectors.ts';
import type { PhoneState } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';

/** A call rings on for so long while nobody can say whether it still does. */
export const RING_ALONE_MS = 15_000;

/**
 * Nothing rings for ever: while the cloud or the connector is out of reach, the end of a ringing call would not be told, and
 * it could not be answered either. A snapshot brings it back if it still rings.
 * ```
 *  told ── out of reach, something rings ──► alone ── RING_ALONE_MS ──► the ringing calls go
 *    ▲                                         │
 *    └──────── within reach, or over ──────────┘
 * ```
 */
export class RingGuard {
  readonly #clock: Clock;
  readonly #store: PhoneStore;
  readonly #stop: () => void;
  #cancelTimer: Cancel | undefined;

  constructor(clock: Clock, store: PhoneStore) {
    this.#clock = clock;
    this.#store = store;
    this.#stop = store.subscribe((state) => this.#look(state));
  }

  close(): void {
    this.#stop();
    this.#cancel();
  }

  #look(state: PhoneState): void {
    const alone = !isReachable(state) && state.calls.some(isIncomingRinging);
    if (!alone) this.#cancel();
    else this.#cancelTimer ??= this.#clock.after(RING_ALONE_MS, () => this.#silence());
  }

  #silence(): void {
    this.#cancelTimer = undefined;
    this.#store.setState(({ calls }) => ({ calls: calls.filter((call) => !isIncomingRinging(call)) }));
  }

  #cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

function isReachable({ connection, connector }: PhoneState): boolean {
  return connection.name === 'online' && connector === 'online';
}
