import { barriersOn, darken } from '@offhook/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 800 };

let gallery: Gallery;
let scenes: readonly string[];

beforeAll(async () => {
  gallery = await openGallery();
  scenes = await gallery.scenes();
});
afterAll(() => gallery.close());

/* One page: one scene after the other. */
/* oxlint-disable no-await-in-loop */

/** Each scene is loaded once: what differs in the dark is colours alone. */
it(
  'every scene draws without an error, axe finds nothing serious in it by light and by dark, and it fits a narrow phone',
  { timeout: 300_000 },
  async () => {
    const found: string[] = [];
    for (const scene of scenes) {
      await gallery.page.setViewportSize(WIDE);
      await gallery.show(scene);
      for (const barrier of await barriersOn(gallery.page)) found.push(`${scene}: ${barrier}`);
      await darken(gallery.page);
      for (const barrier of await barriersOn(gallery.page, ['color-contrast']))
        found.push(`${scene}, dark: ${barrier}`);
      await gallery.page.setViewportSize(NARROW);
      const width = await gallery.page.evaluate(() => document.documentElement.scrollWidth);
      if (width > NARROW.width) found.push(`${scene} is ${width} wide`);
    }
    expect({ errors: gallery.errors, found }).toEqual({ errors: [], found: [] });
  },
);
