import type { PhoneState, PhoneStore } from '@offhook/phone-core';
import { reloadPhone } from './reload.ts';

const CHECK_EVERY_MS = 60 * 60 * 1_000;
const LOOK_EVERY_MS = 15 * 1_000;
/** Nobody has touched the page for this long. */
const IDLE_MS = 60 * 1_000;

/**
 * Installs the service worker and brings new builds in by itself, without a question, at a moment when nobody notices. A
 * window with a call is never reloaded, neither by its own update nor by another window's: it goes on with the build
 * that it has in memory until the call is over.
 */
export async function installServiceWorker(store: PhoneStore): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  // Whoever had no worker before does not have an old build either.
  const wasControlled = serviceWorker.controller !== null;
  let replacedElsewhere = false;
  serviceWorker.addEventListener('controllerchange', () => {
    replacedElsewhere = wasControlled;
  });
  const registration = await serviceWorker.register('/sw.js', { updateViaCache: 'none' });

  let lastTouch = Date.now();
  for (const touch of ['pointerdown', 'keydown']) {
    window.addEventListener(touch, () => (lastTouch = Date.now()), { capture: true, passive: true });
  }
  const look = (): void => {
    const newBuild = replacedElsewhere || (wasControlled && registration.waiting !== null);
    const untouched = document.hidden || Date.now() - lastTouch > IDLE_MS;
    if (newBuild && untouched && isQuiet(store.getState())) void reloadPhone();
  };
  window.setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', look);
  window.setInterval(() => void registration.update().catch(() => undefined), CHECK_EVERY_MS);
}

/** No call at any window of this person, as far as is known. */
export function isQuiet({ calls, attempts }: Pick<PhoneState, 'calls' | 'attempts'>): boolean {
  return calls.length === 0 && attempts.length === 0;
}
