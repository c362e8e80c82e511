import { useSyncExternalStore } from 'react';
import { isPage, type Page } from './section-names.ts';

/* The page is the address's fragment (`#recent`): the back button works, and anything may lead to a section by a link. */

function current(): Page {
  const name = window.location.hash.slice(1).split('/')[0] ?? '';
  return isPage(name) ? name : 'dial';
}

function currentPart(): string | undefined {
  return window.location.hash.split('/')[1];
}

function subscribe(tell: () => void): () => void {
  window.addEventListener('hashchange', tell);
  return () => window.removeEventListener('hashchange', tell);
}

export function openPage(page: Page): void {
  window.location.hash = page;
}

/** What of the page is meant: `sound` in `#settings/sound`. */
export function usePartOfPage(): string | undefined {
  return useSyncExternalStore(subscribe, currentPart);
}

export function usePage(): Page {
  return useSyncExternalStore(subscribe, current);
}
