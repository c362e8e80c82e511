import { useSyncExternalStore } from 'react';
import { openPage } from '../shell/use-page.ts';
import type { HelpPageName } from './contents.ts';

/* Which page of the help is open: whatever speaks of a trouble leads to the page about it. */

let opened: HelpPageName | undefined;
/** Asked for from elsewhere, and not yet brought into sight. */
let asked: HelpPageName | undefined;
const listeners = new Set<() => void>();

export function openHelp(page?: HelpPageName): void {
  asked = page;
  unfoldHelp(page);
  openPage('help');
}

export function unfoldHelp(page: HelpPageName | undefined): void {
  opened = page;
  for (const tell of listeners) tell();
}

/** Whether the page is to be brought into sight; true once for each time that it was asked for. */
export function takeAsked(page: HelpPageName): boolean {
  if (asked !== page) return false;
  asked = undefined;
  return true;
}

export function useOpenedHelp(): HelpPageName | undefined {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => opened,
  );
}
