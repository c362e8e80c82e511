/**
 * Takes pictures of the gallery's scenes: `node apps/admin/scripts/pictures.ts <folder> [scene…]`, on a desk's screen in light and dark and on a narrow phone;
 * a scene `security@de` in German. Needs Chromium (`CHROMIUM_PATH`, default /usr/bin/chromium).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openGallery } from './open-gallery.ts';

const [folder = 'pictures', ...wanted] = process.argv.slice(2);
const shots = [
  { width: 1280, height: 800, scheme: 'light' },
  { width: 1280, height: 800, scheme: 'dark' },
  { width: 360, height: 740, scheme: 'light' },
] as const;

await mkdir(folder, { recursive: true });
const gallery = await openGallery();
try {
  for (const scene of wanted.length > 0 ? wanted : await gallery.scenes()) {
    const [name = '', language = 'en'] = scene.split('@');
    for (const { width, height, scheme } of shots) {
      await gallery.page.setViewportSize({ width, height });
      await gallery.show(name, { scheme, language });
      await gallery.page.waitForLoadState('networkidle');
      await gallery.page.evaluate(() => document.fonts.ready);
      await gallery.page.screenshot({
        path: join(folder, `${scene}-${width}-${scheme}.png`),
        fullPage: true,
      });
    }
  }
  for (const error of gallery.errors) process.stderr.write(`${error}\n`);
} finally {
  await gallery.close();
}
