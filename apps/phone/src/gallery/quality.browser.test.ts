import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

/* [H3 D9] How a call sounds, what people think of it, and the self-test: found by name, worked with the keyboard. */

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

const button = (name: string | RegExp) => page.getByRole('button', { name });

it('[H3] words say what is wrong and the details what to do, by keyboard and back', async () => {
  await gallery.show('quality-weak');
  const line = button('Show details of the sound: Weak network: the other side may hear gaps');
  await line.press('Enter');
  const details = page.getByTestId('quality-details');
  await details.getByText('12.4%').waitFor();
  expect(await details.textContent()).toContain('Direct (UDP)');
  expect(await details.textContent()).toContain('Go nearer to the Wi-Fi');
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
});

it('[H3] nothing moves when the words come: the buttons stand where they stood', async () => {
  const where = () => button('Hang up').boundingBox();
  await page.setViewportSize({ width: 360, height: 640 });
  await gallery.show('connected-full');
  const before = await where();
  await gallery.show('quality-weak');
  await button(/^Show details/u).waitFor();
  expect(await where()).toEqual(before);
  await page.setViewportSize({ width: 1280, height: 800 });
});

it('[H3] a rating with the keyboard: stars, what the phone suspects is marked, sent', async () => {
  await gallery.show('rating-poor');
  const card = page.getByRole('region', { name: 'How was the sound?' });
  await card.getByRole('radio', { name: '2 of 5 stars' }).press('Space');
  expect(await card.getByRole('checkbox', { name: 'Gaps' }).isChecked()).toBe(true);
  await button('Send').press('Enter');
  await card.waitFor({ state: 'detached' });
});

it('[D9] the self-test says each part, and the log is seen before it is sent', async () => {
  await gallery.show('check-failed');
  await button('Start the test').press('Enter');
  await button('Test again').waitFor();
  const lines = await page.getByRole('listitem').allTextContents();
  expect(lines).toHaveLength(8);
  expect(lines.join('\n')).toContain('Telephone connectorNot connectedTell your administrator');
  await button('Show the log').press('Enter');
  expect(await page.getByLabel('What would be sent').inputValue()).toContain('offhook-log');
  await button('Send to support@demo.example').press('Enter');
  await page.getByText('Sent. Support will get in touch with you.').waitFor();
});
