import type { DeviceId } from './api.ts';
import type { Board } from './board.ts';
import type { Connection } from './call.ts';

/** Call-backs that may be set at once; more are refused. */
const MOST = 100;

interface CallBack {
  readonly device: DeviceId;
  readonly to: DeviceId;
  /** The other was seen in a call since, not only rung: free now means something. */
  wasBusy: boolean;
}

/** Who wants to be called when somebody is free again (or, who did not answer, has used the telephone). */
export class CallBacks {
  readonly #board: Board;
  readonly #ring: (device: DeviceId, to: DeviceId) => void;
  #set: CallBack[] = [];

  constructor(board: Board, ring: (device: DeviceId, to: DeviceId) => void) {
    this.#board = board;
    this.#ring = ring;
  }

  get list(): readonly { readonly device: DeviceId; readonly to: DeviceId }[] {
    return this.#set.map(({ device, to }) => ({ device, to }));
  }

  set(device: DeviceId, to: DeviceId): boolean {
    if (this.#set.length >= MOST || this.#board.device(to)?.extension === undefined) return false;
    if (this.#set.some((entry) => entry.device === device && entry.to === to)) return true;
    this.#set.push({ device, to, wasBusy: this.#isUsed(to) });
    this.#board.tell({ kind: 'callBack', device, to, set: true });
    return true;
  }

  /** Without `to` all of a device. */
  cancel(device: DeviceId, to?: DeviceId): boolean {
    const gone = this.#set.filter(
      (entry) => entry.device === device && (to === undefined || entry.to === to),
    );
    for (const entry of gone) this.#remove(entry);
    return gone.length > 0;
  }

  /** After everything that has happened: is somebody free? */
  check(): void {
    for (const entry of this.#set) {
      if (this.#isBusy(entry.to)) {
        entry.wasBusy ||= this.#isUsed(entry.to);
        continue;
      }
      if (!entry.wasBusy || this.#isBusy(entry.device)) continue;
      this.#remove(entry);
      this.#ring(entry.device, entry.to);
    }
  }

  #remove(entry: CallBack): void {
    this.#set = this.#set.filter((other) => other !== entry);
    this.#board.tell({ kind: 'callBack', device: entry.device, to: entry.to, set: false });
  }

  #isBusy(device: DeviceId): boolean {
    return this.#connectionsOf(device).some(({ state }) => state !== 'null');
  }

  /** Somebody lifted the handset: a call that only rings there has found nobody. */
  #isUsed(device: DeviceId): boolean {
    return this.#connectionsOf(device).some(({ state }) => state !== 'null' && state !== 'alerting');
  }

  #connectionsOf(device: DeviceId): readonly Connection[] {
    const extension = this.#board.device(device)?.extension;
    const devices = extension === undefined ? [device] : this.#board.devicesOf(extension);
    return devices.flatMap((each) => this.#board.connectionsOf(each));
  }
}
