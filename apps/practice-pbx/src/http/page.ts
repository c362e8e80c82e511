import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

const folder = path.join(import.meta.dirname, '..', '..', 'public');
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
]);

const POLICY =
  "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The page and nothing but the page: it loads nothing from elsewhere, and nobody may frame it. */
export function pageRoutes(server: FastifyInstance): void {
  for (const name of readdirSync(folder)) {
    const type = TYPES.get(path.extname(name));
    if (type === undefined) continue;
    const content = readFileSync(path.join(folder, name));
    server.get(name === 'index.html' ? '/' : `/${name}`, (_, reply) =>
      reply
        .header('content-type', type)
        .header('cache-control', 'no-cache')
        .header('content-security-policy', POLICY)
        .header('x-content-type-options', 'nosniff')
        .send(content),
    );
  }
}
