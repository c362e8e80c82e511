import type { MonitorCrossRefId } from '@offhook/csta';
import type { DeviceKey } from '../numbers.ts';
import type { CallBook } from '../state/book.ts';

type Watch =
  | { readonly name: 'starting'; readonly failures: number }
  | { readonly name: 'watched'; readonly crossRef: MonitorCrossRefId }
  /** The platform does not know the device, would not, or did not answer. */
  | {
      readonly name: 'failed';
      readonly failures: number;
      readonly retryAt: number;
      readonly isUnknown: boolean;
    };

/** Milliseconds; the wait doubles. A device that nobody knows is asked for again all the same: somebody may set it up. */
const RETRY = { first: 5_000, unknownFirst: 30_000, most: 900_000 } as const;

/** The monitors (ECMA-269 clause 15) of all devices: which run, which are to be started again, and when. */
export class Watches {
  readonly #watches = new Map<DeviceKey, Watch>();
  readonly #byCrossRef = new Map<MonitorCrossRefId, DeviceKey>();
  readonly #outOfService = new Set<DeviceKey>();
  readonly #book: CallBook;
  readonly #random: () => number;

  constructor(book: CallBook, random: () => number) {
    this.#book = book;
    this.#random = random;
  }

  isKnown(key: DeviceKey): boolean {
    return this.#watches.has(key);
  }

  deviceOf(crossRef: MonitorCrossRefId): DeviceKey | undefined {
    return this.#byCrossRef.get(crossRef);
  }

  isInService(key: DeviceKey): boolean {
    return !this.#outOfService.has(key);
  }

  inService(key: DeviceKey, isInService: boolean): void {
    if (isInService) this.#outOfService.delete(key);
    else this.#outOfService.add(key);
  }

  starting(key: DeviceKey): void {
    this.#watches.set(key, { name: 'starting', failures: this.#failures(key) });
  }

  started(key: DeviceKey, crossRef: MonitorCrossRefId): void {
    this.#watches.set(key, { name: 'watched', crossRef });
    this.#byCrossRef.set(crossRef, key);
    this.#book.watched.add(key);
  }

  failed(key: DeviceKey, now: number, isUnknown = false): void {
    const failures = this.#failures(key) + 1;
    this.end(key);
    const first = isUnknown ? RETRY.unknownFirst : RETRY.first;
    const whole = Math.min(RETRY.most, first * 2 ** Math.min(failures - 1, 10));
    const retryAt = now + whole / 2 + (whole / 2) * this.#random();
    this.#watches.set(key, { name: 'failed', failures, retryAt, isUnknown });
  }

  #failures(key: DeviceKey): number {
    const watch = this.#watches.get(key);
    return watch === undefined || watch.name === 'watched' ? 0 : watch.failures;
  }

  /** @returns the monitor that ran, for the platform to be told */
  end(key: DeviceKey): MonitorCrossRefId | undefined {
    const watch = this.#watches.get(key);
    this.#watches.delete(key);
    this.#book.watched.delete(key);
    this.#outOfService.delete(key);
    if (watch?.name !== 'watched') return undefined;
    this.#byCrossRef.delete(watch.crossRef);
    return watch.crossRef;
  }

  endAll(): void {
    this.#watches.clear();
    this.#byCrossRef.clear();
    this.#outOfService.clear();
    this.#book.watched.clear();
  }

  /** Those to be tried again now. */
  due(now: number): DeviceKey[] {
    const due: DeviceKey[] = [];
    for (const [key, watch] of this.#watches) {
      if (watch.name === 'failed' && watch.retryAt <= now) due.push(key);
    }
    return due;
  }

  unknown(): DeviceKey[] {
    const unknown: DeviceKey[] = [];
    for (const [key, watch] of this.#watches) {
      if (watch.name === 'failed' && watch.isUnknown) unknown.push(key);
    }
    return unknown;
  }
}
