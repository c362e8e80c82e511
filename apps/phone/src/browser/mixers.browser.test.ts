import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { servePage, type PageServer } from '../../scripts/gallery-server.ts';
import { launchChromium } from '../../scripts/open-gallery.ts';
import type { bench, Heard } from './testing/mixing-page.ts';

/* [A5] Two real peer connections of one page: what each far end hears, by ear. */

let server: PageServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await servePage('mixing');
  browser = await launchChromium([
    '--autoplay-policy=no-user-gesture-required',
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ]);
  page = await browser.newPage();
  await page.goto(server.url);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

type Act = Exclude<keyof typeof bench, 'heard' | 'stats'>;

function act(name: Act, muted = false): Promise<void> {
  return page.evaluate(([what, flag]) => (window as unknown as { bench: typeof bench }).bench[what](flag), [
    name,
    muted,
  ] as const);
}

/** Decibels: a tone is far above this, silence and what a codec leaves of it far below. */
const AUDIBLE = -60;

/** What each far end hears now. */
async function ears(): Promise<readonly { own: boolean; other: boolean }[]> {
  const levels = await page.evaluate((): Promise<readonly Heard[]> =>
    (window as unknown as { bench: typeof bench }).bench.heard(),
  );
  return levels.map(({ own, other }) => ({ own: own > AUDIBLE, other: other > AUDIBLE }));
}

const until = { timeout: 30_000, interval: 50 };
const both = (own: boolean, other: boolean) => [
  { own, other },
  { own, other },
];

const stats = () => page.evaluate(() => (window as unknown as { bench: typeof bench }).bench.stats());

it('[H3] a real connection tells how it sounds: both ways, the microphone, codec and path', async () => {
  await expect
    .poll(async () => {
      const { sent, received, source } = (await stats()) ?? {};
      return [sent?.packets, received?.samples, received?.energy, source?.energy].every(
        (one) => (one ?? 0) > 0,
      );
    }, until)
    .toBe(true);
  const told = await stats();
  expect(told).toMatchObject({ codec: 'G722', path: { kind: 'direct', protocol: 'udp' } });
  expect(told?.roundTripMs).toBeLessThan(1_000);
  expect(told?.received?.lost).toBeGreaterThanOrEqual(0);
  expect(told?.received?.jitterMs).toBeGreaterThanOrEqual(0);
  // A tone of 0.3 at its peak.
  const level = Math.sqrt((told?.source?.energy ?? 0) / (told?.source?.seconds ?? 1));
  expect(level).toBeGreaterThan(0.05);
  expect(level).toBeLessThan(0.5);
});

it('[A5] each side hears this person and the other side; muting silences this person alone', async () => {
  await expect.poll(ears, until).toEqual(both(true, false));
  await act('join');
  await expect.poll(ears, until).toEqual(both(true, true));
  await act('mute', true);
  await expect.poll(ears, until).toEqual(both(false, true));
  await act('mute', false);
  await expect.poll(ears, until).toEqual(both(true, true));
  await act('part');
  await expect.poll(ears, until).toEqual(both(true, false));
});
