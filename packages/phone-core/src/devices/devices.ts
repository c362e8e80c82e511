import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Cancel, Clock, TabStorage } from '../ports.ts';
import type { ListedDevice } from './listing.ts';
import { readMemory, writeMemory } from './memory.ts';
import type { Choice, Role } from './roles.ts';
import type { DevicesInput, DevicesState, OutputAbility } from './state.ts';
import { initialDevices, stepDevices } from './step.ts';
import { deviceFor } from './use.ts';

/** The devices of the place where the phone runs, e.g. `navigator.mediaDevices`. */
export interface DeviceSource {
  readonly outputs: OutputAbility;
  /** Does not reject: none where the platform tells nothing. */
  list(): Promise<readonly ListedDevice[]>;
  onChange(listener: () => void): Cancel;
}

export interface DevicesPorts {
  readonly clock: Clock;
  readonly source: DeviceSource;
  /** Kept on this device for all windows, e.g. `localStorage`. */
  readonly storage: TabStorage;
}

export interface Devices {
  readonly store: StoreApi<DevicesState>;
  choose(role: Role, choice: Choice): void;
  /** The answer to “Use it?”. */
  answer(use: boolean): void;
  setInCall(running: boolean): void;
  /** Names may be told now: the microphone was permitted. */
  refresh(): Promise<void>;
  close(): void;
}

const KEY = 'offhook.devices';

export const DeviceTimes = {
  /** A headset comes as several devices, one after the other: judged once they have come. */
  settleMs: 400,
  /** What needs no answer is read in this time. */
  noticeMs: 8_000,
} as const;

/** Keeps which device each role uses, in step with what is plugged in. */
export function createDevices({ clock, source, storage }: DevicesPorts): Devices {
  const store = createStore<DevicesState>(() =>
    initialDevices(source.outputs, readMemory(storage.read(KEY))),
  );
  let settling: Cancel | undefined;
  let expiring: Cancel | undefined;
  let closed = false;

  function take(input: DevicesInput): void {
    const before = store.getState();
    const after = stepDevices(before, input);
    if (after === before || closed) return;
    store.setState(after);
    if (after.memory !== before.memory) storage.write(KEY, writeMemory(after.memory));
    if (after.notice === before.notice) return;
    expiring?.();
    const passes = after.notice !== undefined && after.notice.name !== 'arrived';
    expiring = passes ? clock.after(DeviceTimes.noticeMs, () => take({ name: 'expired' })) : undefined;
  }

  async function refresh(): Promise<void> {
    take({ name: 'listed', devices: await source.list() });
  }

  const stopListening = source.onChange(() => {
    settling?.();
    settling = clock.after(DeviceTimes.settleMs, () => void refresh());
  });
  void refresh();

  return {
    store,
    refresh,
    choose: (role, choice) => take({ name: 'chosen', role, choice }),
    answer: (use) => take({ name: use ? 'accepted' : 'dismissed' }),
    setInCall: (running) => take({ name: 'call', running }),
    close() {
      closed = true;
      settling?.();
      expiring?.();
      stopListening();
    },
  };
}

/** Changes when the microphone has to be opened anew. */
export function microphoneKey(state: DevicesState): string {
  const use = deviceFor(state, 'microphone');
  return `${use?.id ?? ''} ${use?.device?.id ?? ''}`;
}
