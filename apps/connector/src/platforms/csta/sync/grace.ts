import type { DeviceKey } from '../numbers.ts';
import type { CallBook } from '../state/book.ts';
import type { SyncLimits } from './api.ts';

/**
 * Calls that were there when the link went. They are shown as they were for a while, since a control link that is moved to another
 * node is back within seconds and the call goes on; then, unless the device could be looked at, they are not shown any more:
 * whatever it was, nobody can say that it still is.
 *
 * ```
 *   link down ──► shown as it was ──┬─ device looked at ─► as the snapshot says
 *                                   ├─ `grace` over, link still down ─► gone
 *                                   └─ `longestGrace` over, link up, device not looked at ─► gone
 * ```
 */
export class Grace {
  readonly #book: CallBook;
  readonly #limits: SyncLimits;
  /** The devices with calls when the link went that have not been looked at since. */
  #devices = new Set<DeviceKey>();
  #since: number | undefined;

  constructor(book: CallBook, limits: SyncLimits) {
    this.#book = book;
    this.#limits = limits;
  }

  get isRunning(): boolean {
    return this.#since !== undefined;
  }

  /** A link that goes again while it lasts does not begin it anew. */
  begin(now: number): void {
    this.#since ??= now;
    for (const { members } of this.#book.calls.values()) {
      for (const key of members.keys()) if (this.#book.roster.devices.has(key)) this.#devices.add(key);
    }
  }

  looked(key: DeviceKey): void {
    this.#devices.delete(key);
  }

  /** Devices whose calls are to be forgotten now. */
  over(now: number, isUp: boolean): DeviceKey[] {
    if (this.#since === undefined) return [];
    const { grace, longestGrace } = this.#limits;
    if (now - this.#since < (isUp ? longestGrace : grace)) return [];
    const devices = [...this.#devices];
    this.#devices = new Set();
    return devices;
  }

  /** Calls that only others were in (parked, at the alternative number), and the end of it all. */
  sweep(now: number, isUp: boolean): void {
    if (this.#since === undefined) return;
    const isOver = now - this.#since >= (isUp ? this.#limits.longestGrace : this.#limits.grace);
    if (isOver && !isUp) {
      for (const call of this.#book.calls.values()) {
        this.#book.touch(call);
        this.#book.calls.delete(call.id);
      }
    }
    if (isOver || (isUp && this.#devices.size === 0)) this.#since = undefined;
  }
}
