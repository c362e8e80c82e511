/** A file of the build; `revision` null where the name tells of the content. */
export interface BuiltFile {
  readonly url: string;
  readonly revision: string | null;
}

/** Everything of the service itself, and the administration's pages, go to the network. */
const NETWORK = /^\/(?:api\/|healthz|readyz|metrics|(?:admin|account|outbox)(?:\/|$))/u;
const PREFIX = 'offhook-shell-';

const hash = (text: string): string => {
  let value = 5381;
  for (const char of text) value = (Math.imul(value, 33) ^ (char.codePointAt(0) ?? 0)) >>> 0;
  return value.toString(36);
};

/**
 * The build in the browser's cache, so that the page opens without a network. Each build has a cache of its own. When a new one takes over, the one before it
 * stays: a window that still runs it (a call keeps it from reloading) loads its pieces on demand from there, though the server has them no longer.
 */
export function createShellCache(caches: CacheStorage, files: readonly BuiltFile[]) {
  const name = PREFIX + hash(files.map(({ url, revision }) => `${url} ${revision ?? ''}`).join('\n'));

  return {
    async install(): Promise<void> {
      const cache = await caches.open(name);
      await Promise.all(
        files.map(async ({ url, revision }) => {
          const known = revision === null ? await caches.match(url) : undefined;
          if (known !== undefined) return cache.put(url, known);
          const response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin' });
          if (!response.ok) throw new TypeError(`${url} answered ${response.status}`);
          return cache.put(url, response);
        }),
      );
    },

    /** Those of the builds before the last go; `keys` has them in the order in which they were made. */
    async tidy(): Promise<void> {
      const older = (await caches.keys()).filter((one) => one.startsWith(PREFIX) && one !== name);
      await Promise.all(older.slice(0, -1).map((one) => caches.delete(one)));
      // Of the time when another library kept it.
      const foreign = (await caches.keys()).filter((one) => one.startsWith('workbox-'));
      await Promise.all(foreign.map((one) => caches.delete(one)));
    },

    /** Undefined: the network's business. */
    async answer(request: Request): Promise<Response | undefined> {
      const { origin, pathname } = new URL(request.url);
      if (request.method !== 'GET' || origin !== location.origin || NETWORK.test(pathname)) return undefined;
      const cache = await caches.open(name);
      const wanted = request.mode === 'navigate' && !pathname.includes('.') ? '/index.html' : pathname;
      return (await cache.match(wanted)) ?? (await caches.match(wanted));
    },
  };
}
