import type { JabraDevice, JabraLibrary, JabraObservable, JabraSignal } from '../jabra/library.ts';

class Subject<T> implements JabraObservable<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #first: (() => T) | undefined;

  constructor(first?: () => T) {
    this.#first = first;
  }

  subscribe(next: (value: T) => void): { unsubscribe(): void } {
    this.#listeners.add(next);
    if (this.#first !== undefined) next(this.#first());
    return { unsubscribe: () => this.#listeners.delete(next) };
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}

/** Behaves as the vendor's library is documented to: a lock before anything is shown, and the hook acknowledged. Nothing of it is the vendor's. */
export class SimulatedJabra {
  readonly lamps = { offHook: false, ringing: false, muted: false, held: false };
  locked = false;
  plugged = true;
  readonly #signals = new Subject<JabraSignal>();
  readonly #gone = new Subject<void>();
  readonly #device: JabraDevice = { name: 'Simulated Jabra headset' };
  readonly #devices = new Subject<readonly JabraDevice[]>(() => (this.plugged ? [this.#device] : []));

  readonly library: JabraLibrary = this.#library();

  #library(): JabraLibrary {
    const under = (run: () => void): void => {
      if (!this.locked) throw new Error('call lock not held');
      run();
    };
    const control = {
      deviceSignals: this.#signals,
      onDisconnect: this.#gone,
      takeCallLock: () => Promise.resolve((this.locked = true)),
      releaseCallLock: () => void (this.locked = false),
      offHook: (to: boolean) =>
        under(() => {
          this.lamps.offHook = to;
          this.#emit(32, to, 'absolute');
        }),
      ring: (to: boolean) => under(() => void (this.lamps.ringing = to)),
      mute: (to: boolean) => under(() => void (this.lamps.muted = to)),
      hold: (to: boolean) => under(() => void (this.lamps.held = to)),
    };
    return {
      RequestedBrowserTransport: { WEB_HID: 'web-hid' },
      SignalType: { HOOK_SWITCH: 32, FLASH: 33, PHONE_MUTE: 47, REJECT_CALL: 65_533 },
      init: () => Promise.resolve({ deviceList: this.#devices }),
      webHidPairing: () => Promise.resolve([]),
      CallControlFactory: class {
        supportsCallControl(): boolean {
          return true;
        }
        createCallControl(): Promise<typeof control> {
          return Promise.resolve(control);
        }
      },
    };
  }

  #emit(type: number, value: boolean, valueType: 'absolute' | 'relative'): void {
    this.#signals.emit({ type, value, valueType });
  }

  pressHook(): void {
    this.#emit(32, !this.lamps.offHook, 'absolute');
  }

  pressMute(): void {
    this.#emit(47, true, 'relative');
  }

  pressFlash(): void {
    this.#emit(33, true, 'relative');
  }

  unplug(): void {
    this.plugged = false;
    this.locked = false;
    Object.assign(this.lamps, { offHook: false, ringing: false, muted: false, held: false });
    this.#gone.emit();
    this.#devices.emit([]);
  }

  plug(): void {
    this.plugged = true;
    this.#devices.emit([this.#device]);
  }
}
