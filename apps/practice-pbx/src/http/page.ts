import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const FILES = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
] as const;

const POLICY =
  "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The page and nothing but the page: it loads nothing from elsewhere, and nobody may frame it. */
export function pageRoutes(server: FastifyInstance): void {
  for (const [path, name, type] of FILES) {
    const content = readFileSync(new URL(`../../public/${name}`, import.meta.url));
    server.get(path, (_, reply) =>
      reply
        .header('content-type', type)
        .header('cache-control', 'no-cache')
        .header('content-security-policy', POLICY)
        .header('x-content-type-options', 'nosniff')
        .send(content),
    );
  }
}
