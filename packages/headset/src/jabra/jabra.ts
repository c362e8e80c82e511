import {
  darkLamps,
  type HeadsetHandlers,
  type HeadsetPort,
  type HeadsetSignal,
  type HeadsetState,
  type Lamps,
} from '../port.ts';
import type { JabraApi, JabraCallControl, JabraDevice, JabraLibrary, JabraSignal } from './library.ts';

export type { JabraLibrary } from './library.ts';

/** Headsets of Jabra through the vendor's library, which the administrator has placed. `load` rejects where it is not there. */
export function createJabraPort(load: () => Promise<JabraLibrary>): HeadsetPort {
  let handlers: HeadsetHandlers | undefined;
  let library: JabraLibrary | undefined;
  let api: JabraApi | undefined;
  let control: JabraCallControl | undefined;
  let device: JabraDevice | undefined;
  let ends: readonly { unsubscribe(): void }[] = [];
  let devices: { unsubscribe(): void } | undefined;
  let told = darkLamps;
  let wanted = darkLamps;
  let locked = false;
  let doing: Promise<void> = Promise.resolve();

  const say = (state: HeadsetState): void => handlers?.onState(state);
  const inTurn = (what: () => Promise<void>): Promise<void> => {
    doing = doing.then(what).catch(() => say({ name: 'failed' }));
    return doing;
  };

  async function begin(): Promise<void> {
    if (api !== undefined) return;
    library = await load();
    api = await library.init({ transport: library.RequestedBrowserTransport.WEB_HID, appName: 'Offhook' });
    devices = api.deviceList.subscribe((list) => void inTurn(() => choose(list)));
  }

  async function choose(list: readonly JabraDevice[]): Promise<void> {
    if (handlers === undefined || api === undefined || library === undefined) return;
    if (device !== undefined && list.includes(device)) return;
    release();
    const factory = new library.CallControlFactory(api);
    const next = list.find((one) => factory.supportsCallControl(one));
    if (next === undefined) {
      say({ name: 'absent' });
      return;
    }
    const { SignalType } = library;
    device = next;
    control = await factory.createCallControl(next);
    ends = [
      control.deviceSignals.subscribe((signal) => {
        const one = signalOf(SignalType, signal);
        if (one !== undefined) handlers?.onSignal(one);
      }),
      control.onDisconnect.subscribe(() => {
        release();
        say({ name: 'absent' });
      }),
    ];
    say({ name: 'ready', product: next.name });
  }

  function release(): void {
    for (const one of ends) one.unsubscribe();
    ends = [];
    control = undefined;
    device = undefined;
    locked = false;
    told = darkLamps;
  }

  async function tell(): Promise<void> {
    const to = control;
    if (to === undefined) return;
    const lit = wanted.offHook || wanted.ringing || wanted.held;
    if (lit && !locked) locked = await to.takeCallLock();
    // Another telephone program has the headset: it is left to it, until the next change.
    if (!locked || control !== to) return;
    const from = told;
    const next = wanted;
    told = next;
    if (next.ringing !== from.ringing) to.ring(next.ringing);
    if (next.offHook !== from.offHook) to.offHook(next.offHook);
    if (next.held !== from.held) to.hold(next.held);
    if (next.muted !== from.muted) to.mute(next.muted);
    if (!lit) {
      to.releaseCallLock();
      locked = false;
    }
  }

  function show(lamps: Lamps): void {
    wanted = lamps;
    void inTurn(tell);
  }

  return {
    start(all) {
      handlers = all;
      return inTurn(begin);
    },
    async connect() {
      say({ name: 'asking' });
      await inTurn(begin);
      // An empty answer is "cancelled"; what was allowed appears in the list of devices.
      await library?.webHidPairing().catch(() => undefined);
      await inTurn(async () =>
        say(device === undefined ? { name: 'absent' } : { name: 'ready', product: device.name }),
      );
    },
    async forget() {
      show(darkLamps);
      await inTurn(async () => {
        release();
        say({ name: 'off' });
      });
    },
    show,
    async close() {
      show(darkLamps);
      handlers = undefined;
      devices?.unsubscribe();
      await inTurn(async () => release());
    },
  };
}

function signalOf(types: JabraLibrary['SignalType'], signal: JabraSignal): HeadsetSignal | undefined {
  const to = signal.valueType === 'relative' ? 'toggle' : signal.value;
  switch (signal.type) {
    case types['HOOK_SWITCH']:
      return { name: 'hook', to };
    case types['PHONE_MUTE']:
      return { name: 'mute', to };
    case types['FLASH']:
      return signal.value ? { name: 'flash' } : undefined;
    case types['REJECT_CALL']:
      return signal.value ? { name: 'drop' } : undefined;
    default:
      return undefined;
  }
}
