import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectNotToHear, expectToHear, expectToHearAll } from '../src/ear.ts';
import { missedCall, type Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import {
  ANNAS_DESK,
  BEN,
  CARLA,
  CUSTOMER,
  DAVID,
  customer,
  mobile,
  openOffice,
  type Office,
} from './office.ts';

let office: Office;
let hers: Window;
let second: Window;
let his: Window;
beforeAll(async () => {
  office = await openOffice();
  [hers, second, his] = await Promise.all([
    office.anna.openWindow(),
    office.anna.openWindow(),
    office.ben.openWindow(),
  ]);
  await office.pbx.setFeature('101', { set: 'alternative', number: `+${mobile}`, delaySeconds: 1 });
});
afterEach(() => office.rest(hers, second, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

const everywhere = () => [hers, second];

const dialAtDesk = (to: string): Promise<void> => hers.dialAnotherWay('Dial at the desk phone', to);

/** From her browser, Anna's desk phone has called Carla, and they talk. */
async function deskTalksWithCarla(): Promise<void> {
  await dialAtDesk('201');
  await office.pbx.waitFor('201', 'ringing');
  await office.pbx.answer('201');
  await hers.card('Carla Duval').expect(/Connected[^]*Desk phone/u);
  await Promise.all([office.pbx.expectToHear('201', ANNAS_DESK), office.pbx.expectToHear('101', CARLA)]);
}

async function consultDavid(): Promise<void> {
  const carla = hers.card('Carla Duval');
  await carla.choose('Second call', '202');
  await carla.press('Call now');
  await hers.card('David Engel').expect(/Connected/u);
  await carla.expect(/On hold/u);
  await office.pbx.expectToHear('101', DAVID);
}

async function customerRingsEverywhere(): Promise<void> {
  await office.pbx.call(customer, '101');
  await Promise.all(everywhere().map((window) => window.expectRinging(/A customer|30123456/u)));
  await office.pbx.waitFor('101', 'ringing');
  await office.pbx.waitFor(mobile, 'ringing');
}

describe('the desk phone under the control of the browser', () => {
  it('[A13] calls, presses keys, holds, and hangs up', async () => {
    await dialAtDesk('201');
    await office.pbx.waitFor('201', 'ringing');
    await office.pbx.expectDisplay('101', /Carla Duval/u);
    await office.pbx.answer('201');
    const card = hers.card('Carla Duval');
    await card.expect(/Connected[^]*Desk phone/u);
    await Promise.all([office.pbx.expectToHear('201', ANNAS_DESK), office.pbx.expectToHear('101', CARLA)]);

    await card.press('Keypad');
    await card.press('4');
    await card.press('2');
    await office.pbx.expectKeys('201', '42');

    await card.press('Hold');
    await card.expect(/On hold/u);
    await office.pbx.waitFor('101', 'holding');
    await card.press('Retrieve');
    await office.pbx.waitFor('101', 'talking');
    await office.pbx.expectToHear('201', ANNAS_DESK);

    await card.press('Hang up');
    await Promise.all([office.pbx.waitFor('101', 'idle'), office.pbx.waitFor('201', 'idle')]);
    await card.expectNot(/Connected/u);
  });

  it('[A13] answers, swaps two calls, and brings the two others together', async () => {
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
    await hers.card('Carla Duval').press('At desk phone');
    await office.pbx.expectDisplay('101', /Connected: Carla Duval/u);
    await hers.expectNotRinging();
    await office.pbx.expectToHear('201', ANNAS_DESK);
    await consultDavid();

    await hers.card('Carla Duval').press('Swap');
    await hers.card('David Engel').expect(/On hold/u);
    await office.pbx.expectToHear('101', CARLA);
    await hers.card('David Engel').press('Complete transfer');
    await office.pbx.waitFor('101', 'idle');
    await Promise.all([office.pbx.expectToHear('201', DAVID), office.pbx.expectToHear('202', CARLA)]);
    await hers.card('Carla Duval').expectNot(/Connected|On hold/u);
  });

  it('[A13] joins two calls to a conference, and hands a call over without asking', async () => {
    await deskTalksWithCarla();
    await hers.card('Carla Duval').choose('Second call', 'Ben', 'Ben Carter');
    await hers.card('Carla Duval').press('Call now');
    await his.expectRinging();
    await his.press('Answer');
    await hers.card('Ben Carter').expect(/Connected/u);
    await hers.card('Carla Duval').press('Merge');
    await expectToHearAll(his.page, [ANNAS_DESK, CARLA]);
    await hers.expectText(/2 people and you/u);
    await office.pbx.hangUp('201');
    await expectNotToHear(his.page, CARLA);
    await expectToHear(his.page, ANNAS_DESK);

    const ben = hers.card('Ben Carter');
    await ben.choose('Transfer', '202');
    await ben.press('Transfer now');
    await office.pbx.waitFor('101', 'idle');
    await Promise.all([expectToHear(his.page, DAVID), office.pbx.expectToHear('202', BEN)]);
  });
});

describe('a call from outside', () => {
  it.each([
    ['a window', () => second.press('Answer'), () => expectToHear(second.page, CUSTOMER)],
    ['the desk phone', () => office.pbx.answer('101'), () => office.pbx.expectToHear('101', CUSTOMER)],
    ['the mobile', () => office.pbx.answer(mobile), () => office.pbx.expectToHear(mobile, CUSTOMER)],
  ])('[A14] rings everywhere and, answered at %s, stops everywhere', async (place, answer, hears) => {
    await customerRingsEverywhere();
    await answer();
    await hears();
    await Promise.all(everywhere().map((window) => window.expectNotRinging()));
    if (place !== 'the desk phone') await office.pbx.waitFor('101', 'idle');
    if (place !== 'the mobile') await office.pbx.waitFor(mobile, 'idle');
    await office.pbx.hangUp(customer);
    await Promise.all(everywhere().map((window) => window.expectText(/Recent[^]*A customer\s+Incoming/u)));
    for (const window of everywhere()) expect(await window.text()).not.toMatch(missedCall);
  });
});
