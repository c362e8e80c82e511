import { notificationsEnabled } from './use-notifications.ts';

/** Shows who calls while the window is hidden; the returned function takes it away. All windows share one. */
export function notifyRinging(callId: string, title: string, body: string): () => void {
  if (!notificationsEnabled()) return () => {};
  const options = { body, tag: `call-${callId}`, icon: '/icons/icon-192.png', requireInteraction: true };
  try {
    const notification = new Notification(title, options);
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
    return () => notification.close();
  } catch {
    // Android has notifications of the service worker only.
    return notifyThroughWorker(title, options);
  }
}

function notifyThroughWorker(title: string, options: NotificationOptions & { tag: string }): () => void {
  let over = false;
  const close = async (): Promise<void> => {
    const registration = await navigator.serviceWorker.ready;
    for (const shown of await registration.getNotifications({ tag: options.tag })) shown.close();
  };
  void (async () => {
    const registration = await navigator.serviceWorker.ready;
    if (!over) await registration.showNotification(title, options);
    if (over) await close();
  })();
  return () => {
    over = true;
    void close();
  };
}
