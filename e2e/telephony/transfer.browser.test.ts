import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
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

/** Carla calls from her desk phone, and Anna answers in her window. */
async function carlaCallsAnna(): Promise<void> {
  await office.pbx.call('201', '101');
  await hers.expectRinging(/Carla Duval/u);
  await hers.press('Answer');
  await hers.card('Carla Duval').expect(/Connected/u);
}

describe('a call that is handed over', () => {
  it('[A4] blind, to a person found by name: Ben rings, and talks with who was on the line', async () => {
    await carlaCallsAnna();
    const card = hers.card('Carla Duval');
    await card.choose('Transfer', 'Ben', 'Ben Carter');
    await card.press('Transfer now');
    await his.expectRinging(/Carla Duval/u);
    await his.press('Answer');
    await card.expect(/You handed the call over/u);
    await Promise.all([expectToHear(his.page, CARLA), office.pbx.expectToHear('201', BEN)]);
    await office.pbx.waitFor('201', 'talking');
  });

  it('[A4] blind, to a desk phone by number: the desk phone rings and takes it', async () => {
    await hers.callByName('Ben', 'Ben Carter');
    await his.expectRinging();
    await his.press('Answer');
    const card = hers.card('Ben Carter');
    await card.expect(/Connected/u);
    await card.choose('Transfer', '201');
    await card.press('Transfer now');
    await office.pbx.waitFor('201', 'ringing');
    await office.pbx.answer('201');
    await card.expect(/You handed the call over/u);
    await Promise.all([expectToHear(his.page, CARLA), office.pbx.expectToHear('201', BEN)]);
    await his.expectText(/Carla Duval/u);
  });

  it('[A4] after she has asked: Ben waits with music, Carla is asked, then the two have each other', async () => {
    await hers.callByName('Ben', 'Ben Carter');
    await his.expectRinging();
    await his.press('Answer');
    const bens = hers.card('Ben Carter');
    await bens.expect(/Connected/u);
    await bens.choose('Transfer', '201');
    await bens.press('Ask first');
    await office.pbx.waitFor('201', 'ringing');
    await bens.expect(/On hold/u);
    await office.pbx.answer('201');
    await hers.card('Carla Duval').expect(/Connected/u);
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);
    await bens.press('Complete transfer');
    await Promise.all([expectToHear(his.page, CARLA), office.pbx.expectToHear('201', BEN)]);
    await bens.expect(/You handed the call over/u);
    await hers.card('Carla Duval').expect(/You handed the call over/u);
  });

  it('[A4] refused by the PBX it stays with her, is said so, and both hear each other', async () => {
    await carlaCallsAnna();
    const card = hers.card('Carla Duval');
    await card.choose('Transfer', '604');
    await card.press('Transfer now');
    await card.expect(/You still have it/u);
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);
    await card.expect(/Connected/u);
  });
});
