import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { OffhookError } from '@offhook/contract';
import type { App } from './app.ts';
import { sendError } from './errors.ts';

/** Vite names these by their content, so they never change. */
const HASHED = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.[a-z0-9]+$/u;
const FOREVER = 'public, max-age=31536000, immutable';
/** Pages of the administration: the portal, the provider's console and everybody's own account. */
const ADMIN_PAGE = /^\/(?:admin|account)(?:\/|$)/u;
const ADMIN_PREFIX = '/admin/';
/**
 * The phone frames this one page of its own, which runs the answers of a headset maker's program on the person's device (JSONP): without an origin, and
 * without anything but those scripts. See docs/decisions/headsets.md.
 */
const HEADSET_HUB = /[\\/]headset-hub\.html$/u;
const HEADSET_HUB_POLICY = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'self' http://127.0.0.1:32017",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** Folders of the built applications; one that is absent is not served. */
export type WebRoots = { phone?: string | undefined; admin?: string | undefined };

/**
 * The built phone, and the built administration under `/admin/`. Paths that are no file get the `index.html` of the application that they belong to, for each routes within
 * itself; unknown paths under `/api/` stay JSON. Everything but hashed assets is asked for anew each time, above all the service worker, which would otherwise keep an old
 * phone alive.
 */
export async function serveWebFiles(app: App, { phone, admin }: WebRoots): Promise<void> {
  if (phone !== undefined) await serveFolder(app, phone, '/', 'OFFHOOK_WEB_ROOT', 'phone');
  if (admin !== undefined) {
    await serveFolder(app, admin, ADMIN_PREFIX, 'OFFHOOK_ADMIN_ROOT', 'administration');
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !/\.[a-z0-9]+$/iu.test(path);
    const root = ADMIN_PAGE.test(path) ? (admin ?? phone) : phone;
    if (isPage && root !== undefined) return reply.sendFile('index.html', root);
    return sendError(reply, new OffhookError('not_found'), request.id);
  });
}

async function serveFolder(
  app: App,
  root: string,
  prefix: string,
  setting: string,
  what: string,
): Promise<void> {
  await access(join(root, 'index.html')).catch((cause: unknown) => {
    throw new Error(`${setting}: ${root} holds no built ${what} (index.html is missing).`, { cause });
  });
  await app.register(fastifyStatic, {
    root,
    prefix,
    // One `reply.sendFile` serves for all: the fallback names its folder.
    decorateReply: !app.hasReplyDecorator('sendFile'),
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      void reply.header('cache-control', HASHED.test(path) ? FOREVER : 'no-cache');
      if (HEADSET_HUB.test(path)) {
        void reply
          .header('content-security-policy', HEADSET_HUB_POLICY)
          .header('x-frame-options', 'SAMEORIGIN');
      }
      return undefined;
    },
  });
}
