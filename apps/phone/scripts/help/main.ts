/**
 * Makes the guides of `docs/help` as PDF, one a language: `npm run docs:help`. With `-- --pictures` it first takes the pictures that
 * they show from the gallery, in every language; those are kept in the repository. Needs Chromium (`CHROMIUM_PATH`, default /usr/bin/chromium).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { helpLanguages, helpPictures, type HelpLanguage } from '../../src/help/contents.ts';
import { servePage } from '../gallery-server.ts';
import { launchChromium } from '../open-gallery.ts';
import { pdfFolder } from './plugin.ts';
import { helpFolder, printableHelp, renderHelp } from './render.ts';

/** Sharp on paper, and small enough to be kept. */
const SCALE = 1.5;
const QUALITY = 72;

async function takePictures(browser: Browser): Promise<void> {
  const server = await servePage('gallery');
  const context = await browser.newContext({ deviceScaleFactor: SCALE, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  for (const language of helpLanguages) {
    for (const [name, { scene, width, height }] of Object.entries(helpPictures)) {
      // One page: one picture after the other.
      /* oxlint-disable no-await-in-loop */
      await page.setViewportSize({ width, height });
      await page.goto(`${server.url}?scene=${scene}&language=${language}`, { waitUntil: 'networkidle' });
      await page.locator('#root > *').first().waitFor({ state: 'attached' });
      await page.evaluate(() => document.fonts.ready);
      const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
      await writeFile(join(helpFolder, language, `${name}.webp`), Buffer.from(data, 'base64'));
      /* oxlint-enable no-await-in-loop */
    }
  }
  await context.close();
  await server.close();
}

async function print(browser: Browser, language: HelpLanguage): Promise<void> {
  const html = printableHelp(language, renderHelp(language));
  // Beside the language's folder, for its pictures.
  const source = join(pdfFolder, `${language}.html`);
  await writeFile(source, html.replaceAll('src="', `src="${pathToFileURL(helpFolder).href}/`));
  const page = await browser.newPage();
  await page.goto(pathToFileURL(source).href, { waitUntil: 'load' });
  await page.pdf({
    path: join(pdfFolder, `offhook-${language}.pdf`),
    format: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    outline: true,
  });
  await page.close();
}

await mkdir(pdfFolder, { recursive: true });
const browser = await launchChromium();
try {
  if (process.argv.includes('--pictures')) await takePictures(browser);
  for (const language of helpLanguages) {
    // oxlint-disable-next-line no-await-in-loop
    await print(browser, language);
  }
} finally {
  await browser.close();
}
