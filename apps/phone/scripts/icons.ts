/**
 * Draws the icon set: SVG for the browser's tab, PNG for installed apps. Run after a change of the mark and commit what it
 * writes: `node apps/phone/scripts/icons.ts`. Needs Chromium (`CHROMIUM_PATH`, default /usr/bin/chromium).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = new URL('../public/icons/', import.meta.url);

const accent = '#2458df';
const green = '#0f8454';
const amber = '#d98a0b';

/** The handset, lifted off its hook; the same as `packages/ui/src/components/Logo.tsx`. */
const glyph = `<g fill="none" stroke="#fff" stroke-linecap="round">
<path d="M18 29a18 18 0 0 1 28 0" stroke-width="6.500" transform="rotate(-18 32 32)"/>
<path d="M17.500 30v4M46.500 30v4" stroke-width="10" transform="rotate(-18 32 32)"/>
<path d="M24 50h16" stroke-width="5" opacity=".55"/>
</g>`;

function svg(background: string, options: { radius: number; scale?: number; dot?: string }): string {
  const { radius, scale = 1, dot } = options;
  const shift = 32 * (1 - scale);
  const mark = `<g transform="translate(${shift} ${shift}) scale(${scale})">${glyph}</g>`;
  const badge =
    dot === undefined ? '' : `<circle cx="50" cy="14" r="12" fill="${dot}" stroke="#fff" stroke-width="4"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="${radius}" fill="${background}"/>${mark}${badge}</svg>\n`;
}

const rounded = svg(accent, { radius: 18 });
const files = {
  'icon.svg': rounded,
  'favicon.svg': rounded,
  'favicon-ringing.svg': svg(accent, { radius: 18, dot: amber }),
  'favicon-talking.svg': svg(green, { radius: 18 }),
};

/** Platforms cut maskable icons and iOS's to their own shape: full bleed, the mark inside the safe zone. */
const pictures = [
  { name: 'icon-192.png', size: 192, source: rounded },
  { name: 'icon-512.png', size: 512, source: rounded },
  { name: 'icon-maskable-512.png', size: 512, source: svg(accent, { radius: 0, scale: 0.8 }) },
  { name: 'apple-touch-icon.png', size: 180, source: svg(accent, { radius: 0, scale: 0.86 }) },
];

await mkdir(folder, { recursive: true });
await Promise.all(Object.entries(files).map(([name, text]) => writeFile(new URL(name, folder), text)));

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
for (const { name, size, source } of pictures) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${source}`);
  await page.screenshot({ path: fileURLToPath(new URL(name, folder)), omitBackground: true });
}
await browser.close();
