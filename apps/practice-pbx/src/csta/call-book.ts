import type { CallId, CallSnapshot, DeviceId } from '../switch/api.ts';

/** Who was in which call as clients were last told: what a transfer or a conference needs to name the old connections. */
export class CallBook {
  readonly #devices = new Map<CallId, ReadonlySet<DeviceId>>();

  /** A call without connections is over. */
  note({ id, connections }: CallSnapshot): void {
    if (connections.length === 0) this.#devices.delete(id);
    else this.#devices.set(id, new Set(connections.map(({ device }) => device)));
  }

  forget(call: CallId): void {
    this.#devices.delete(call);
  }

  has(call: CallId, device: DeviceId): boolean {
    return this.#devices.get(call)?.has(device) === true;
  }

  callsOf(device: DeviceId): readonly CallId[] {
    return [...this.#devices].filter(([, devices]) => devices.has(device)).map(([call]) => call);
  }

  get size(): number {
    return this.#devices.size;
  }
}
