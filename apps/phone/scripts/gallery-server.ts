import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

export interface PageServer {
  /** Of the page; scenes follow as its query. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Builds a page that is not in the product's build into a temporary folder and serves it: one bundle loads much faster than
 * the thousand modules of development.
 */
export async function servePage(name: 'gallery' | 'mixing' | 'sound'): Promise<PageServer> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'offhook-gallery-'));
  const input = join(root, `${name}.html`);
  await build({ root, logLevel: 'error', build: { outDir, rolldownOptions: { input } } });
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  return {
    url: `${server.resolvedUrls?.local[0] ?? ''}${name}.html`,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
