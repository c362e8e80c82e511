import { chromium, type Browser, type Page } from 'playwright-core';
import { servePage } from './gallery-server.ts';
import type { SceneName } from '../src/gallery/scenes.ts';

export interface Gallery {
  readonly page: Page;
  /** What the page threw, in all scenes that were shown. */
  readonly errors: readonly string[];
  show(scene: SceneName): Promise<void>;
  close(): Promise<void>;
}

/** The gallery in a real browser, on a desk's screen, in English. */
export async function openGallery(): Promise<Gallery> {
  const server = await servePage('gallery');
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return {
    page,
    errors,
    async show(scene) {
      await page.goto(`${server.url}?scene=${scene}`);
      await page.locator('#root > *').first().waitFor({ state: 'attached' });
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', ...args],
  });
}
