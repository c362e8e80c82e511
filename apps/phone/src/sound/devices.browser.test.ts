import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { servePage, type PageServer } from '../../scripts/gallery-server.ts';
import { launchChromium } from '../../scripts/open-gallery.ts';
import type { bench } from '../browser/testing/sound-page.ts';

/* [D5 H7] The phone's sound at Chromium's made-up devices: three microphones that beep, three speakers. */

let server: PageServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await servePage('sound');
  browser = await launchChromium([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ]);
  page = await browser.newPage();
  await page.goto(server.url);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

type Bench = typeof bench;

function act<Name extends keyof Bench>(
  name: Name,
  ...args: Parameters<Bench[Name]>
): Promise<Awaited<ReturnType<Bench[Name]>>> {
  type Acts = Record<Name, (...of: readonly unknown[]) => ReturnType<Bench[Name]>>;
  const call = ([what, given]: readonly [Name, readonly unknown[]]) =>
    (window as unknown as { bench: Acts }).bench[what](...given);
  return page.evaluate(call as (of: unknown) => Awaited<ReturnType<Bench[Name]>>, [name, args]);
}

const until = { timeout: 15_000, interval: 50 };

it('[D5 H7] names come with the permission; the chosen microphone is the one that opens; it is heard here while muted', async () => {
  await act('open');
  expect(await act('names')).toEqual(
    expect.arrayContaining(['audioinput Fake Audio Input 2', 'audiooutput Fake Audio Output 1']),
  );
  const chosen = await act('choose', 'microphone', 'Fake Audio Input 2');
  expect(await act('open')).toBe(chosen);
  await act('mute');
  await expect.poll(() => act('loudness'), until).toBeGreaterThan(-40);
});

it('[H7] noise suppression changes with the microphone open', async () => {
  expect(await act('noiseSuppression', false)).toBe(false);
  expect(await act('noiseSuppression', true)).toBe(true);
});

it('[D5 H7] it rings at two devices at once', async () => {
  const ringer = await act('choose', 'ringer', 'Fake Audio Output 1');
  const second = await act('choose', 'secondRinger', 'Fake Audio Output 2');
  await act('ring');
  await expect.poll(async () => (await act('sentTo')).toSorted(), until).toEqual([ringer, second].toSorted());
});

it('[D5] the choice is there after a reload', async () => {
  const before = await act('open');
  await page.reload();
  expect(await act('open')).toBe(before);
});
