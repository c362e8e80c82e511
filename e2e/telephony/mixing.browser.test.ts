import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectToHear, expectToHearAll } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, BEN, CARLA, openOffice, type Office } from './office.ts';

let office: Office;
let hers: Window;
let his: Window;
beforeAll(async () => {
  office = await openOffice({ withoutCodes: true });
  [hers, his] = await Promise.all([office.anna.openWindow(), office.ben.openWindow()]);
});
afterEach(() => office.rest(hers, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

/** Anna talks with Carla, and Ben waits. */
async function benWaitsForCarla(): Promise<void> {
  await hers.callByName('Ben', 'Ben Carter');
  await his.expectRinging();
  await his.press('Answer');
  const ben = hers.card('Ben Carter');
  await ben.expect(/Connected/u);
  await ben.choose('Second call', '201');
  await ben.press('Call now');
  await office.pbx.waitFor('201', 'ringing');
  await office.pbx.answer('201');
  await hers.card('Carla Duval').expect(/Connected/u);
  await ben.expect(/On hold/u);
}

describe('two calls of a telephone system that has no conference room', () => {
  it('[A5] merged into a conference the two others hear each other through her browser, and when one leaves the others go on', async () => {
    await benWaitsForCarla();
    await hers.card('Ben Carter').press('Merge');
    const conference = hers.card('Conference');
    await conference.expect(/2 people and you/u);
    await Promise.all([expectToHearAll(hers.page, [BEN, CARLA]), expectToHearAll(his.page, [ANNA, CARLA])]);
    await conference.press('Mute');
    await Promise.all([office.pbx.expectToHear('201', BEN), expectToHear(his.page, CARLA)]);
    await conference.press('Unmute');
    await expectToHearAll(his.page, [ANNA, CARLA]);

    await conference.press('Hang up Carla Duval');
    await office.pbx.waitFor('201', 'idle');
    await hers.card('Ben Carter').expect(/Connected/u);
    await Promise.all([expectToHear(hers.page, BEN), expectToHear(his.page, ANNA)]);
  });

  it('[A5] when she leaves her conference, it is over for all', async () => {
    await benWaitsForCarla();
    await hers.card('Ben Carter').press('Merge');
    await expectToHearAll(his.page, [ANNA, CARLA]);
    await hers.card('Conference').press('Hang up');
    await office.pbx.waitFor('201', 'idle');
    await his.card('Anna Berger').expect(/Ended/u);
  });
});
