import { useSyncExternalStore } from 'react';
import { isPage, type Page } from './section-names.ts';

/* The page is the address's fragment (`#recent`): the back button works, and anything may lead to a section by a link. */

function current(): Page {
  const name = window.location.hash.slice(1);
  return isPage(name) ? name : 'dial';
}

function subscribe(tell: () => void): () => void {
  window.addEventListener('hashchange', tell);
  return () => window.removeEventListener('hashchange', tell);
}

export function openPage(page: Page): void {
  window.location.hash = page;
}

export function usePage(): Page {
  return useSyncExternalStore(subscribe, current);
}
