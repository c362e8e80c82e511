import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { BEN, CARLA, MOBILE, bensMobile, mobile, openOffice, type Office } from './office.ts';

let office: Office;
let hers: Window;
let his: Window;
beforeAll(async () => {
  // What the PBX has no code for, the connector does by itself.
  office = await openOffice({ withoutCodes: true });
  [hers, his] = await Promise.all([office.anna.openWindow(), office.ben.openWindow()]);
});
afterEach(() => office.rest(hers, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

describe('one number', () => {
  it('[A9] his mobile rings when his windows have rung for a while, and takes the call', async () => {
    const settings = await his.openSettings();
    await settings.setAlternativeNumber(`00${bensMobile}`);
    await office.pbx.call('201', '102');
    await his.expectRinging(/Carla Duval/u);
    await office.pbx.waitFor(bensMobile, 'ringing');
    await his.expectNotRinging();
    await office.pbx.answer(bensMobile);
    await Promise.all([office.pbx.expectToHear('201', MOBILE), office.pbx.expectToHear(bensMobile, CARLA)]);
  });

  it('[A9] a call from her mobile through the office shows her office number', async () => {
    await office.pbx.call(mobile, '*99102');
    await his.expectRinging(/Anna Berger/u);
    await his.press('Answer');
    await his.card('Anna Berger').expect(/Connected/u);
    await Promise.all([expectToHear(his.page, MOBILE), office.pbx.expectToHear(mobile, BEN)]);
  });
});

describe('what rings', () => {
  it('[A10] only the other number: it rings at once and his window does not; all devices again: his window rings', async () => {
    const settings = await his.openSettings();
    await settings.choose('Only the other number');
    await office.pbx.call('201', '102');
    await office.pbx.waitFor(bensMobile, 'ringing');
    await his.expectNotRinging();
    await office.pbx.quiet();
    await settings.choose('All my devices');
    await settings.expectChosen('All my devices');
    await office.pbx.call('201', '102');
    await his.expectRinging(/Carla Duval/u);
  });

  it('[A10] only the desk phone: it rings and her window does not; it is kept over a reload', async () => {
    await (await hers.openSettings()).choose('Only the desk phone');
    await hers.page.reload();
    await hers.expectReady();
    const settings = await hers.openSettings();
    await settings.expectChosen('Only the desk phone');
    await office.pbx.call('201', '101');
    await office.pbx.waitFor('101', 'ringing');
    await hers.expectNotRinging();
    await office.pbx.quiet();
    await settings.choose('All my devices');
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
  });
});

describe('a call while he talks', () => {
  it('[A11] hears the busy tone, goes to his mobile or to his mailbox, or rings as a second call: as he chooses', async () => {
    const settings = await his.openSettings();
    await his.dial('600');
    await his.card('Echo test').expect(/Connected/u);

    await settings.choose('hears the busy tone');
    await office.pbx.call('201', '102');
    await office.pbx.waitFor('201', 'idle');
    await office.pbx.expectDisplay('201', /busy/iu);

    await settings.choose('goes to the other number');
    await office.pbx.call('201', '102');
    await office.pbx.waitFor(bensMobile, 'ringing');
    await office.pbx.hangUp('201');
    await office.pbx.waitFor(bensMobile, 'idle');

    await settings.choose('goes to voicemail');
    await office.pbx.call('201', '102');
    await office.pbx.expectDisplay('201', /Voicemail of Ben Carter/u);
    await office.pbx.hangUp('201');

    await settings.choose('rings as a second call');
    await office.pbx.call('201', '102');
    await his.card('Carla Duval').expect(/Incoming call/u);
    await his.card('Echo test').expect(/Connected/u);
  });
});
