import { useState } from 'react';
import { readPreference, writePreference } from '../app/preferences.ts';

const STORAGE_KEY = 'offhook.notifications';

export type Permission = NotificationPermission | 'unsupported';

export function notificationPermission(): Permission {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

/** Permitted by the browser and not switched off by the person. */
export function notificationsEnabled(): boolean {
  return notificationPermission() === 'granted' && readPreference(STORAGE_KEY) !== 'off';
}

const listeners = new Set<() => void>();

/** The person or the browser has decided anew whether there are notifications. */
export function onNotificationsChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface Notifications {
  readonly permission: Permission;
  readonly enabled: boolean;
  /** Asks the browser where it has not been asked yet. */
  readonly setEnabled: (enabled: boolean) => Promise<void>;
}

export function useNotifications(): Notifications {
  const [permission, setPermission] = useState(notificationPermission);
  const [enabled, setEnabledState] = useState(notificationsEnabled);
  async function setEnabled(wanted: boolean): Promise<void> {
    writePreference(STORAGE_KEY, wanted ? 'on' : 'off');
    if (wanted && notificationPermission() === 'default') await Notification.requestPermission();
    setPermission(notificationPermission());
    setEnabledState(notificationsEnabled());
    for (const listener of listeners) listener();
  }
  return { permission, enabled, setEnabled };
}
