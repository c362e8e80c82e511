import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { openOffice, type Office } from './office.ts';

/** Milliseconds without a touch after which nobody is taken to be there. */
const IDLE_MS = 5 * 60_000;

let office: Office;
let hers: Window;
let his: Window;
beforeAll(async () => {
  office = await openOffice();
  [hers, his] = await Promise.all([office.anna.openWindow(), office.ben.openWindow()]);
});
afterEach(() => office.rest(hers, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

/** Ben looks at Anna in the list of his dial field. */
async function expectBenToSee(pattern: RegExp): Promise<void> {
  await his.numberField.fill('Anna');
  await his.expectOption('Anna Berger', pattern);
}

describe('presence', () => {
  it('[B2 B4] she is available, on the phone while she talks — also at her desk phone — and available again', async () => {
    await expectBenToSee(/Available/u);
    await hers.dial('600');
    await hers.card('Echo test').expect(/Connected/u);
    await expectBenToSee(/Busy/u);
    await hers.press('Hang up');
    await expectBenToSee(/Available/u);
    await office.pbx.call('101', '600');
    await office.pbx.waitFor('101', 'talking');
    await expectBenToSee(/Busy/u);
    await office.pbx.hangUp('101');
    await expectBenToSee(/Available/u);
  });

  it('[B3] do not disturb: chosen as status it is set at the PBX, who calls hears busy, and switched off in the settings the status follows', async () => {
    await hers.chooseStatus('Do not disturb');
    await expectBenToSee(/Do not disturb/u);
    await office.pbx.call('201', '101');
    await office.pbx.expectDisplay('201', /Busy/u);
    const settings = await hers.openSettings();
    await settings.expectDoNotDisturb(true);
    await settings.setDoNotDisturb(false);
    await expectBenToSee(/Available/u);
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
    await office.pbx.hangUp('201');

    await settings.setDoNotDisturb(true);
    await expectBenToSee(/Do not disturb/u);
    await hers.button('Your status: Do not disturb').waitFor({ state: 'visible' });
    await hers.chooseStatus('Automatic');
    await expectBenToSee(/Available/u);
    await settings.expectDoNotDisturb(false);
  });

  it('[B1 B2] what she has chosen stays over a reload, in all her windows; automatic takes it back', async () => {
    await hers.chooseStatus('Away');
    await expectBenToSee(/Away/u);
    await hers.page.reload();
    await hers.expectReady();
    await hers.button('Your status: Away').waitFor({ state: 'visible' });
    await expectBenToSee(/Away/u);
    await hers.chooseStatus('Appear offline');
    await expectBenToSee(/Offline/u);
    await hers.chooseStatus('Automatic');
    await expectBenToSee(/Available/u);
  });

  it('[B2] who touches nothing for five minutes is away, and available with the next movement', async () => {
    await hers.takeOverClock();
    await expectBenToSee(/Available/u);
    await hers.pass(IDLE_MS - 10_000);
    await hers.expectText(/^Online$/mu);
    await expectBenToSee(/Available/u);
    await hers.pass(10_000);
    await expectBenToSee(/Away/u);
    await hers.button('Your status: Away').waitFor({ state: 'visible' });
    await hers.page.mouse.move(200, 200);
    await expectBenToSee(/Available/u);
  });

  it('[B2] without a window she is offline, and with one available', async () => {
    await hers[Symbol.asyncDispose]();
    await expectBenToSee(/Offline/u);
    hers = await office.anna.openWindow();
    await expectBenToSee(/Available/u);
  });
});
