import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';
import { helpPages } from '../help/contents.ts';

/* The names and keys of every call feature, of presence, voicemail and settings. */

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});

afterAll(() => gallery.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const item = (name: string) => page.getByRole('menuitem', { name, exact: true });
const statuses = () => page.getByRole('status').allTextContents();
const announced = () => page.getByTestId('announcer').textContent();

/** Buttons of the cards, by name, in order. */
function buttonsIn(card: string): Promise<string[]> {
  return page
    .getByRole('article', { name: card, exact: true })
    .getByRole('button')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent ?? ''));
}

function focusedName(): Promise<string | undefined> {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? undefined;
  });
}

describe('buttons are what the call permits', () => {
  it.each([
    [
      'connected-full',
      'Ben Carter',
      ['Where this call is: This device', 'Mute', 'Keypad', 'Hold', 'Transfer', 'Second call', 'Hang up'],
    ],
    [
      'incoming-full',
      'David Engel',
      [
        'Where this call is: Also rings at your desk phone',
        'Answer',
        'Reject',
        'At desk phone',
        'To voicemail',
        'Send on',
      ],
    ],
    ['incoming-desk-only', 'David Engel', ['Answer here', 'Reject', 'At desk phone']],
    ['consulting', 'Ben Carter', ['Hang up', 'Swap', 'Merge', 'Complete transfer', 'Back to Ben Carter']],
    ['desk-phone', 'Ben Carter', ['Continue here', 'Keypad', 'Hold', 'Transfer', 'Second call', 'Hang up']],
    ['at-alternative', 'Ben Carter', ['Continue here', 'Hang up']],
    ['parked', 'Ben Carter', ['Continue here']],
    ['busy-call-back', 'Carla Duval', ['Call back when free', 'Dismiss']],
    [
      'conference-mixed',
      'Conference',
      ['Hold Ben Carter', 'Hang up Ben Carter', 'Hold Carla Duval', 'Hang up Carla Duval', 'Mute', 'Hang up'],
    ],
  ] as const)('%s: %s has %j', async (scene, card, names) => {
    await gallery.show(scene);
    expect(await buttonsIn(card)).toEqual(names);
  });

  it('[A5] services of two calls are drawn once, at the call that waits', async () => {
    await gallery.show('consulting');
    const counts = ['Swap', 'Merge', 'Complete transfer'].map((name) => button(name).count());
    expect(await Promise.all(counts)).toEqual([1, 1, 1]);
    expect(await page.getByText('About Ben Carter').count()).toBe(1);
  });

  it('[A5] a conference lists its members', async () => {
    await gallery.show('conference');
    const members = page.getByRole('list', { name: 'In the conference' }).getByRole('listitem');
    expect(await members.count()).toBe(3);
    expect(await page.getByText('3 people and you').count()).toBe(1);
  });

  it('[A5] a conference that is mixed here is one card; hanging up ends all of it', async () => {
    await gallery.show('conference-mixed');
    expect(await statuses()).toEqual(['Connected']);
    await button('Hang up').click();
    expect(await statuses()).toEqual(['Ended', 'Ended']);
  });
});

it('[A5] who has answered beside a conversation waits, and the card says so', async () => {
  await gallery.show('answered-waits');
  expect(await statuses()).toEqual(['Connected', 'Has answered and waits on hold']);
  await button('Swap').waitFor();
});

it('[A4 A5] a panel that is open for one call closes when that is merged with another', async () => {
  await gallery.show('transfer-beside');
  await button('Transfer').click();
  await page.getByLabel('Person or number').waitFor();
  await button('Merge').click();
  expect(await statuses()).toEqual(['Connected', 'Ended · Joined into the conference']);
  expect(await page.getByLabel('Person or number').count()).toBe(0);
});

describe('[A4] transfer', () => {
  it('by keyboard alone: type, arrow, Enter, Enter', async () => {
    await gallery.show('connected-full');
    await button('Transfer').press('Enter');
    const field = page.getByRole('combobox', { name: 'Person or number' });
    await field.pressSequentially('car');
    await page.getByRole('option').first().waitFor();
    expect(await page.getByRole('option').allTextContents()).toEqual([
      expect.stringContaining('Busy · On the phone'),
    ]);
    await field.press('ArrowDown');
    await field.press('Enter');
    expect(await focusedName()).toBe('Transfer now');
    expect(await page.getByText('To Carla Duval · 201').count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await statuses()).toEqual(['Ended · You handed the call over']);
  });

  it('to nobody says so, and to a typed number needs no choosing', async () => {
    await gallery.show('connected-full');
    await button('Transfer').click();
    await button('Transfer now').press('Enter');
    expect(await page.getByRole('alert').textContent()).toBe('Choose a person, or type a number.');
    await page.getByLabel('Person or number').fill('0170 123');
    await page.getByText('To 0170 123').waitFor();
    await button('Ask first').click();
    await page.getByLabel('Person or number').waitFor({ state: 'detached' });
  });

  it('Escape closes the list, then the panel, and the focus is back on its button', async () => {
    await gallery.show('connected-full');
    await button('Transfer').press('Enter');
    const field = page.getByLabel('Person or number');
    await field.pressSequentially('a');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option').first().waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(await focusedName()).toBe('Transfer');
  });

  it('that failed says that the call is still there', async () => {
    await gallery.show('transfer-failed');
    expect(await page.getByRole('alert').textContent()).toContain('You still have it.');
    await gallery.show('transfer-busy');
    const said = await page.getByRole('alert').textContent();
    expect(said).toContain('You still have it.');
    expect(said).toContain('The line there is busy. Try again in a moment, or choose somebody else.');
  });

  it('a ringing call is sent on in the same way', async () => {
    await gallery.show('incoming-full');
    await button('Send on').click();
    await page.getByText('Send David Engel to').waitFor();
    expect(await button('Send there').count()).toBe(1);
  });
});

describe('[A6 A7] places', () => {
  it('the list says where the call is and where it can go; parking is announced with its number', async () => {
    await gallery.show('connected-full');
    await button('Where this call is: This device').click();
    await page.getByRole('menuitemradio', { name: 'This device', checked: true }).waitFor();
    const names = ['Move to the desk phone', 'Move to +49 170 1234567', 'Park'];
    const counts = await Promise.all(names.map((name) => item(name).count()));
    expect(counts).toEqual([1, 1, 1]);
    await item('Park').click();
    await page.getByText('Dial *71 from any phone to take it back.').waitFor();
    expect(await announced()).toBe('Ben Carter: parked at *71');
  });

  it.each([
    ['desk-phone', 'Desk phone'],
    ['at-alternative', '+49 170 1234567'],
    ['parked', 'Parked at *71'],
    ['other-window', 'Another window'],
  ] as const)('%s says %s', async (scene, place) => {
    await gallery.show(scene);
    expect(await page.getByText(place, { exact: true }).count()).toBe(1);
  });

  it('[A13] the desk phone dials what is in the field', async () => {
    await gallery.show('idle-full');
    await button('Other ways to dial').click();
    await item('Dial at the desk phone').waitFor();
    await item('Pick up in my group').waitFor();
    await gallery.show('placing-at-desk');
    expect(await statuses()).toEqual(['The desk phone is calling…']);
  });

  it('without a desk phone under control there is no such choice', async () => {
    await gallery.show('idle');
    expect(await button('Other ways to dial').count()).toBe(0);
  });
});

describe('[B1] presence', () => {
  it('is chosen in the header, and the button says it', async () => {
    await gallery.show('idle-full');
    await button('Your status: Available').click();
    const choices = page.getByRole('menuitemradio');
    await choices.first().waitFor();
    expect(await choices.count()).toBe(6);
    await choices.filter({ hasText: 'Do not disturb' }).click();
    await button('Your status: Do not disturb').waitFor();
  });

  it('[B4] of colleagues is in words beside the sign', async () => {
    await gallery.show('idle-full');
    const rows = page.getByRole('listitem');
    expect(await rows.filter({ hasText: 'Carla Duval' }).first().textContent()).toContain(
      'Busy · On the phone',
    );
    expect(await rows.filter({ hasText: 'David Engel' }).first().textContent()).toContain(
      'Available · Phone is ringing',
    );
  });
});

describe('[A12] voicemail', () => {
  it.each([
    ['idle-full', 'Voicemail'],
    ['messages-three', 'Voicemail, 3 new'],
    ['messages-some', 'Voicemail, new messages'],
  ] as const)('%s: the button is “%s”', async (scene, name) => {
    await gallery.show(scene);
    expect(await button(name).count()).toBe(1);
  });

  it('is not there where there is none', async () => {
    await gallery.show('idle');
    expect(await page.getByRole('button', { name: /^Voicemail/u }).count()).toBe(0);
  });
});

async function openSettings(): Promise<void> {
  await button('Telephone settings').click();
  await page.getByRole('heading', { name: 'Telephone settings' }).waitFor();
}

describe('[A8 A10 A11] settings', () => {
  it('are what the telephone system says, and one click changes one', async () => {
    await gallery.show('settings');
    await openSettings();
    expect(await page.getByRole('radio', { name: 'All my devices' }).isChecked()).toBe(true);
    expect(await page.getByRole('radio', { name: 'rings as a second call' }).isChecked()).toBe(true);
    await page.getByRole('switch', { name: 'Do not disturb' }).check({ force: true });
    await page.getByText('Changed.').waitFor();
    expect(await button('Undo').count()).toBe(1);
  });

  it('a forwarding to a number counts when the number is saved', async () => {
    await gallery.show('settings');
    await openSettings();
    await page.getByRole('combobox', { name: 'Always' }).click();
    await page.getByRole('option', { name: 'To a number' }).click();
    expect(await page.getByText('Changed.').count()).toBe(0);
    const field = page.getByLabel('Number', { exact: true }).first();
    await field.fill('nobody');
    await field.press('Enter');
    await page.getByText('This is not a number that can be dialled.').waitFor();
    await field.fill('103');
    await field.press('Enter');
    await page.getByText('Changed.').waitFor();
  });

  it('that cannot be changed are greyed, with the reason', async () => {
    await gallery.show('settings-fixed');
    await openSettings();
    expect(await page.getByRole('radio', { name: 'All my devices' }).isDisabled()).toBe(true);
    expect(await page.getByRole('switch', { name: 'Do not disturb' }).isDisabled()).toBe(false);
    const reasons = page.getByText('Your telephone system does not let this be changed here.');
    expect(await reasons.count()).toBe(6);
  });

  it.each([
    ['settings-unknown', 'Your settings cannot be read at the moment'],
    ['settings-changing', 'Being changed…'],
    ['settings-not-taken', 'Your telephone system kept the former value.'],
    ['settings-failed', 'The control link to your telephone system is down.'],
  ] as const)('%s says “%s”', async (scene, words) => {
    await gallery.show(scene);
    await openSettings();
    expect(await page.getByText(words).count()).toBe(1);
  });
});

describe('shortcuts', () => {
  it('press the button that is on the screen, also while one types', async () => {
    await gallery.show('connected-full');
    await page.getByLabel('Name or number').focus();
    await page.keyboard.press('Alt+Shift+KeyH');
    expect(await statuses()).toEqual(['On hold']);
    await gallery.show('connected-full');
    await page.keyboard.press('Alt+Shift+KeyT');
    await page.getByLabel('Person or number').waitFor();
    await gallery.show('consulting');
    await page.keyboard.press('Alt+Shift+KeyS');
    expect(await page.getByRole('article').first().getAttribute('aria-label')).toBe('Ben Carter');
    expect(await statuses()).toEqual(['Connected', 'On hold']);
  });

  it('without their button do nothing', async () => {
    await gallery.show('held');
    await page.keyboard.press('Alt+Shift+KeyA');
    await page.keyboard.press('Alt+Shift+KeyM');
    expect(await statuses()).toEqual(['On hold']);
  });
});

it('[D10] the account menu opens the help; what is wrong with the microphone opens its page about troubles', async () => {
  await gallery.show('idle-full');
  await page.getByRole('button', { name: /^Account/u }).click();
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await page.getByRole('heading', { name: 'Help', exact: true }).waitFor();
  const pages = page.locator('summary');
  expect(await pages.count()).toBe(helpPages.length);
  await pages.first().press('Enter');
  const picture = page.locator('details[open] img');
  await picture.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>('details[open] img')?.naturalWidth ?? 0) > 0,
  );
  await gallery.show('microphone-refused');
  await page.getByRole('alert').getByRole('button', { name: 'Help', exact: true }).click();
  const open = page.locator('details[open] summary');
  await open.waitFor();
  expect(await open.textContent()).toBe('When something does not work');
  expect(await open.evaluate((one) => one === document.activeElement)).toBe(true);
});
