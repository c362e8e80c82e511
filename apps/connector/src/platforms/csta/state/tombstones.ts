import type { CallId } from '@offhook/csta';
import type { DeviceKey } from '../numbers.ts';

/** So many connections that are over are remembered; what comes later than that is taken for a new one, until an audit. */
const REMEMBERED = 4_000;

/** Connections that are over: an event that is late must not bring one back. */
export class Tombstones {
  readonly #over = new Set<string>();

  add(call: CallId, device: DeviceKey): void {
    this.#over.add(nameOf(call, device));
    if (this.#over.size <= REMEMBERED) return;
    for (const oldest of this.#over) {
      this.#over.delete(oldest);
      return;
    }
  }

  has(call: CallId, device: DeviceKey): boolean {
    return this.#over.has(nameOf(call, device));
  }

  /** A snapshot shows it, or the call is on its way back there: it lives after all. */
  delete(call: CallId, device: DeviceKey): void {
    this.#over.delete(nameOf(call, device));
  }
}

const nameOf = (call: CallId, device: DeviceKey): string => `${call} ${device}`;
