import { layoutOf, type Key, type KeyName, type Lamp, type LampName } from '../hid/layout.ts';
import type { Hid, HidCollectionInfo, HidConnectionEvent, HidDevice, HidInputReport } from '../hid/types.ts';

/**
 * A headset on the far side of WebHID: it reads output reports, sends input reports, and like the real ones says again with its hook
 * switch what its off-hook lamp was set to.
 */
export class SimulatedHidHeadset implements HidDevice {
  readonly productName: string;
  readonly vendorId = 0x1234;
  readonly productId = 0x0001;
  readonly collections: readonly HidCollectionInfo[];
  opened = false;
  forgotten = false;
  /** Output reports as they came. */
  readonly received: { readonly reportId: number; readonly data: Uint8Array }[] = [];
  /** While it is not plugged in, nothing arrives. */
  plugged = true;
  echoes: boolean;
  readonly #listeners = new Set<(event: HidInputReport) => void>();
  readonly #now: () => number;
  readonly #lamps = new Map<LampName, boolean>();
  readonly #switches = new Map<KeyName, boolean>();

  constructor(
    collections: readonly HidCollectionInfo[],
    now: () => number,
    { name = 'Simulated headset', echoes = false } = {},
  ) {
    this.collections = collections;
    this.productName = name;
    this.echoes = echoes;
    this.#now = now;
  }

  open(): Promise<void> {
    if (!this.plugged) return Promise.reject(new Error('NotAllowedError'));
    this.opened = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.opened = false;
    return Promise.resolve();
  }

  forget(): Promise<void> {
    this.forgotten = true;
    return this.close();
  }

  sendReport(reportId: number, data: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.opened || !this.plugged) return Promise.reject(new Error('NotAllowedError'));
    this.received.push({ reportId, data });
    for (const lamp of this.#lampsOf(reportId)) {
      const lit = ((data[lamp.bit >> 3] ?? 0) & (1 << (lamp.bit & 7))) !== 0;
      const before = this.#lamps.get(lamp.name) ?? false;
      this.#lamps.set(lamp.name, lit);
      if (lamp.name === 'offHook' && lit !== before && this.#key('hook')?.kind === 'switch') {
        this.#switches.set('hook', lit);
        if (this.echoes) this.#send(['hook'], []);
      }
    }
    return Promise.resolve();
  }

  addEventListener(_name: 'inputreport', listener: (event: HidInputReport) => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_name: 'inputreport', listener: (event: HidInputReport) => void): void {
    this.#listeners.delete(listener);
  }

  lamp(name: LampName): boolean {
    return this.#lamps.get(name) ?? false;
  }

  /** Presses and lets go; a switch changes over. */
  press(name: KeyName): void {
    const key = this.#key(name);
    if (key === undefined) throw new Error(`This headset has no ${name} key.`);
    if (key.kind === 'switch') {
      this.#switches.set(name, !(this.#switches.get(name) ?? false));
      this.#send([name], []);
      return;
    }
    this.#send([], [name]);
    this.#send([], []);
  }

  down(name: KeyName): void {
    this.#send([], [name]);
  }

  up(): void {
    this.#send([], []);
  }

  /** The device leaves or comes; the bus tells the page. */
  unplug(): void {
    this.plugged = false;
    this.opened = false;
    this.#lamps.clear();
    this.#switches.clear();
  }

  #key(name: KeyName): Key | undefined {
    return layoutOf(this.collections)?.keys.find((key) => key.name === name);
  }

  #lampsOf(reportId: number): readonly Lamp[] {
    return layoutOf(this.collections)?.lamps.filter((lamp) => lamp.reportId === reportId) ?? [];
  }

  #send(changed: readonly KeyName[], pressed: readonly KeyName[]): void {
    const layout = layoutOf(this.collections);
    if (layout === undefined || !this.opened || !this.plugged) return;
    const ids = [...changed, ...pressed].map((name) => this.#key(name)?.reportId);
    const reportId = ids[0] ?? layout.keys[0]?.reportId ?? 0;
    const keys = layout.keys.filter((key) => key.reportId === reportId);
    const data = new Uint8Array(4);
    for (const key of keys) {
      const on = key.kind === 'switch' ? this.#switches.get(key.name) === true : pressed.includes(key.name);
      if (on) data[key.bit >> 3] = (data[key.bit >> 3] ?? 0) | (1 << (key.bit & 7));
    }
    const event = { reportId, data: new DataView(data.buffer), timeStamp: this.#now() };
    for (const listener of this.#listeners) listener(event);
  }
}

/** `navigator.hid` with what is plugged in, and what the person has allowed. */
export class SimulatedHid implements Hid {
  readonly plugged = new Set<HidDevice>();
  readonly allowed = new Set<HidDevice>();
  /** What the person picks in the browser's dialogue. */
  choice: HidDevice | undefined;
  asked = 0;
  readonly #listeners = { connect: new Set<Listener>(), disconnect: new Set<Listener>() };

  getDevices(): Promise<readonly HidDevice[]> {
    return Promise.resolve([...this.plugged].filter((device) => this.allowed.has(device)));
  }

  requestDevice(): Promise<readonly HidDevice[]> {
    this.asked += 1;
    if (this.choice === undefined) return Promise.resolve([]);
    this.allowed.add(this.choice);
    return Promise.resolve([this.choice]);
  }

  addEventListener(name: 'connect' | 'disconnect', listener: Listener): void {
    this.#listeners[name].add(listener);
  }

  removeEventListener(name: 'connect' | 'disconnect', listener: Listener): void {
    this.#listeners[name].delete(listener);
  }

  plug(device: SimulatedHidHeadset): void {
    device.plugged = true;
    this.plugged.add(device);
    if (this.allowed.has(device)) for (const listener of this.#listeners.connect) listener({ device });
  }

  unplug(device: SimulatedHidHeadset): void {
    device.unplug();
    this.plugged.delete(device);
    for (const listener of this.#listeners.disconnect) listener({ device });
  }
}

type Listener = (event: HidConnectionEvent) => void;
