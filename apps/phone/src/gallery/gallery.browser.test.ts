import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';
import { scenes, type SceneName } from './scenes.ts';

/* The accessible names are part of the interface: whoever drives the phone, a person with a screen reader or a test, finds it by them. */

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

const show = (scene: SceneName): Promise<void> => gallery.show(scene);

const button = (name: string) => page.getByRole('button', { name, exact: true });

const inSight: readonly (readonly [SceneName, readonly string[]])[] = [
  ['incoming', ['Answer', 'Reject']],
  ['incoming-no-microphone', ['Answer', 'Reject', 'Listen only']],
  ['incoming-while-talking', ['Answer', 'Reject']],
  ['connected', ['Mute', 'Keypad', 'Hold', 'Hang up']],
  ['long-name', ['Mute', 'Keypad', 'Hold', 'Hang up']],
  ['connected-full', ['Mute', 'Keypad', 'Hold', 'Transfer', 'Second call', 'Hang up']],
  ['incoming-full', ['Answer', 'Reject', 'To voicemail', 'Send on', 'At desk phone']],
  ['incoming-second-full', ['Answer', 'Reject']],
  ['desk-phone', ['Continue here', 'Hold', 'Transfer', 'Hang up']],
];

/** The whole of it is on the screen and nothing lies over it. */
function isInSight(name: string): Promise<boolean> {
  return button(name)
    .first()
    .evaluate((one: HTMLElement) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      const corners = [
        [left + right, 2 * top + 2],
        [left + right, 2 * bottom - 2],
      ] as const;
      return corners.every(([x, y]) => one.contains(document.elementFromPoint(x / 2, y / 2)));
    });
}

it('[A4 A5] on an upright phone the waiting call’s buttons are in sight below the large card', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  await show('consulting');
  const names = ['Transfer', 'Swap', 'Merge', 'Complete transfer', 'Back to Ben Carter'];
  const seen = await Promise.all(names.map(isInSight));
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(seen).toEqual(names.map(() => true));
});

it('[A2] on an upright phone the keys and Hang up are in sight together', async () => {
  await page.setViewportSize({ width: 360, height: 640 });
  await show('connected-full');
  await button('Keypad').click();
  const names = ['1', '#', 'Hang up'];
  const seen = await Promise.all(names.map(isInSight));
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(seen).toEqual(names.map(() => true));
});

function focusedName(): Promise<string | undefined> {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? undefined;
  });
}

async function statuses(): Promise<string[]> {
  await page.getByRole('status').first().waitFor();
  return page.getByRole('status').allTextContents();
}

it('every scene draws without an error, and nothing is wider than a narrow phone', async () => {
  const wide: string[] = [];
  await page.setViewportSize({ width: 360, height: 640 });
  for (const scene of Object.keys(scenes) as SceneName[]) {
    // One page: one scene after the other.
    // oxlint-disable-next-line no-await-in-loop
    await show(scene);
    // oxlint-disable-next-line no-await-in-loop
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) wide.push(`${scene}: ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  expect({ errors: gallery.errors, wide }).toEqual({ errors: [], wide: [] });
});

it.each([
  [360, 640],
  [640, 360],
  [640, 400],
])('on a screen of %i×%i what a call permits is in sight without scrolling', async (width, height) => {
  await page.setViewportSize({ width, height });
  const hidden: string[] = [];
  for (const [scene, names] of inSight) {
    // oxlint-disable-next-line no-await-in-loop
    await show(scene);
    for (const name of names) {
      // oxlint-disable-next-line no-await-in-loop
      if (!(await isInSight(name))) hidden.push(`${scene}: ${name}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(hidden).toEqual([]);
});

describe('names', () => {
  it('sign-in: Email, Password, Sign in; a wrong password is said in words', async () => {
    await show('sign-in');
    await page.getByLabel('Email').fill('anna@demo.example');
    await page.getByLabel('Password').fill('wrong');
    await button('Sign in').click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('E-mail address or password is wrong.');
  });

  it('sign-in with a conversation that outlived its session: it can be muted and ended', async () => {
    await show('sign-in-talking');
    const card = page.getByRole('article', { name: 'Ben Carter' });
    const names = await card.getByRole('button').all();
    expect(await Promise.all(names.map((one) => one.getAttribute('aria-label')))).toEqual([
      'Mute',
      'Hang up',
    ]);
  });

  it('idle: one search field, exactly one button Call, and the keys', async () => {
    await show('idle');
    await page.getByLabel('Name or number').waitFor();
    expect(await page.getByRole('button', { name: 'Call' }).count()).toBe(1);
    const keys = await page.getByRole('group', { name: 'Dial pad' }).getByRole('button').all();
    const names = await Promise.all(keys.map((key) => key.getAttribute('aria-label')));
    expect(names.join('')).toBe('123456789*0#');
    await button('1').click();
    await button('0').click();
    expect(await page.getByLabel('Name or number').inputValue()).toBe('10');
    expect(await page.getByRole('status').count()).toBe(0);
  });

  it.each([
    ['placing', 'Calling…', ['Hang up']],
    ['placing-unsure', 'Calling… (reconnecting)', ['Hang up']],
    ['calling', 'Calling…', ['Hang up']],
    ['ringing', 'Ringing…', ['Hang up', 'Mute', 'Keypad']],
    ['connected', 'Connected', ['Mute', 'Keypad', 'Hold', 'Hang up']],
    ['muted', 'Connected', ['Unmute', 'Keypad', 'Hold', 'Hang up']],
    ['held', 'On hold', ['Retrieve', 'Hang up']],
    ['held-by-remote', 'Held by the other side', ['Mute', 'Hang up']],
    ['incoming', 'Ringing…', ['Answer', 'Reject']],
    ['ended', 'Ended', []],
    ['ended-busy', 'Ended · Busy', []],
    ['ended-unknown', 'Ended · Unknown number', []],
  ] as const)('%s: status “%s”, buttons %j', async (scene, status, names) => {
    await show(scene);
    expect(await statuses()).toEqual([status]);
    const counts = await Promise.all(names.map(async (name) => [name, await button(name).count()]));
    expect(counts).toEqual(names.map((name) => [name, 1]));
    expect(await button('Answer').count()).toBe(scene === 'incoming' ? 1 : 0);
  });

  it('a call of another window is shown as such, without buttons that it does not permit', async () => {
    await show('other-window');
    expect(await statuses()).toEqual(['Connected']);
    expect(await page.getByText('Another window', { exact: true }).count()).toBe(1);
    expect(await button('Hang up').count()).toBe(0);
  });
});

describe('keyboard', () => {
  it('suggestions are options of a listbox; arrows mark, Escape closes', async () => {
    await show('idle');
    const field = page.getByRole('combobox', { name: 'Name or number' });
    await field.fill('car');
    await page.getByRole('option').first().waitFor();
    expect(await page.getByRole('option').allTextContents()).toEqual([
      expect.stringContaining('Ben Carter'),
      expect.stringContaining('Carla Duval'),
    ]);
    await field.press('ArrowDown');
    const marked = page.getByRole('option', { selected: true });
    expect(await marked.textContent()).toContain('Ben Carter');
    expect(await field.getAttribute('aria-activedescendant')).toBe(await marked.getAttribute('id'));
    await field.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
  });

  it('the focus stays in the call: after Answer on Mute, from Hold to Retrieve and back', async () => {
    await show('incoming');
    await button('Answer').focus();
    await page.keyboard.down('Enter');
    // A key that is held down repeats: it must not press what is there now.
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(await focusedName()).toBe('Mute');
    expect(await statuses()).toEqual(['Connected']);
    await button('Hold').press('Enter');
    expect(await focusedName()).toBe('Retrieve');
    await page.keyboard.press('Enter');
    expect(await focusedName()).toBe('Hold');
  });

  it('the focus goes to the search field when the call is over, unless it was elsewhere', async () => {
    await show('connected');
    await button('Hang up').press('Enter');
    expect(await focusedName()).toBe('Name or number');
    await show('connected');
    await page.getByRole('button', { name: /^Account/u }).focus();
    await button('Hang up').evaluate((one: HTMLElement) => one.click());
    expect(await statuses()).toEqual(['Ended']);
    expect(await focusedName()).toMatch(/^Account/u);
  });

  it('with the keypad open digits are keys of the call; Escape closes it', async () => {
    await show('connected');
    await button('Keypad').click();
    await page.keyboard.type('4');
    await button('#').click();
    expect(await page.getByLabel('Digits sent').textContent()).toBe('4#');
    await page.keyboard.press('Escape');
    await button('#').waitFor({ state: 'detached' });
    expect(await focusedName()).toBe('Keypad');
  });
});
