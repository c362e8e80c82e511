import { english, isCallNews, KEPT_CACHE, WORDS_AT, type NotificationWords } from './messages.ts';
import { createNotices } from './notices.ts';
import type { WorkerScope } from './scope.ts';
import { createShellCache, type BuiltFile } from './shell-cache.ts';

declare const self: WorkerScope & { readonly __WB_MANIFEST: readonly BuiltFile[] };

/** The worker of the phone: the shell without a network, and calls without a window. */
const shell = createShellCache(
  caches,
  // The build puts the list of its files here.
  // oxlint-disable-next-line no-underscore-dangle
  self.__WB_MANIFEST.map(({ url, revision }) => ({
    url: new URL(url, self.location.href).pathname,
    revision,
  })),
);

const notices = createNotices({
  registration: self.registration,
  clients: self.clients,
  words: async () => {
    const kept = await (await caches.open(KEPT_CACHE)).match(WORDS_AT);
    return kept === undefined ? english : ((await kept.json()) as NotificationWords);
  },
  mark: () => {
    const { setAppBadge } = navigator as { setAppBadge?: () => Promise<void> };
    // Not installed, or not permitted: there is no icon to put it at.
    setAppBadge?.call(navigator).catch(() => undefined);
  },
  reject: async (callId) => {
    const response = await fetch(`/api/calls/${encodeURIComponent(callId)}/reject`, {
      method: 'POST',
      credentials: 'same-origin',
    });
    if (!response.ok) throw new TypeError(`answered ${response.status}`);
  },
});

self.addEventListener('install', (event) => event.waitUntil(shell.install()));
self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([shell.tidy(), self.clients.claim()])),
);
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).pathname.startsWith('/api/')) return;
  event.respondWith(shell.answer(request).then((kept) => kept ?? fetch(request)));
});
self.addEventListener('push', (event) => {
  const message: unknown = event.data?.json();
  if (isCallNews(message)) event.waitUntil(notices.told(message));
});
self.addEventListener('notificationclick', (event) => event.waitUntil(notices.clicked(event)));
self.addEventListener('message', (event) => {
  const { data } = event;
  if (isCallNews(data)) event.waitUntil(notices.told(data));
  else if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING')
    void self.skipWaiting();
});
