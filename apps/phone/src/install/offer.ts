import { useSyncExternalStore } from 'react';

/** Chromium alone; elsewhere the person installs by the browser's menu. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

let offer: InstallPrompt | undefined;
const listeners = new Set<() => void>();

function change(next: InstallPrompt | undefined): void {
  offer = next;
  for (const listener of listeners) listener();
}

/** The browser says once that the page can be installed, early, and the offer is good for one prompt. */
export function keepInstallOffer(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    // Not its own banner: the entry in the account menu.
    event.preventDefault();
    change(event as InstallPrompt);
  });
  window.addEventListener('appinstalled', () => change(undefined));
}

/** Undefined where there is nothing to be offered. */
export function useInstall(): (() => void) | undefined {
  const held = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offer,
  );
  if (held === undefined) return undefined;
  return () => {
    change(undefined);
    void held.prompt();
  };
}

export type Installable = 'installed' | 'offered' | 'safari' | 'firefox' | 'menu';

/** How this phone becomes an app in this browser. */
export function installableBy(offered: boolean, agent: string, standalone: boolean): Installable {
  if (standalone) return 'installed';
  if (offered) return 'offered';
  if (agent.includes('Firefox/')) return 'firefox';
  const chromium = /Chrom(?:e|ium)\/|CriOS\/|Edg/u.test(agent);
  return agent.includes('Safari/') && !chromium ? 'safari' : 'menu';
}

export const isStandalone = (): boolean => window.matchMedia('(display-mode: standalone)').matches;
