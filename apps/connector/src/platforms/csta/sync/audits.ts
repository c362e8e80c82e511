import type { CallId } from '@offhook/csta';
import type { DeviceKey } from '../numbers.ts';
import type { CallBook } from '../state/book.ts';
import type { SyncLimits } from './api.ts';

/** Devices that are looked at in one round, at most; there are four rounds a second. */
const BUSY_PER_ROUND = 4;
/** Milliseconds after which a call that has left our devices, but not the user, is looked at again: nobody tells of it. */
const FOLLOWED_EVERY = 5_000;

/**
 * Looks at devices without cause, since an exchange may lose an event and never know. Those in a call often, the others one after the
 * other.
 */
export class Audits {
  readonly #book: CallBook;
  readonly #limits: SyncLimits;
  readonly #lookedAt = new Map<DeviceKey, number>();
  readonly #callLookedAt = new Map<CallId, number>();
  #round: DeviceKey[] = [];

  constructor(book: CallBook, limits: SyncLimits) {
    this.#book = book;
    this.#limits = limits;
  }

  looked(key: DeviceKey, now: number): void {
    this.#lookedAt.set(key, now);
  }

  due(now: number): { readonly devices: readonly DeviceKey[]; readonly calls: readonly CallId[] } {
    const devices: DeviceKey[] = [];
    const calls: CallId[] = [];
    for (const call of this.#book.calls.values()) {
      let isWatched = false;
      for (const key of call.members.keys()) {
        if (!this.#book.watched.has(key)) continue;
        isWatched = true;
        if (devices.length < BUSY_PER_ROUND && this.#isDue(key, now, this.#limits.busyAudit))
          devices.push(key);
      }
      if (isWatched) continue;
      if (now - (this.#callLookedAt.get(call.id) ?? -Infinity) < FOLLOWED_EVERY) continue;
      this.#callLookedAt.set(call.id, now);
      calls.push(call.id);
    }
    for (const id of this.#callLookedAt.keys()) {
      if (!this.#book.calls.has(id)) this.#callLookedAt.delete(id);
    }
    const idle = this.#nextIdle();
    if (idle !== undefined && this.#isDue(idle, now, this.#limits.idleAudit)) devices.push(idle);
    for (const key of devices) this.#lookedAt.set(key, now);
    return { devices, calls };
  }

  #isDue(key: DeviceKey, now: number, every: number): boolean {
    return now - (this.#lookedAt.get(key) ?? now) >= every;
  }

  #nextIdle(): DeviceKey | undefined {
    if (this.#round.length === 0) {
      this.#round = [...this.#book.watched];
      for (const key of this.#lookedAt.keys()) {
        if (!this.#book.watched.has(key)) this.#lookedAt.delete(key);
      }
    }
    return this.#round.pop();
  }
}
