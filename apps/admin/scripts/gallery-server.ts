import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

export interface PageServer {
  /** Of the gallery; scenes follow as its query. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the gallery, which is not in the product's build, into a temporary folder and serves it. */
export async function serveGallery(): Promise<PageServer> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'offhook-admin-gallery-'));
  const input = join(root, 'gallery.html');
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true, rolldownOptions: { input } } });
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  return {
    url: `${server.resolvedUrls?.local[0] ?? ''}gallery.html`,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
