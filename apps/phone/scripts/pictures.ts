/**
 * Takes pictures of the gallery's scenes: `node apps/phone/scripts/pictures.ts <folder> [scene…]`, light and dark, on a
 * desk's screen, a large one, a desk's at 200 %, and a phone's upright and on its side; a scene `connected+keypad` with
 * its keypad open, `idle@de` in German.
 * Needs Chromium (`CHROMIUM_PATH`, default /usr/bin/chromium).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { servePage } from './gallery-server.ts';

const [folder = 'pictures', ...wanted] = process.argv.slice(2);
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 640, height: 400 },
  { width: 360, height: 640 },
  { width: 640, height: 360 },
];
const schemes = ['light', 'dark'];

const server = await servePage('gallery');
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});
await mkdir(folder, { recursive: true });
const page = await browser.newPage({ reducedMotion: 'reduce' });
page.on('pageerror', (error) => process.stderr.write(`${page.url()}: ${error.message}\n`));

await page.goto(server.url, { waitUntil: 'networkidle' });
const scenes =
  wanted.length > 0
    ? wanted
    : await page
        .locator('li')
        .evaluateAll((items) => items.map((item) => (item.textContent ?? '').split(':')[0] ?? ''));
for (const scene of scenes) {
  const [name = '', act = '', language = 'en'] =
    /^([\w-]+)(?:\+(\w+))?(?:@(\w+))?$/u.exec(scene)?.slice(1) ?? [];
  for (const scheme of schemes) {
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.goto(`${server.url}?scene=${name}&scheme=${scheme}&language=${language}`, {
        waitUntil: 'load',
      });
      await page.locator('#root > *').first().waitFor({ state: 'attached' });
      if (act === 'keypad') await page.getByRole('button', { name: 'Keypad' }).click();
      if (act === 'settings')
        await page
          .getByRole('button', { name: /settings$|einstellungen$/iu })
          .and(page.locator(':visible'))
          .click();
      if (act === 'presence') await page.getByRole('button', { name: /^(Your status|Ihr Status)/u }).click();
      if (act === 'ways') await page.getByRole('button', { name: 'Other ways to dial' }).click();
      if (act === 'place') await page.getByRole('button', { name: /^(Where this call|Wo dieser)/u }).click();
      if (act === 'transfer' || act === 'target') {
        await page.locator('button[data-service="transfer"]').click();
        await page.getByLabel(/^(Person or number|Person oder Nummer)$/u).pressSequentially('a');
        await page.getByRole('option').first().waitFor();
        if (act === 'target') await page.getByRole('option').first().click();
      }
      if (act === 'search') await page.getByLabel('Name or number').pressSequentially('a');
      if (act === 'account') await page.getByRole('button', { name: /^(Account|Konto)/u }).click();
      if (act === 'recent')
        await page
          .getByRole('navigation')
          .getByRole('button', { name: 'Recent' })
          .click({ timeout: 500 })
          .catch(() => undefined);
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(folder, `${scene}-${size.width}x${size.height}-${scheme}.png`) });
    }
  }
}
await browser.close();
await server.close();
