import type { DevicesState, Ear } from '@offhook/phone-core';
import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { SoundPreferences } from './preferences.ts';
import type { Sound } from './sound.ts';

const SoundContext = createContext<Sound | undefined>(undefined);

export function SoundProvider({ sound, children }: { readonly sound: Sound; readonly children: ReactNode }) {
  return <SoundContext value={sound}>{children}</SoundContext>;
}

export function useSound(): Sound {
  const sound = useContext(SoundContext);
  if (sound === undefined) throw new Error('useSound is for components inside SoundProvider.');
  return sound;
}

/** As `usePhoneState`: a part of the state itself, or a primitive. */
export function useDevicesState<T>(select: (state: DevicesState) => T): T {
  return useStore(useSound().devices.store, select);
}

export function useSoundPreferences(): SoundPreferences {
  return useStore(useSound().preferences);
}

/** What the microphone tells while one is muted. */
export function useEar<T>(select: (ear: Ear) => T): T {
  return useStore(useSound().ear, select);
}
