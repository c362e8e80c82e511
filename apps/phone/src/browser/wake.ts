import type { Phone } from '@offhook/phone-core';

/** Tells the phone when the network or the person comes back, so that it does not wait out a long delay. */
export function wakePhone(phone: Pick<Phone, 'wake'>): void {
  window.addEventListener('online', () => phone.wake('online'));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) phone.wake('visible');
  });
  // Wi-Fi to mobile and back without being offline in between; Chromium only.
  const connection = (navigator as { connection?: EventTarget }).connection;
  connection?.addEventListener('change', () => phone.wake('network_changed'));
}
