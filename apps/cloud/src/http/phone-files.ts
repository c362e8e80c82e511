import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { OffhookError } from '@offhook/contract';
import type { App } from './app.ts';
import { sendError } from './errors.ts';

/** Vite names these by their content, so they never change. */
const HASHED = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.[a-z0-9]+$/u;
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * The built phone. Paths that are no file get `index.html`, for the phone routes within itself; unknown
 * paths under `/api/` stay JSON. Everything but hashed assets is asked for anew each time, above all the
 * service worker, which would otherwise keep an old phone alive.
 */
export async function servePhoneFiles(app: App, root: string): Promise<void> {
  await access(join(root, 'index.html')).catch((cause: unknown) => {
    throw new Error(`OFFHOOK_WEB_ROOT: ${root} holds no built phone (index.html is missing).`, { cause });
  });
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      void reply.header('cache-control', HASHED.test(path) ? FOREVER : 'no-cache');
      return undefined;
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !/\.[a-z0-9]+$/iu.test(path);
    if (isPage) return reply.sendFile('index.html');
    return sendError(reply, new OffhookError('not_found'), request.id);
  });
}

/** Without a phone to serve, every unknown path is answered as an API's. */
export function answerUnknownPaths(app: App): void {
  app.setNotFoundHandler((request, reply) => sendError(reply, new OffhookError('not_found'), request.id));
}
