import { chromium, type Page } from 'playwright-core';
import { serveGallery } from './gallery-server.ts';

export interface ShowOptions {
  readonly scheme?: 'light' | 'dark';
  readonly language?: string;
}

export interface Gallery {
  readonly page: Page;
  /** What the page threw, in all scenes that were shown. */
  readonly errors: readonly string[];
  show(scene: string, options?: ShowOptions): Promise<void>;
  /** The names of all scenes. */
  scenes(): Promise<string[]>;
  close(): Promise<void>;
}

/** The gallery in a real browser, on a desk's screen, in English. */
export async function openGallery(): Promise<Gallery> {
  const server = await serveGallery();
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return {
    page,
    errors,
    async show(scene, { scheme = 'light', language = 'en' } = {}) {
      await page.goto(`${server.url}?scene=${scene}&scheme=${scheme}&language=${language}`);
      await page.locator('h1, h2, [role="dialog"], #content').first().waitFor();
    },
    async scenes() {
      await page.goto(server.url);
      await page.locator('li').first().waitFor();
      return page.locator('li').evaluateAll((items) => items.map((item) => item.dataset['scene'] ?? ''));
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
