import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 800 };

let gallery: Gallery;
let scenes: readonly string[];

beforeAll(async () => {
  gallery = await openGallery();
  scenes = await gallery.scenes();
});
afterAll(() => gallery.close());

/** What axe calls serious or critical, as `rule: where`. `rules`: these alone. */
async function barriers(rules?: readonly string[]): Promise<string[]> {
  return gallery.page.evaluate(async (only) => {
    const { violations } = await (
      window as unknown as {
        axe: {
          run(options: object): Promise<{
            violations: {
              id: string;
              impact: string;
              nodes: { target: string[]; failureSummary: string }[];
            }[];
          }>;
        };
      }
    ).axe.run(only === undefined ? {} : { runOnly: [...only] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
      );
  }, rules);
}

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
      await gallery.page.evaluate(axe);
      for (const barrier of await barriers()) found.push(`${scene}: ${barrier}`);
      // At once: colours on their way from light to dark are neither.
      await gallery.page.addStyleTag({ content: '* { transition: none !important; }' });
      await gallery.page.evaluate(() => {
        document.documentElement.dataset['mantineColorScheme'] = 'dark';
      });
      for (const barrier of await barriers(['color-contrast'])) found.push(`${scene}, dark: ${barrier}`);
      await gallery.page.setViewportSize(NARROW);
      const width = await gallery.page.evaluate(() => document.documentElement.scrollWidth);
      if (width > NARROW.width) found.push(`${scene} is ${width} wide`);
    }
    expect({ errors: gallery.errors, found }).toEqual({ errors: [], found: [] });
  },
);
