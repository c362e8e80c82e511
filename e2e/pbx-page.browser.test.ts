import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type RunningApp } from './src/app.ts';
import { launchBrowser } from './src/chromium.ts';
import { attachTrace, traceOf } from './src/trace.ts';
import { until } from './src/until.ts';

/** The page of the practice PBX, used as a person would: by clicking and typing. */

const extension = (number: string, name: string) => ({ number, name, password: `secret-${number}` });
const EXCHANGE = {
  platform: 'openscape-voice',
  extensions: [
    { ...extension('101', 'Anna Berger'), line: { number: '5101', password: 'line' }, mailbox: {} },
    extension('201', 'Carla Duval'),
    extension('202', 'David Engel'),
    extension('203', 'Emma Fisher'),
  ],
  phones: [
    { extension: '101', toneHz: 440 },
    { extension: '201', toneHz: 550 },
    { extension: '202', toneHz: 660, transport: 'tcp' },
  ],
  outside: [{ number: '+4915550101', name: 'A mobile', toneHz: 770 }],
};

let folder: string;
let pbx: RunningApp;
let browser: Browser;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'offhook-pbx-page-'));
  const config = path.join(folder, 'exchange.json');
  writeFileSync(config, JSON.stringify(EXCHANGE));
  pbx = await startApp('practice-pbx', {
    OFFHOOK_PBX_SIP_PORT: '0',
    OFFHOOK_PBX_HTTP_PORT: '0',
    OFFHOOK_PBX_CSTA_PORT: '0',
    OFFHOOK_PBX_CONFIG: config,
  });
  url = String(pbx.ready['url']);
  browser = await launchBrowser('denied');
});
afterAll(async () => {
  await browser.close();
  await pbx.stop();
  rmSync(folder, { recursive: true, force: true });
});
attachTrace(() => url);

let page: Page;
/** Of the page's own policy, and mistakes of its scripts. */
let complaints: string[];
beforeEach(async () => {
  page = await browser.newPage({ reducedMotion: 'reduce' });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  for (const number of ['101', '201', '202'])
    await phone(number).getByText('registered', { exact: true }).waitFor();
});
afterEach(async () => {
  for (const number of ['101', '201', '202']) await hangUp(number);
  await page.getByText('No call.').waitFor();
  await page.close();
  if (complaints.length > 0) throw new Error(`The page has complained: ${complaints.join('; ')}`);
});

const phone = (number: string): Locator => page.locator(`[data-phone="${number}"]`);
const key = (number: string, name: string): Locator =>
  phone(number).getByRole('button', { name, exact: true });
const expectDisplay = (number: string, text: string): Promise<void> =>
  phone(number).getByText(text).first().waitFor();

const animationOf = (number: string): Promise<string> =>
  phone(number).evaluate((card) => getComputedStyle(card).animationName);

async function type(number: string, digits: string): Promise<void> {
  const keypad = phone(number).getByRole('group', { name: 'Keypad' });
  for (const digit of digits) await keypad.getByRole('button', { name: digit, exact: true }).click();
}

async function dial(number: string, to: string): Promise<void> {
  await key(number, 'Lift').click();
  await type(number, to);
  await phone(number)
    .getByRole('group', { name: 'Soft keys' })
    .getByRole('button', { name: 'Call', exact: true })
    .click();
}

/** Whatever there is of calls at this phone. */
async function hangUp(number: string): Promise<void> {
  for (const action of ['hangup', 'reject', 'hangup']) {
    await fetch(new URL(`/api/phones/${number}/${action}`, url), { method: 'POST' });
  }
}

/** Changes a setting of an extension, as somebody else would. */
async function set(number: string, change: object): Promise<void> {
  await fetch(new URL(`/api/extensions/${number}/settings`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
}

/** 101 and 202 talk to each other. */
async function talk(): Promise<void> {
  await dial('101', '202');
  await expectDisplay('202', 'Call from Anna Berger (101)');
  await key('202', 'Lift').click();
  await expectDisplay('101', 'Connected: David Engel (202)');
}

describe('telephones on the page', () => {
  it('[A1 A3] lift, dial, answer, hold and retrieve by clicking', async () => {
    await talk();
    await key('101', 'Hold').click();
    await expectDisplay('101', 'On hold: David Engel (202)');
    await page.locator('#calls .parties').getByText('held', { exact: true }).waitFor();
    await expectDisplay('202', 'Held by Anna Berger (101)');
    await phone('202').getByRole('button', { name: 'Line 1: held, Anna Berger (101)' }).waitFor();
    await phone('202')
      .getByText(/hears (?!440 )\d+ Hz/u)
      .waitFor();
    expect(await key('101', 'Hold').getAttribute('aria-pressed')).toBe('true');
    await key('101', 'Hold').click();
    await expectDisplay('101', 'Connected: David Engel (202)');
    await expectDisplay('202', 'Connected: Anna Berger (101)');
    await phone('101')
      .getByText(/hears 660 Hz/u)
      .waitFor();
    await type('202', '42');
    await key('202', 'hash').click();
    await phone('101')
      .getByText(/keys 42#/u)
      .waitFor();
    await key('202', 'Hang up').click();
    await expectDisplay('101', 'Ended');
  });

  it('[A4] a blind transfer: the two others talk, and the trace of the call has every leg', async () => {
    await talk();
    await key('101', 'Transfer').click();
    await type('101', '201');
    await key('101', 'Transfer now').click();
    await expectDisplay('201', 'Call from David Engel (202)');
    await key('201', 'Answer').click();
    await expectDisplay('202', 'Connected: Carla Duval (201)');
    await expectDisplay('101', 'Ended');

    await page.getByRole('button', { name: /^Trace: / }).click();
    const rows = page.getByRole('list', { name: 'Messages, oldest first' }).getByRole('button');
    await rows.filter({ hasText: 'INVITE 202' }).first().waitFor();
    const texts = await rows.allInnerTexts();
    for (const words of [
      /101 → PBX\s+INVITE 202/u,
      /PBX → 202\s+INVITE 202/u,
      /101 → PBX\s+REFER to 201/u,
      /PBX → 201\s+INVITE 201/u,
    ]) {
      expect(
        texts.some((text) => words.test(text)),
        `${words} in ${texts.join(' | ')}`,
      ).toBe(true);
    }
    await rows.filter({ hasText: 'REFER to 201' }).click();
    await page
      .getByRole('complementary', { name: 'Message' })
      .getByText(/Refer-To: <sip:201@/u)
      .waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary', { name: 'Message' })
      .getByText(/SIP\/2\.0 202 Accepted/u)
      .waitFor();
  });

  it('[A4] a transfer after consultation', async () => {
    await talk();
    await key('101', 'Transfer').click();
    await type('101', '201');
    await key('101', 'Ask first').click();
    await key('201', 'Answer').click();
    await expectDisplay('101', 'On hold: David Engel (202)');
    await expectDisplay('101', 'Connected: Carla Duval (201)');
    await key('101', 'Transfer').click();
    await expectDisplay('201', 'Connected: David Engel (202)');
    await expectDisplay('101', 'Ended');
  });

  it('[A5] a second call, swap, and a conference of three', async () => {
    await talk();
    await key('101', 'Second call').click();
    await type('101', '201');
    await phone('101')
      .getByRole('group', { name: 'Soft keys' })
      .getByRole('button', { name: 'Call', exact: true })
      .click();
    await key('201', 'Answer').click();
    await expectDisplay('101', 'Connected: Carla Duval (201)');
    await expectDisplay('101', 'On hold: David Engel (202)');
    await key('101', 'Line 1: holding, David Engel (202)').click();
    await expectDisplay('101', 'Connected: David Engel (202)');
    await key('101', 'Conference').click();
    await page.locator('#calls').getByText('Conference', { exact: true }).waitFor();
    await page.locator('#calls .parties').getByText('Carla Duval (201)').waitFor();
  });

  it('[PBX-21] a parked call is on every display and is fetched from another phone', async () => {
    await talk();
    await key('101', 'Park').click();
    await expectDisplay('201', 'Parked *71');
    await page.locator('#calls').getByText('Parked at *71').first().waitFor();
    await key('201', 'Fetch *71').click();
    await expectDisplay('201', 'Connected: David Engel (202)');
  });

  it('keeps still where a person wants no motion, and can be read as a list where it is narrow', async () => {
    await dial('101', '202');
    await expectDisplay('202', 'Call from');
    expect(await animationOf('202')).toBe('none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await animationOf('202')).toBe('rings');
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

describe('settings on the page', () => {
  it('[A8 B3] are changed at the switch, and show what others have changed', async () => {
    const row = page.locator('.extension').filter({ hasText: '203 Emma Fisher' });
    await row.locator('summary').click();
    await row.getByLabel('Do not disturb').check();
    await row.locator('summary').getByText('DND').waitFor();
    await dial('101', '203');
    await expectDisplay('101', 'Busy');
    await row.getByLabel('Forwarding always').selectOption({ label: 'Number' });
    await row.getByLabel('Number to forward to always').fill('202');
    await row.getByLabel('Number to forward to always').press('Enter');
    await row.locator('summary').getByText('Forwarded → 202').waitFor();
    await set('203', { set: 'routing', routing: 'deskOnly' });
    await row.locator('summary').getByText('Desk phone only').waitFor();
    expect(await row.getByLabel('Routing').inputValue()).toBe('deskOnly');
    await set('203', { set: 'routing', routing: 'all' });
    await set('203', { set: 'doNotDisturb', on: false });
    await until(
      'the box to be empty again',
      () => row.getByLabel('Do not disturb').isChecked(),
      (on) => !on,
    );
  });
});

describe('the trace', () => {
  it('pauses, goes on, clears, and is the same as text', async () => {
    const rows = page.locator('#rows .row');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('No message yet.').waitFor();
    const from = String(Date.now());
    await page.getByRole('button', { name: 'Pause' }).click();
    await talk();
    await page.getByRole('button', { name: /^Go on \([1-9]\d* new\)$/u }).click();
    await rows.filter({ hasText: 'INVITE 202' }).first().waitFor();
    const text = await traceOf(url, { from });
    expect(text.split('\n').filter((line) => line.includes('INVITE 202'))).toHaveLength(
      await rows.filter({ hasText: 'INVITE 202' }).count(),
    );
  });
});

describe('faults of CSTA', () => {
  it('are armed and disarmed on the page, marked as for tests', async () => {
    const faults = page.locator('#faults');
    await faults.getByText('Faults, for tests only').waitFor();
    await faults.getByLabel('A fault of').selectOption('event');
    await faults.getByLabel('CSTA message').fill('DeliveredEvent');
    await faults.getByLabel('Fault', { exact: true }).selectOption('late_event');
    await faults.getByRole('button', { name: 'Arm', exact: true }).click();
    await faults.getByText('late event 1000: event DeliveredEvent, 1×').waitFor();
    const response = await fetch(new URL('/api/test/csta/faults', url));
    expect(await response.json()).toMatchObject({
      rules: [{ on: 'event', message: 'DeliveredEvent', fault: { kind: 'late_event', ms: 1000 } }],
    });
    await faults.getByRole('button', { name: 'Disarm all' }).click();
    await faults.getByText('Nothing goes wrong.').waitFor();
  });
});
