import {
  MicrophoneError,
  initialDevices,
  newEar,
  stepDevices,
  type Choice,
  type Devices,
  type DevicesState,
  type Ear,
} from '@offhook/phone-core';
import { createStore } from 'zustand/vanilla';
import { BrowserMicrophones } from '../browser/microphones.ts';
import { firstPreferences } from '../sound/preferences.ts';
import type { Sound } from '../sound/sound.ts';

export interface SoundScene {
  readonly devices?: DevicesState;
  readonly ear?: Ear;
}

/** Devices that obey and never change by themselves; nothing is kept, and there is no microphone. */
export function fakeSound({
  devices: state = initialDevices('any', []),
  ear = newEar,
}: SoundScene = {}): Sound {
  const store = createStore<DevicesState>(() => state);
  const take = (input: Parameters<typeof stepDevices>[1]): void =>
    store.setState((now) => stepDevices(now, input));
  const devices: Devices = {
    store,
    choose: (role, choice: Choice) => take({ name: 'chosen', role, choice }),
    answer: (use) => take({ name: use ? 'accepted' : 'dismissed' }),
    setInCall: (running) => take({ name: 'call', running }),
    refresh: () => Promise.resolve(),
    close: () => undefined,
  };
  return {
    devices,
    preferences: createStore(() => firstPreferences),
    microphones: new NoMicrophones(() => ({ deviceId: '', ...firstPreferences })),
    ear: createStore(() => ear),
  };
}

class NoMicrophones extends BrowserMicrophones {
  override open(): Promise<never> {
    return Promise.reject(new MicrophoneError('in_use'));
  }
}
