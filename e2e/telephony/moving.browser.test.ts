import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectSilence, expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { longestGap, record, timeToSound } from '../src/recorder.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, ANNAS_DESK, BEN, CARLA, MOBILE, mobile, openOffice, type Office } from './office.ts';

/** Milliseconds of issue and list: until the voice is where it was brought, and without a voice meanwhile. */
const MOVED_WITHIN = 500;
const LONGEST_GAP = 200;

let office: Office;
let first: Window;
let second: Window;
let his: Window;
beforeAll(async () => {
  office = await openOffice();
  [first, second, his] = await Promise.all([
    office.anna.openWindow(),
    office.anna.openWindow(),
    office.ben.openWindow(),
  ]);
});
afterEach(() => office.rest(first, second, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

/** One of five may meet a busy machine. */
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function annaTalksWithBen(): Promise<void> {
  await first.callByName('Ben', 'Ben Carter');
  await his.expectRinging();
  await his.press('Answer');
  await first.card('Ben Carter').expect(/Connected/u);
  await Promise.all([expectToHear(his.page, ANNA), expectToHear(first.page, BEN)]);
}

describe('a call that is brought here', () => {
  it('[A6] from one window to another: under 500 ms, and nobody misses more than 200 ms', async () => {
    await annaTalksWithBen();
    const times: number[] = [];
    const gaps: number[] = [];
    for (const [from, to] of [
      [first, second],
      [second, first],
      [first, second],
      [second, first],
      [first, second],
    ] as const) {
      await to.card('Ben Carter').expect(/Another window/u);
      const recorder = await record(his.page);
      const sounded = await timeToSound(to.page);
      await to.card('Ben Carter').press('Continue here');
      times.push(await sounded());
      await Promise.all([expectToHear(to.page, BEN), expectSilence(from.page)]);
      gaps.push(longestGap(await recorder.stop(), ANNA));
    }
    expect(median(times)).toBeLessThan(MOVED_WITHIN);
    expect(median(gaps)).toBeLessThan(LONGEST_GAP);
  });

  it('[A6] from the desk phone, which is left: Ben hears her browser in the place of it', async () => {
    await office.pbx.call('101', '102');
    await his.expectRinging();
    await his.press('Answer');
    await expectToHear(his.page, ANNAS_DESK);
    await first.card('Ben Carter').expect(/Desk phone/u);
    await first.card('Ben Carter').press('Continue here');
    await first.card('Ben Carter').expect(/Connected/u);
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(first.page, BEN)]);
    await office.pbx.waitFor('101', 'idle');
    await his.expectStatus(/Connected/u);
  });
});

describe('a call that is sent elsewhere', () => {
  it('[A7] running, to her desk phone: it rings there and nowhere else, and talks on', async () => {
    await annaTalksWithBen();
    await first.card('Ben Carter').move('Move to the desk phone');
    await office.pbx.waitFor('101', 'ringing');
    await second.expectNotRinging();
    await office.pbx.answer('101');
    await Promise.all([expectToHear(his.page, ANNAS_DESK), office.pbx.expectToHear('101', BEN)]);
    await first.card('Ben Carter').expect(/Desk phone|handed the call over/u);
  });

  it('[A7] ringing, to her mobile: the windows stop ringing, the mobile rings and takes it', async () => {
    const settings = await first.openSettings();
    await settings.setAlternativeNumber(`00${mobile}`);
    await office.pbx.call('201', '101');
    await first.expectRinging(/Carla Duval/u);
    await first.card('Carla Duval').move(/Let .* ring/u);
    await office.pbx.waitFor(mobile, 'ringing');
    await second.expectNotRinging();
    await office.pbx.waitFor('101', 'idle');
    await office.pbx.answer(mobile);
    await Promise.all([office.pbx.expectToHear('201', MOBILE), office.pbx.expectToHear(mobile, CARLA)]);
  });

  it('[A7] running, to her mobile', async () => {
    await annaTalksWithBen();
    await first.card('Ben Carter').move(/Move to \+?[\d ]+/u);
    await office.pbx.waitFor(mobile, 'ringing');
    await office.pbx.answer(mobile);
    await Promise.all([expectToHear(his.page, MOBILE), office.pbx.expectToHear(mobile, BEN)]);
  });
});
