import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

/* The history as people use it, and the voicemail button. */

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const note = () => page.getByRole('dialog').getByLabel('Note');

it('[D7] search, filter, details with the members of a conference, a note that is saved, deletion and undo: by keyboard', async () => {
  await gallery.show('history-rich');
  await button('Details of the call with Conference').press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Conference' });
  await dialog.waitFor();
  expect(await dialog.getByRole('definition').allTextContents()).toEqual(
    expect.arrayContaining([expect.stringMatching(/Ben Carter.*Carla Duval/u)]),
  );
  await note().fill('Ask about the budget');
  await dialog.getByText('Saved', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listitem').getByText('Ask about the budget').waitFor();
  await page.getByLabel('Search name, number or note').fill('budget');
  await expect
    .poll(() =>
      page
        .getByRole('listitem')
        .getByRole('button', { name: /^Details/u })
        .count(),
    )
    .toBe(1);
  await button('Details of the call with Conference').click();
  await dialog.getByRole('button', { name: 'Delete' }).press('Enter');
  await page.getByText('Nothing found').waitFor();
  await button('Undo').press('Enter');
  await button('Details of the call with Conference').waitFor();
  await button('Clear search').click();
  await page.getByText('Missed', { exact: true }).first().click();
  await expect
    .poll(() =>
      page.locator('[data-kind]').evaluateAll((all) => [...new Set(all.map((one) => one.dataset['kind']))]),
    )
    .toEqual(['missed']);
  expect(gallery.errors).toEqual([]);
});

it('[D7] a note that cannot be saved says so and is kept', async () => {
  await gallery.show('history-fails');
  await button(/^Details of the call with Carla/u)
    .first()
    .click();
  await note().fill('Kept');
  await page.getByRole('dialog').getByText('Not saved', { exact: true }).waitFor();
  expect(await note().inputValue()).toBe('Kept');
});

it('[D7] missed calls that nobody has looked at are counted on the tab', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  await gallery.show('history-many-missed');
  const tab = page.getByRole('navigation').getByRole('button', { name: /Recent/u });
  expect(await tab.textContent()).toContain('99+');
  expect(await tab.textContent()).toContain('128 new missed calls');
  await page.setViewportSize({ width: 1280, height: 800 });
});

it('[D7] ten thousand calls: few are drawn, and a jump, a key or a filter takes the page less than 100 ms', async () => {
  await gallery.show('history-long');
  await page.locator('[data-kind]').first().waitFor();
  const session = await page.context().newCDPSession(page);
  // Time of the processor, not of the clock: a machine that is busy with other things makes nobody slower here.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
  const drawn = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const spent = async (act: () => Promise<unknown>): Promise<number> => {
    const before = await worked();
    await act();
    await drawn();
    return (await worked()) - before;
  };
  const jumps: number[] = [];
  for (let turn = 1; turn <= 10; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop
    jumps.push(await spent(() => page.evaluate((y) => window.scrollTo(0, y), turn * 60_000)));
  }
  const rows = page.locator('[data-kind]');
  expect(await rows.count()).toBeLessThan(60);
  const top = await rows.first().evaluate((one) => one.getBoundingClientRect().top);
  expect(Math.abs(top)).toBeLessThan(1_000);
  const field = page.getByLabel('Search name, number or note');
  const keys: number[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (const key of 'ben carter') keys.push(await spent(() => field.press(key === ' ' ? 'Space' : key)));
  const filters: number[] = [];
  for (const filter of ['Outgoing', 'Incoming', 'Missed', 'All', 'Outgoing']) {
    const label = page.getByText(filter, { exact: true }).first();
    // oxlint-disable-next-line no-await-in-loop
    filters.push(await spent(() => label.click()));
  }
  // Of a build for development, which is slower than the one that is delivered; the first of each kind also pays for what is compiled then.
  expect(Math.max(...[jumps, keys, filters].map(median))).toBeLessThan(100);
  await session.detach();
});

const median = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

it.each([
  ['voicemail-none', 'Voicemail', undefined],
  ['voicemail-one', 'Voicemail, 1 new', '1'],
  ['voicemail-unknown-count', 'Voicemail, new messages', ''],
  ['voicemail-many', 'Voicemail, 128 new', '99+'],
] as const)('[A12] %s: the button is called “%s” and shows %s', async (scene, name, shown) => {
  await gallery.show(scene);
  const one = button(name);
  await one.waitFor();
  const counts = await one
    .locator('[data-count]')
    .evaluateAll((found) => found.map((each) => each.getAttribute('data-count')));
  expect(counts).toEqual(shown === undefined ? [] : [shown]);
  expect(await one.getAttribute('data-new')).toBe(shown === undefined ? null : 'true');
});
