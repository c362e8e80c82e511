import { barriersOn, darken } from '@offhook/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';
import { scenes, type SceneName } from './scenes.ts';

let gallery: Gallery;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

/* One page: one scene after the other. */
/* oxlint-disable no-await-in-loop */

/** Each scene is loaded once: what differs in the dark is colours alone. */
it('[H6] axe finds nothing serious in any scene, by light and by dark', { timeout: 600_000 }, async () => {
  const found: string[] = [];
  for (const scene of Object.keys(scenes) as SceneName[]) {
    await gallery.show(scene);
    for (const barrier of await barriersOn(gallery.page)) found.push(`${scene}: ${barrier}`);
    await darken(gallery.page);
    for (const barrier of await barriersOn(gallery.page, ['color-contrast']))
      found.push(`${scene}, dark: ${barrier}`);
  }
  expect(found).toEqual([]);
});
