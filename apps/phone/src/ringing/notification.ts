import type { PushMessage } from '@offhook/contract';
import { notificationsEnabled } from './use-notifications.ts';

type Ringing = PushMessage & { readonly kind: 'ringing' };

/** Shows who calls while no window is seen; the returned function takes it away, or says that the call was missed. */
export function notifyRinging(call: Ringing, title: string, body: string): (missed: boolean) => void {
  if (!notificationsEnabled()) return () => {};
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker.controller : null;
  if (worker !== null) {
    // The worker has the buttons, and knows what a push has shown already.
    worker.postMessage(call satisfies PushMessage);
    const { callId } = call;
    return (missed) =>
      worker.postMessage(
        (missed ? { ...call, kind: 'missed' } : { kind: 'over', callId }) satisfies PushMessage,
      );
  }
  if (!document.hidden) return () => {};
  try {
    const notification = new Notification(title, {
      body,
      tag: `call-${call.callId}`,
      icon: '/icons/icon-192.png',
      requireInteraction: true,
    });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
    return () => notification.close();
  } catch {
    // Android has notifications of the service worker only, and there is none without HTTPS.
    return () => {};
  }
}
