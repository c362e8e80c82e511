import type { Attention, Cancel, Clock } from '../ports.ts';

/** Nobody has touched this device for so long: the person may be away. */
export const IDLE_MS = 5 * 60_000;

/**
 * ```
 *  inUse ── IDLE_MS without a sign of the person ──► idle ── a sign ──► inUse
 * ```
 */
export class Idle {
  readonly #clock: Clock;
  readonly #onChange: (idle: boolean) => void;
  #lastSign: number;
  #idle = false;
  #cancelTimer: Cancel | undefined;
  readonly #stopListening: Cancel;

  constructor(ports: { clock: Clock; attention: Attention }, onChange: (idle: boolean) => void) {
    this.#clock = ports.clock;
    this.#onChange = onChange;
    this.#lastSign = ports.clock.now();
    this.#stopListening = ports.attention.onSign(() => this.#sign());
  }

  get idle(): boolean {
    return this.#idle;
  }

  /** Somebody is signed in: from now on it matters. */
  start(): void {
    this.#lastSign = this.#clock.now();
    this.#idle = false;
    this.#look();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  close(): void {
    this.stop();
    this.#stopListening();
  }

  /** Signs come by the hundred: each only notes the time, the timer looks at it when it is due. */
  #sign(): void {
    this.#lastSign = this.#clock.now();
    if (!this.#idle) return;
    this.#enter(false);
    this.#look();
  }

  #look(): void {
    this.#cancelTimer?.();
    const left = this.#lastSign + IDLE_MS - this.#clock.now();
    if (left > 0) this.#cancelTimer = this.#clock.after(left, () => this.#look());
    else this.#enter(true);
  }

  #enter(idle: boolean): void {
    this.#idle = idle;
    this.#onChange(idle);
  }
}
