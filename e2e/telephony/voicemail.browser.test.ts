import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { BEN, openOffice, type Office } from './office.ts';

/** After it the voicemail records, in Hz. */
const TONE = 800;

let office: Office;
let hers: Window;
let hersToo: Window;
let his: Window;
beforeAll(async () => {
  office = await openOffice();
  [hers, hersToo, his] = await Promise.all([
    office.anna.openWindow(),
    office.anna.openWindow(),
    office.ben.openWindow(),
  ]);
});
afterEach(() => office.rest(hers, hersToo, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

describe('voicemail', () => {
  it('[A12] a message turns the sign red in all her windows; one click dials it, keys play and delete, and the sign clears', async () => {
    await hers.button('Voicemail').waitFor({ state: 'visible' });
    await (await hers.openSettings()).forward('Always', 'To voicemail');
    await his.dial('101');
    const left = his.card('Anna Berger');
    await left.expect(/Connected/u);
    // Past the greeting to the tone, then he speaks for some seconds.
    await his.pressKeys('#');
    await expectToHear(his.page, TONE);
    await left.expect(/0:0[5-9]/u);
    await his.press('Hang up');
    await Promise.all(
      [hers, hersToo].map((window) => window.button('Voicemail, 1 new').waitFor({ state: 'visible' })),
    );

    await hers.press('Voicemail, 1 new');
    const call = hers.card('Voicemail');
    await call.expect(/Connected/u);
    await hers.pressKeys('1');
    await expectToHear(hers.page, BEN);
    await hersToo.button('Voicemail').waitFor({ state: 'visible' });
    await hers.pressKeys('3');
    await call.press('Hang up');
    await Promise.all(
      [hers, hersToo].map((window) => window.button('Voicemail').waitFor({ state: 'visible' })),
    );
    await (await hers.openSettings()).forward('Always', 'Off');
  });

  it('[A12] a call that rings is sent to the mailbox, and rings nowhere any more', async () => {
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
    await office.pbx.waitFor('101', 'ringing');
    await hers.press('To voicemail');
    await office.pbx.expectDisplay('201', /Voicemail of Anna Berger/u);
    await Promise.all([
      hers.expectNotRinging(),
      hersToo.expectNotRinging(),
      office.pbx.waitFor('101', 'idle'),
    ]);
  });
});
