import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { HubServer } from '@offhook/headset/testing-hub';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';
import type { SceneName } from './scenes.ts';

/* A simulated headset at `navigator.hid`, and a simulated Hub: keys, lamps and the buttons on the screen. */

let gallery: Gallery;
let page: Page;

/** A scene's address names the open page in its fragment. */
const withoutFragment = (url: string): string => url.replace(/#.*$/u, '');

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

beforeEach(async () => {
  await gallery.show('idle');
  await page.evaluate(() => localStorage.removeItem('offhook.headset'));
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const state = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();

async function show(scene: SceneName): Promise<void> {
  await gallery.show(scene);
  await page.goto(`${withoutFragment(page.url())}&headset`);
  await button('Telephone settings').click();
  await page.getByRole('heading', { name: 'Headset' }).waitFor();
}

const press = (name: 'hook' | 'mute' | 'flash') =>
  page.evaluate((key) => window.headset?.device.press(key), name);

/** Resolves when the lamps are as wanted. */
const lamps = (wanted: { readonly offHook?: boolean; readonly ring?: boolean; readonly mute?: boolean }) =>
  page.waitForFunction(
    (of) => Object.entries(of).every(([name, lit]) => window.headset?.device.lamp(name as 'ring') === lit),
    wanted,
  );

/** Longer than the time in which a lamp may come back as a press. */
const noEcho = () =>
  page.evaluate(async () => {
    const begin = performance.now();
    while (performance.now() - begin < 200) await new Promise((resolve) => requestAnimationFrame(resolve));
  });

it('[D6] one click connects; answering, muting and hanging up go both ways', async () => {
  await show('incoming');
  await button('Connect headset').click();
  await state('Simulated headset');
  await lamps({ ring: true, offHook: false });
  await press('hook');
  await button('Mute').waitFor();
  await lamps({ ring: false, offHook: true });
  await noEcho();
  await press('mute');
  await button('Unmute').waitFor();
  await lamps({ mute: true });
  await button('Unmute').click();
  await button('Mute').waitFor();
  await lamps({ mute: false, offHook: true });
  await noEcho();
  await press('hook');
  await page.getByRole('status').filter({ hasText: 'Ended' }).waitFor();
  await lamps({ offHook: false });
  expect(gallery.errors).toEqual([]);
});

it('[D6] pulled out in a call the call goes on, and back again the headset is in step; it is remembered, and forgotten', async () => {
  await show('connected');
  await button('Connect headset').click();
  await state('Simulated headset');
  await lamps({ offHook: true });
  await page.evaluate(() => window.headset?.hid.unplug(window.headset.device));
  await state('Your headset is not plugged in');
  await button('Mute').click();
  await button('Unmute').waitFor();
  await page.evaluate(() => window.headset?.hid.plug(window.headset.device));
  await state('Simulated headset');
  await lamps({ offHook: true, mute: true });
  expect(await page.evaluate(() => localStorage.getItem('offhook.headset'))).toBe('webhid');
  await button('Forget').click();
  await state('No headset connected');
  expect(await page.evaluate(() => window.headset?.device.forgotten)).toBe(true);
});

it('[D6] a browser without WebHID says so, and offers the Hub', async () => {
  await gallery.show('idle');
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'hid', { value: undefined, configurable: true }),
  );
  await page.goto(withoutFragment(page.url()));
  await button('Telephone settings').click();
  await state('This browser cannot reach the keys of headsets');
  expect(await button('Connect headset').count()).toBe(0);
  await page.getByLabel('Connected through').selectOption('hub');
  await button('Connect headset').waitFor();
});

it('[D6] the Hub of Poly answers from its sandboxed frame', async () => {
  const hub = new HubServer();
  const url = await hub.listen();
  // As the cloud serves it (`apps/cloud/src/http/web-files.ts`), and from no loopback address: the browser asks the person, who allows it.
  await page.context().grantPermissions(['local-network-access']);
  await page.route('**/headset-hub.*', async (route) => {
    const response = await route.fetch();
    const policy =
      "sandbox allow-scripts; default-src 'none'; script-src 'self' http://127.0.0.1:32017; frame-ancestors 'self'";
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  // The Hub has one port for everybody; the simulated one has its own.
  await page.route('http://127.0.0.1:32017/**', async (route) => {
    const path = route.request().url().split('/Spokes/')[1] ?? '';
    const answer = await fetch(url + path);
    await route.fulfill({ contentType: 'application/javascript', body: await answer.text() });
  });
  await show('incoming');
  await page.getByLabel('Connected through').selectOption('hub');
  await button('Connect headset').click();
  await state('Simulated Poly headset');
  await expect.poll(() => hub.state.ringing).toBe(true);
  hub.pressHook();
  await button('Mute').waitFor();
  await expect.poll(() => hub.state).toEqual({ ringing: false, active: true, held: false });
  await button('Mute').click();
  await expect.poll(() => hub.muted).toBe(true);
  await button('Forget').click();
  await expect.poll(() => hub.registered).toBe(false);
  await page.unrouteAll();
  await hub.close();
});
