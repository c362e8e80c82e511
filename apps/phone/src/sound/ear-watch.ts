import {
  hear,
  isActiveHere,
  isMuted,
  newEar,
  type Ear,
  type PhoneState,
  type PhoneStore,
} from '@offhook/phone-core';
import type { StoreApi } from 'zustand/vanilla';
import { openMeter, type Meter } from '../browser/meter.ts';
import type { BrowserMicrophone, BrowserMicrophones } from '../browser/microphones.ts';

const LOOK_EVERY_MS = 100;

/** Listens to the own microphone while somebody talks here, and to nothing at any other time. */
export function watchEar(phone: PhoneStore, microphones: BrowserMicrophones, ear: StoreApi<Ear>): void {
  let watched:
    | { readonly microphone: BrowserMicrophone; readonly meter: Meter; readonly timer: number }
    | undefined;

  function look(): void {
    const muted = mutedNow(phone.getState());
    const microphone = muted === undefined ? undefined : microphones.current;
    if (microphone === watched?.microphone) return;
    if (watched !== undefined) {
      window.clearInterval(watched.timer);
      watched.meter.close();
      watched = undefined;
      ear.setState(newEar);
    }
    if (microphone === undefined) return;
    const meter = openMeter(microphone.track);
    const timer = window.setInterval(() => {
      const now = mutedNow(phone.getState());
      if (now === undefined) return;
      const sample = { at: Date.now(), db: meter.db(), muted: now };
      ear.setState(hear(ear.getState(), sample));
    }, LOOK_EVERY_MS);
    watched = { microphone, meter, timer };
  }

  phone.subscribe(look);
  microphones.onChange(look);
}

/** Undefined while nobody talks here. */
function mutedNow(state: PhoneState): boolean | undefined {
  const call = state.calls.find((one) => isActiveHere(one) && one.state.name === 'connected');
  return call === undefined ? undefined : isMuted(state, call);
}
