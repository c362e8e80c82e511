import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

export interface GalleryServer {
  /** Of the page; scenes follow as its query. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the gallery into a temporary folder and serves it: one bundle loads much faster than the thousand modules of development. */
export async function serveGallery(): Promise<GalleryServer> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'offhook-gallery-'));
  const input = join(root, 'gallery.html');
  await build({ root, logLevel: 'error', build: { outDir, rolldownOptions: { input } } });
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
