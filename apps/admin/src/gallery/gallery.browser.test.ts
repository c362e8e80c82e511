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

/** What axe calls serious or critical, as `rule: where`. */
async function barriers(): Promise<string[]> {
  await gallery.page.evaluate(axe);
  return gallery.page.evaluate(async () => {
    const { violations } = await (
      window as unknown as {
        axe: {
          run(): Promise<{
            violations: {
              id: string;
              impact: string;
              nodes: { target: string[]; failureSummary: string }[];
            }[];
          }>;
        };
      }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
      );
  });
}

/* One page: one scene after the other. */
/* oxlint-disable no-await-in-loop */

it('every scene draws without an error, and nothing is wider than a narrow phone', async () => {
  const wide: string[] = [];
  await gallery.page.setViewportSize(NARROW);
  for (const scene of scenes) {
    await gallery.show(scene);
    const width = await gallery.page.evaluate(() => document.documentElement.scrollWidth);
    if (width > NARROW.width) wide.push(`${scene}: ${width}`);
  }
  await gallery.page.setViewportSize(WIDE);
  expect({ errors: gallery.errors, wide }).toEqual({ errors: [], wide: [] });
});

it.each(['light', 'dark'] as const)('axe finds nothing serious in any scene, %s', async (scheme) => {
  const found: string[] = [];
  for (const scene of scenes) {
    await gallery.show(scene, { scheme });
    for (const barrier of await barriers()) found.push(`${scene}: ${barrier}`);
  }
  expect(found).toEqual([]);
});
