import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectNotToHear, expectToHear, expectToHearAll } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, BEN, CARLA, openOffice, type Office } from './office.ts';

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

async function annaCallsBen(): Promise<void> {
  await hers.callByName('Ben', 'Ben Carter');
  await his.expectRinging();
  await his.press('Answer');
  await hers.card('Ben Carter').expect(/Connected/u);
}

/** Anna talks with Carla, and Ben waits. */
async function benWaitsForCarla(): Promise<void> {
  await annaCallsBen();
  const ben = hers.card('Ben Carter');
  await ben.choose('Second call', '201');
  await ben.press('Call now');
  await office.pbx.waitFor('201', 'ringing');
  await office.pbx.answer('201');
  await hers.card('Carla Duval').expect(/Connected/u);
  await ben.expect(/On hold/u);
}

describe('two calls at once', () => {
  it('[A5] a second call, placed: who was there first waits, she swaps between the two, and comes back', async () => {
    await benWaitsForCarla();
    const [ben, carla] = [hers.card('Ben Carter'), hers.card('Carla Duval')];
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);
    await expectNotToHear(his.page, ANNA);

    await ben.press('Swap');
    await ben.expect(/Connected/u);
    await carla.expect(/On hold/u);
    await Promise.all([expectToHear(hers.page, BEN), expectToHear(his.page, ANNA)]);

    await carla.press('Swap');
    await carla.expect(/Connected/u);
    await ben.expect(/On hold/u);
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);

    await ben.press('Back to Ben Carter');
    await office.pbx.waitFor('201', 'idle');
    await ben.expect(/Connected/u);
    await Promise.all([expectToHear(hers.page, BEN), expectToHear(his.page, ANNA)]);
  });

  it('[A5] a second call, answered: it rings over the first, which waits then and is taken back', async () => {
    await annaCallsBen();
    await office.pbx.call('201', '101');
    await hers.card('Carla Duval').expect(/Incoming call/u);
    await expectToHear(hers.page, BEN);
    await hers.card('Carla Duval').press('Answer');
    await hers.card('Carla Duval').expect(/Connected/u);
    await hers.card('Ben Carter').expect(/On hold/u);
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);
    await office.pbx.hangUp('201');
    await hers.card('Ben Carter').press('Retrieve');
    await Promise.all([expectToHear(hers.page, BEN), expectToHear(his.page, ANNA)]);
  });

  it('[A5] a second call, rejected: the first goes on and never waits', async () => {
    await annaCallsBen();
    await office.pbx.call('201', '101');
    await hers.card('Carla Duval').expect(/Incoming call/u);
    await hers.card('Carla Duval').press('Reject');
    await hers.card('Carla Duval').expectNot(/Incoming call/u);
    await hers.card('Ben Carter').expect(/Connected/u);
    await Promise.all([expectToHear(hers.page, BEN), expectToHear(his.page, ANNA)]);
  });

  it('[A5] merged into a room of the telephone system all three hear each other, also after she has left', async () => {
    await benWaitsForCarla();
    await hers.card('Ben Carter').press('Merge');
    const conference = hers.card('Conference');
    await conference.expect(/2 people and you/u);
    await Promise.all([
      expectToHearAll(hers.page, [BEN, CARLA]),
      expectToHearAll(his.page, [ANNA, CARLA]),
      office.pbx.expectToHear('201', ANNA),
    ]);
    await conference.press('Mute');
    await Promise.all([office.pbx.expectToHear('201', BEN), expectToHear(his.page, CARLA)]);
    await conference.press('Unmute');
    await expectToHearAll(his.page, [ANNA, CARLA]);

    await conference.press('Hang up');
    await Promise.all([expectToHear(his.page, CARLA), office.pbx.expectToHear('201', BEN)]);
  });
});
