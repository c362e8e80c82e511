import type { PhoneStore } from '@offhook/phone-core';
import { reloadPhone, setWaitingWorker } from './reload.ts';

const CHECK_EVERY_MS = 60 * 60 * 1_000;
/** Nobody has touched the page for this long. */
const IDLE_MS = 60 * 1_000;

/**
 * Installs the service worker and brings new builds in by itself, without a question, at a moment when nobody notices:
 * no call anywhere, and the window hidden or untouched for a minute. A window with a call is never reloaded by
 * another one's update: it goes on with the build that it has in memory.
 */
export async function installServiceWorker(store: PhoneStore): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  let lastTouch = Date.now();
  for (const touch of ['pointerdown', 'keydown']) {
    window.addEventListener(touch, () => (lastTouch = Date.now()), { capture: true, passive: true });
  }
  const nobodyNotices = (): boolean => {
    const { calls, attempts } = store.getState();
    const untouched = document.hidden || Date.now() - lastTouch > IDLE_MS;
    return calls.length === 0 && attempts.length === 0 && untouched;
  };

  let updated = false;
  const look = (): void => {
    // The first worker of all takes over without replacing anything.
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null) {
      setWaitingWorker(registration.waiting);
      updated = true;
    }
    if (updated && nobodyNotices()) void reloadPhone();
  };
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Another window brought the new build in.
    if (updated) setWaitingWorker(undefined);
  });
  window.setInterval(look, 15_000);
  document.addEventListener('visibilitychange', look);
  window.setInterval(() => void registration.update().catch(() => undefined), CHECK_EVERY_MS);
}
