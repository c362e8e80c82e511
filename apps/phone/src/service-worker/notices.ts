import type { PushMessage } from '@offhook/contract';
import type { NotificationWords, ToWindow } from './messages.ts';
import type { WindowOfPhone, WorkerScope } from './scope.ts';

export interface NoticePorts {
  readonly registration: Pick<ServiceWorkerRegistration, 'showNotification' | 'getNotifications'>;
  readonly clients: Pick<WorkerScope['clients'], 'matchAll' | 'openWindow'>;
  readonly words: () => Promise<NotificationWords>;
  /** Rejects where the service could not be told. */
  readonly reject: (callId: string) => Promise<void>;
  /** A mark at the icon of the installed app, until a window is looked at. */
  readonly mark: () => void;
}

/** Of actions the DOM's types know nothing. */
type Options = NotificationOptions & { actions?: { action: string; title: string }[] };

const tagOf = (callId: string): string => `call-${callId}`;

/**
 * Notifications of calls, whoever tells of them: a push, or the window that leads. Both use one tag, so that there is one notification. Nothing
 * is shown while the person looks at a window of the phone: there it rings already.
 */
export function createNotices({ registration, clients, words, reject, mark }: NoticePorts) {
  const windows = async (): Promise<readonly WindowOfPhone[]> => {
    const all = await clients.matchAll({ type: 'window', includeUncontrolled: true });
    return all.filter(({ url }) => new URL(url).pathname === '/');
  };
  const close = async (callId: string): Promise<void> => {
    for (const shown of await registration.getNotifications({ tag: tagOf(callId) })) shown.close();
  };

  /** To the window that had the focus last, or to a new one at this address. */
  async function lead(address: string, message?: ToWindow): Promise<void> {
    const [window] = await windows();
    if (window === undefined) {
      await clients.openWindow(address);
      return;
    }
    if (message !== undefined) window.postMessage(message);
    await window.focus();
  }

  return {
    async told(message: PushMessage): Promise<void> {
      const { callId } = message;
      if (message.kind === 'over') return close(callId);
      if ((await windows()).some(({ visibilityState }) => visibilityState === 'visible'))
        return close(callId);
      const said = await words();
      const who = message.name ?? (message.number === '' ? said.unknown : message.number);
      const ringing = message.kind === 'ringing';
      if (!ringing) mark();
      const options: Options = {
        body: message.name === undefined ? '' : message.number,
        tag: tagOf(callId),
        icon: '/icons/icon-192.png',
        requireInteraction: ringing,
        data: { callId, ringing },
        ...(ringing
          ? {
              actions: [
                { action: 'answer', title: said.answer },
                { action: 'reject', title: said.reject },
              ],
            }
          : {}),
      };
      const title = (ringing ? said.ringing : said.missed).replace('{{who}}', () => who);
      await registration.showNotification(title, options);
    },

    async clicked({ notification, action }: { notification: Notification; action: string }): Promise<void> {
      const { callId, ringing } = notification.data as { callId: string; ringing: boolean };
      notification.close();
      if (!ringing) return lead('/#recent', { kind: 'open', page: 'recent' });
      if (action === 'answer') return lead(`/#answer=${callId}`, { kind: 'answer', callId });
      if (action !== 'reject') return lead('/');
      try {
        await reject(callId);
      } catch {
        // It rings on: let the person see it.
        await lead('/');
      }
    },
  };
}
