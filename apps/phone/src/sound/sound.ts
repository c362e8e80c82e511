import {
  createDevices,
  isActiveHere,
  microphoneKey,
  newEar,
  deviceFor,
  type Devices,
  type Ear,
  type Phone,
} from '@offhook/phone-core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readPreference, writePreference } from '../app/preferences.ts';
import { createBrowserClock } from '../browser/clock.ts';
import { createDeviceSource } from '../browser/device-source.ts';
import { BrowserMicrophones } from '../browser/microphones.ts';
import { tones } from '../ringing/tones.ts';
import { watchEar } from './ear-watch.ts';
import { createSoundPreferences, type SoundPreferencesStore } from './preferences.ts';

/** Everything about sound that is of this device and not of the calls. */
export interface Sound {
  readonly devices: Devices;
  readonly preferences: SoundPreferencesStore;
  readonly microphones: BrowserMicrophones;
  /** What the microphone's loudness tells during a call, e.g. that it gives nothing at all. */
  readonly ear: StoreApi<Ear>;
}

export function createSound(): Sound {
  const storage = { read: readPreference, write: writePreference };
  const devices = createDevices({ clock: createBrowserClock(), source: createDeviceSource(), storage });
  const preferences = createSoundPreferences();
  const microphones = new BrowserMicrophones(() => {
    const { noiseSuppression, echoCancellation, autoGainControl } = preferences.getState();
    const deviceId = deviceFor(devices.store.getState(), 'microphone')?.id ?? '';
    return { deviceId, noiseSuppression, echoCancellation, autoGainControl };
  });
  return { devices, preferences, microphones, ear: createStore<Ear>(() => newEar) };
}

/** Keeps running calls and everything that sounds in step with what was chosen. */
export function wireSound({ devices, preferences, microphones, ear }: Sound, phone: Phone): void {
  const inCall = (): boolean => phone.store.getState().calls.some(isActiveHere);
  phone.store.subscribe(() => {
    if (devices.store.getState().inCall !== inCall()) devices.setInCall(inCall());
  });
  devices.store.subscribe((state, before) => {
    if (before.list !== undefined && microphoneKey(state) !== microphoneKey(before))
      void phone.calls.renewMicrophones();
  });
  preferences.subscribe(({ noiseSuppression, echoCancellation, autoGainControl }, before) => {
    const same =
      noiseSuppression === before.noiseSuppression &&
      echoCancellation === before.echoCancellation &&
      autoGainControl === before.autoGainControl;
    if (!same) void retune(microphones, phone);
  });
  microphones.onChange(() => {
    // Browsers tell names once a microphone was permitted.
    if (devices.store.getState().list === undefined) void devices.refresh();
  });
  tones.follow(() => {
    const state = devices.store.getState();
    const ringers = [deviceFor(state, 'ringer'), deviceFor(state, 'secondRinger')].flatMap(
      (use) => use?.id ?? [],
    );
    const { ringVolume, ringTone } = preferences.getState();
    return { speaker: deviceFor(state, 'speaker')?.id ?? '', ringers, ringVolume, ringTone };
  });
  watchEar(phone.store, microphones, ear);
}

async function retune(microphones: BrowserMicrophones, phone: Phone): Promise<void> {
  if (!(await microphones.retune())) await phone.calls.renewMicrophones();
}
