import { afterEach, expect, it, vi } from 'vitest';
import { createShellCache, type BuiltFile } from './shell-cache.ts';

const ORIGIN = 'https://phone.example';

const pathOf = (of: RequestInfo | URL) => (typeof of === 'string' ? of : '');

const cacheOf = (store: Map<string, Response>) => ({
  put: async (path: RequestInfo | URL, response: Response) => void store.set(pathOf(path), response),
  match: async (path: RequestInfo | URL) => store.get(pathOf(path))?.clone(),
});

/** `CacheStorage` of a browser, as far as the shell uses it. */
function browserCaches() {
  const stores = new Map<string, Map<string, Response>>();
  return {
    open: async (name: string) => cacheOf(stores.getOrInsertComputed(name, () => new Map())),
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    match: async (path: string) => {
      for (const store of stores.values()) {
        const found = store.get(path);
        if (found !== undefined) return found.clone();
      }
      return undefined;
    },
  } as unknown as CacheStorage;
}

const build = (number: number): BuiltFile[] => [
  { url: '/index.html', revision: `r${number}` },
  { url: `/assets/settings-${number}.js`, revision: null },
];

afterEach(() => vi.unstubAllGlobals());

async function installed(caches: CacheStorage, number: number) {
  vi.stubGlobal('location', { origin: ORIGIN });
  vi.stubGlobal('fetch', async (path: string) => new Response(`${path} of ${number}`));
  const shell = createShellCache(caches, build(number));
  await shell.install();
  const get = async (path: string, mode: RequestMode = 'cors') => {
    const request = { method: 'GET', url: ORIGIN + path, mode } as Request;
    return (await shell.answer(request))?.text();
  };
  return { shell, get };
}

it('[D2] every page of the phone is its index; the service and the administration go to the network', async () => {
  const { get } = await installed(browserCaches(), 1);
  expect(await get('/', 'navigate')).toBe('/index.html of 1');
  expect(await get('/anything', 'navigate')).toBe('/index.html of 1');
  for (const path of ['/api/session', '/admin', '/account/security', '/outbox', '/healthz'])
    expect(await get(path, 'navigate')).toBeUndefined();
});

it('[D2] a window that a call keeps on the old build still has its pieces when the new one has taken over', async () => {
  const caches = browserCaches();
  await installed(caches, 1);
  const second = await installed(caches, 2);
  await second.shell.tidy();
  expect(await second.get('/', 'navigate')).toBe('/index.html of 2');
  expect(await second.get('/assets/settings-1.js')).toBe('/assets/settings-1.js of 1');
  const third = await installed(caches, 3);
  await third.shell.tidy();
  expect(await third.get('/assets/settings-2.js')).toBe('/assets/settings-2.js of 2');
  expect(await third.get('/assets/settings-1.js')).toBeUndefined();
});
