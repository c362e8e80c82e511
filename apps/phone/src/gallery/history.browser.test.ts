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

it('[D7] ten thousand calls: few are drawn, and typing, filtering and scrolling answer within 100 ms', async () => {
  await gallery.show('history-long');
  await page.locator('[data-kind]').first().waitFor();
  expect(await page.locator('[data-kind]').count()).toBeLessThan(60);
  const scrolls = await page.evaluate(async () => {
    const times: number[] = [];
    for (let turn = 1; turn <= 20; turn += 1) {
      const before = performance.now();
      window.scrollTo(0, turn * 30_000);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - before);
    }
    return times;
  });
  const top = await page
    .locator('[data-kind]')
    .first()
    .evaluate((one) => one.getBoundingClientRect().top);
  expect(Math.abs(top)).toBeLessThan(1_000);
  await page.evaluate(() => {
    const slow: number[] = [];
    Object.assign(window, { slow });
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) slow.push(duration);
    });
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  await page.getByLabel('Search name, number or note').pressSequentially('ben carter');
  await page.getByText('Outgoing', { exact: true }).first().click();
  const keys = await page.evaluate(() => (window as unknown as { slow: number[] }).slow);
  // The usual one: on a machine that has other things to do any single one may wait for its turn.
  expect(median(scrolls)).toBeLessThan(100);
  expect(median(keys)).toBeLessThan(100);
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
  expect(await one.locator('[aria-hidden="true"]:not(svg)').allTextContents()).toEqual(
    shown === undefined ? [] : [shown],
  );
  expect(await one.getAttribute('data-new')).toBe(shown === undefined ? null : 'true');
});
