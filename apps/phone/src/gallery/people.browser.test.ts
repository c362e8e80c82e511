import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const team = () => page.getByRole('region', { name: 'Team' }).getByRole('listitem');
const names = async () =>
  (await team().allTextContents()).map((text) => text.replace(/^[A-ZÅ]{2}/u, '').slice(0, 3));

it('[H5] favourites are put in order by keys, by the menu and by dragging; a removal is undone', async () => {
  await gallery.show('team');
  await button('Call Ben Carter').focus();
  expect(await names()).toEqual(['Ben', 'Car', 'Dav', 'Max', 'Zoë']);
  await page.keyboard.press('Alt+ArrowDown');
  expect(await names()).toEqual(['Car', 'Ben', 'Dav', 'Max', 'Zoë']);
  await page.getByText('Ben Carter is now number 2 of 5.').waitFor({ state: 'attached' });
  await button('More for Zoë Ångström').click();
  await page.getByRole('menuitem', { name: 'Move up' }).click();
  expect(await names()).toEqual(['Car', 'Ben', 'Dav', 'Zoë', 'Max']);
  await team().nth(4).dragTo(team().nth(0));
  expect(await names()).toEqual(['Max', 'Car', 'Ben', 'Dav', 'Zoë']);
  await button('More for Carla Duval').click();
  await page.getByRole('menuitem', { name: 'Remove from favourites' }).click();
  expect(await names()).toEqual(['Max', 'Ben', 'Dav', 'Zoë']);
  await button('Undo').click();
  expect(await names()).toEqual(['Max', 'Car', 'Ben', 'Dav', 'Zoë']);
});

it('[H5] what telephones do is said in words; one that rings offers its call, and who it is does not show', async () => {
  await gallery.show('team');
  await button('Pick up the call for David Engel').waitFor();
  expect(await team().nth(2).textContent()).toContain('Phone is ringing');
  expect(await button('Call Carla Duval').count()).toBe(1);
});

it('[C2 D7] fifty thousand people are a short list to the page, narrowed and jumped through', async () => {
  await gallery.show('contacts-many');
  await page.getByText('50,000 people').waitFor();
  const rows = page.getByRole('region', { name: 'Contacts' }).last().getByRole('listitem');
  expect(await rows.count()).toBeLessThan(40);
  await button('J').click();
  await button('Open Jürgen Albrecht 10009').waitFor();
  await page.getByRole('textbox', { name: 'Search people' }).fill('jansen jur 99');
  await button('Open Jürgen Jansen 99').waitFor();
  await page.getByText('3 people').waitFor();
  expect(gallery.errors).toEqual([]);
});

it('[D7] the search field finds names in any order and numbers in any format', async () => {
  await gallery.show('contacts-many');
  const field = page.getByRole('combobox');
  for (const [typed, found] of [
    ['huber fat 75', 'Fatima Huber 75'],
    ['089 700075', 'Fatima Huber 75'],
    ['+49 (0)89 7000-75', 'Fatima Huber 75'],
  ] as const) {
    // One field: one text after the other.
    // oxlint-disable-next-line no-await-in-loop
    await field.fill(typed);
    // oxlint-disable-next-line no-await-in-loop
    await page.getByRole('option').filter({ hasText: found }).first().waitFor();
  }
  expect(await field.getAttribute('aria-expanded')).toBe('true');
});

it('[A4 C2] during a call a contact is somewhere to send it', async () => {
  await gallery.show('contacts-in-call');
  await button('Open Ben Carter').click();
  for (const name of ['Call', 'Transfer +49 89 636480018 here', 'Ask about +49 89 636480018 first']) {
    expect(await button(name).last().isVisible()).toBe(true);
  }
  await button('All contacts').click();
  await button('Open Ben Carter').waitFor();
});
