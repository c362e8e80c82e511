import type { DeviceKey } from '../numbers.ts';

/** Milliseconds: the wait doubles while a platform goes on contradicting itself. */
const FIRST = 250;
const MOST = 30_000;
/** A device that gave no cause for doubt for so long starts with no wait. */
const CALM = 10_000;

interface Doubted {
  snapshotAt: number;
  times: number;
  /** When it is to be asked, if that is still to come. */
  dueAt: number | undefined;
}

/**
 * When a doubted device is asked: at once, but not again and again. An exchange whose events and snapshots say different things costs a
 * request every half minute, and no storm.
 */
export class Doubts {
  readonly #devices = new Map<DeviceKey, Doubted>();
  readonly #due = new Set<DeviceKey>();

  /** @returns whether to ask now; else it comes by {@link ripe} */
  raise(key: DeviceKey, now: number): boolean {
    const known = this.#devices.get(key);
    if (known === undefined || now - known.snapshotAt > CALM) {
      this.#devices.set(key, { snapshotAt: now, times: 0, dueAt: undefined });
      this.#due.delete(key);
      return true;
    }
    if (known.dueAt !== undefined) return false;
    known.times += 1;
    known.dueAt = known.snapshotAt + Math.min(MOST, FIRST * 2 ** Math.min(known.times, 10));
    if (known.dueAt <= now) {
      known.dueAt = undefined;
      known.snapshotAt = now;
      return true;
    }
    this.#due.add(key);
    return false;
  }

  /** Those whose time has come. */
  ripe(now: number): DeviceKey[] {
    const ripe: DeviceKey[] = [];
    for (const key of this.#due) {
      const known = this.#devices.get(key);
      if (known?.dueAt === undefined || known.dueAt > now) continue;
      known.dueAt = undefined;
      known.snapshotAt = now;
      this.#due.delete(key);
      ripe.push(key);
    }
    return ripe;
  }

  get waiting(): boolean {
    return this.#due.size > 0;
  }

  clear(): void {
    this.#devices.clear();
    this.#due.clear();
  }
}
