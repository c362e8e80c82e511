import { createStore, type StoreApi } from 'zustand/vanilla';
import { readPreference, writePreference } from '../app/preferences.ts';

export const ringTones = ['bells', 'classic', 'soft', 'lively'] as const;
export type RingTone = (typeof ringTones)[number];

/** What the browser does to the microphone's sound; each is a constraint of Media Capture and Streams (§6.2). */
export const processings = ['noiseSuppression', 'echoCancellation', 'autoGainControl'] as const;
export type Processing = Readonly<Record<(typeof processings)[number], boolean>>;

/** How things sound on this device. */
export interface SoundPreferences extends Processing {
  /** 0 to 100. */
  readonly ringVolume: number;
  readonly ringTone: RingTone;
}

export type SoundPreferencesStore = StoreApi<SoundPreferences>;

export const firstPreferences: SoundPreferences = {
  noiseSuppression: true,
  echoCancellation: true,
  autoGainControl: true,
  ringVolume: 70,
  ringTone: 'bells',
};

const KEY = 'offhook.sound';

export function createSoundPreferences(): SoundPreferencesStore {
  const store = createStore<SoundPreferences>(() => parsePreferences(readPreference(KEY)));
  store.subscribe((preferences) => writePreference(KEY, JSON.stringify(preferences)));
  return store;
}

/** Whatever cannot be read is as it is at first. */
export function parsePreferences(text: string | undefined): SoundPreferences {
  const read = parse(text);
  const preferences = { ...firstPreferences };
  for (const name of processings) {
    const value = read[name];
    if (typeof value === 'boolean') preferences[name] = value;
  }
  const { ringVolume, ringTone } = read;
  if (typeof ringVolume === 'number' && ringVolume >= 0 && ringVolume <= 100)
    preferences.ringVolume = ringVolume;
  preferences.ringTone = ringTones.find((one) => one === ringTone) ?? preferences.ringTone;
  return preferences;
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
