import { PushOffer } from '@offhook/contract';
import type { Http, PhoneStore } from '@offhook/phone-core';
import { readPreference, writePreference } from '../app/preferences.ts';
import { notificationsEnabled, onNotificationsChanged } from '../ringing/use-notifications.ts';

/** Whose the subscription of this browser is. */
const OWNER = 'offhook.pushOwner';

/**
 * Keeps this browser subscribed while somebody is signed in who wants notifications, and not otherwise. Whoever signs in after another has a
 * subscription of their own: nobody is told of the calls of the person before.
 */
export function keepSubscribed(store: PhoneStore, http: Http): void {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return;
  let last: Promise<void> = Promise.resolve();
  let seen: string | undefined;
  const look = (): void => {
    const { session } = store.getState();
    // While it is not known who is signed in, everything stays.
    if (session.name !== 'signedIn' && session.name !== 'signedOut') return;
    const owner = session.name === 'signedIn' && notificationsEnabled() ? session.me.userId : undefined;
    const now = `${session.name} ${owner ?? ''}`;
    if (now === seen) return;
    seen = now;
    last = last
      .then(() => settle(owner, session.name === 'signedIn', http))
      .catch(() => {
        // No network, or the browser's push service refuses: tried again when the page is loaded next.
      });
  };
  store.subscribe(look);
  onNotificationsChanged(look);
  look();
}

async function settle(owner: string | undefined, signedIn: boolean, http: Http): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const had = await registration.pushManager.getSubscription();
  if (owner === undefined || (had !== null && readPreference(OWNER) !== owner)) {
    // Gone with the session already where nobody is signed in.
    if (had !== null && signedIn) await http({ method: 'DELETE', path: '/api/push/subscription' });
    await had?.unsubscribe();
  }
  if (owner === undefined) return;
  const offer = await http({ method: 'GET', path: '/api/push' });
  const { publicKey } = PushOffer.parse(offer.body);
  if (publicKey === undefined) return;
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  });
  await http({ method: 'POST', path: '/api/push/subscription', body: subscription.toJSON() });
  writePreference(OWNER, owner);
}
