import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';
import type { SceneName } from './scenes.ts';

/* [D5 H7] The names of the sound settings, and what is said of devices that come and go. */

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });

async function openSound(scene: SceneName): Promise<void> {
  await gallery.show(scene);
  await page.evaluate(() => {
    window.location.hash = 'settings/sound';
  });
  await page.getByRole('heading', { name: 'Sound', exact: true }).waitFor();
}

it('[D5] each role is a field with the devices that are there; the list of groups leads to each', async () => {
  await openSound('sound-devices');
  for (const name of ['Microphone', 'Speaker', 'Ringer', 'Second ringer', 'Ring tone']) {
    // One page: one field after the other.
    // oxlint-disable-next-line no-await-in-loop
    expect(await page.getByLabel(name, { exact: true }).count()).toBe(1);
  }
  const speaker = page.getByLabel('Speaker', { exact: true });
  const chosen = (): Promise<string> =>
    speaker.evaluate((field: HTMLSelectElement) => field.selectedOptions[0]?.text ?? '');
  expect(await chosen()).toBe('Headset (Jabra Evolve2 65)');
  await speaker.selectOption({ label: 'Built-in Audio (Realtek)' });
  expect(await chosen()).toBe('Built-in Audio (Realtek)');
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await expect.poll(() => page.evaluate(() => window.location.hash)).toBe('#settings/account');
  expect(await page.getByRole('heading', { name: 'Account', exact: true }).isVisible()).toBe(true);
});

it('[D5] a microphone that another program holds is said in words, and the test can be tried again', async () => {
  await openSound('sound-devices');
  await button('Test the microphone').click();
  await page.getByText('The microphone is used by another program').waitFor();
  expect(await button('Test the microphone').count()).toBe(1);
});

it('[D5] a headset that is plugged in during a call is one question; nothing on the page moves for it', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  await gallery.show('device-arrived');
  await page.getByText('Headset (Jabra Evolve2 65) is plugged in. Use it?').waitFor();
  const before = await button('Hang up').boundingBox();
  await button('Use it').click();
  await page.getByText(/is plugged in/u).waitFor({ state: 'detached' });
  expect(await button('Hang up').boundingBox()).toEqual(before);
  await page.setViewportSize({ width: 1280, height: 800 });
});

it('[D5] a device that went or came back is said; [H7] so is that nobody hears who speaks', async () => {
  await gallery.show('device-lost');
  await page.getByText('The call goes on over Built-in Audio (Realtek).').waitFor();
  await gallery.show('device-back');
  await page.getByText('Headset (Jabra Evolve2 65) is in use now.').waitFor();
  await gallery.show('muted-speech');
  await page.getByText('You are muted: nobody hears you.').waitFor();
  expect(await button('Let them hear me').count()).toBe(1);
});

it('[D5] the settings are no wider than a narrow phone, whatever the browser can do', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  const widths: number[] = [];
  for (const scene of ['sound-devices', 'sound-withheld', 'sound-picked', 'sound-fixed'] as const) {
    // oxlint-disable-next-line no-await-in-loop
    await openSound(scene);
    // oxlint-disable-next-line no-await-in-loop
    widths.push(await page.evaluate(() => document.documentElement.scrollWidth));
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(widths).toEqual([360, 360, 360, 360]);
});
