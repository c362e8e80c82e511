import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { clickTime, longestGap, record, replacedAt } from '../src/recorder.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, ANNAS_DESK, BEN, CARLA, MOBILE, mobile, openOffice, type Office } from './office.ts';

/** Milliseconds until the voice is where it was brought, and without a voice meanwhile. */
const MOVED_WITHIN = 500;
const LONGEST_GAP = 200;
/** Of moves: the fastest tells how long the product takes, the gap in the middle what is usual; what is above is the machine's. */
const TIMES = 3;

let office: Office;
let hers: Window;
let his: Window;
beforeAll(async () => {
  office = await openOffice({ mobileAnswersMs: 0 });
  [hers, his] = await Promise.all([office.anna.openWindow(), office.ben.openWindow()]);
});
afterEach(() => office.rest(hers, his));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

interface Move {
  /** From the click until Ben hears the new voice. */
  readonly tookMs: number;
  /** The longest time in which Ben heard neither. */
  readonly gapMs: number;
}

/** Anna's voice goes from one place to another under Ben's ears. */
async function move(from: number, to: number, press: () => Promise<void>): Promise<Move> {
  const recorder = await record(his.page);
  const clicked = await clickTime(hers.page);
  await press();
  await expectToHear(his.page, to).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await hers.text()}`, { cause: error });
  });
  const recorded = await recorder.stop();
  const tookMs = Math.round(replacedAt(recorded, from, to) - (await clicked()));
  return { tookMs, gapMs: longestGap(recorded, from, to) };
}

function judge(what: string, moves: readonly Move[]): void {
  const sorted = (of: keyof Move) => moves.map((each) => each[of]).toSorted((one, other) => one - other);
  const median = (of: keyof Move) => sorted(of)[moves.length >> 1];
  console.log(JSON.stringify({ what, tookMs: median('tookMs'), gapMs: median('gapMs'), moves }));
  expect(sorted('tookMs')[0]).toBeLessThan(MOVED_WITHIN);
  expect(median('gapMs')).toBeLessThan(LONGEST_GAP);
}

/** Anna's desk phone and Ben's window talk. */
async function annasDeskTalksWithBen(): Promise<void> {
  await office.pbx.call('101', '102');
  await his.expectRinging(/Anna Berger/u);
  await his.press('Answer');
  await Promise.all([expectToHear(his.page, ANNAS_DESK), office.pbx.expectToHear('101', BEN)]);
}

describe('a running call', () => {
  it('[A6 A7] goes from her desk phone to her browser and back, several times: nobody misses a word', async () => {
    await annasDeskTalksWithBen();
    const card = hers.card('Ben Carter');
    const pulls: Move[] = [];
    const pushes: Move[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      await card.expect(/Desk phone/u);
      pulls.push(await move(ANNAS_DESK, ANNA, () => card.press('Continue here')));
      await office.pbx.waitFor('101', 'idle');
      await card.expect(/This device/u);
      await expectToHear(hers.page, BEN);
      pushes.push(await move(ANNA, ANNAS_DESK, () => card.move('Move to the desk phone')));
      await office.pbx.waitFor('101', 'talking');
      await office.pbx.expectToHear('101', BEN);
    }
    judge('[A6] pull from the desk phone', pulls);
    judge('[A7] push to the desk phone', pushes);
    await his.expectStatus(/Connected/u);
  });

  it('[A7] goes from her browser to her mobile', async () => {
    await hers.callByName('Ben', 'Ben Carter');
    await his.expectRinging();
    await his.press('Answer');
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(hers.page, BEN)]);
    const moved = await move(ANNA, MOBILE, () => hers.card('Ben Carter').move(/Move to \+?[\d ]+/u));
    judge('[A7] push to the alternative number', [moved]);
    await office.pbx.expectToHear(mobile, BEN);
  });
});

describe('a call that rings', () => {
  it('[A6] at her desk phone alone is answered in her browser', async () => {
    const settings = await hers.openSettings();
    await settings.choose('Only the desk phone');
    await office.pbx.call('201', '101');
    await office.pbx.waitFor('101', 'ringing');
    await hers.card('Carla Duval').press('Answer here');
    await Promise.all([office.pbx.expectToHear('201', ANNA), expectToHear(hers.page, CARLA)]);
    await office.pbx.waitFor('101', 'idle');
    await settings.choose('All my devices');
  });

  it('[A7] goes to her mobile, and rings nowhere else', async () => {
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
    await hers.card('Carla Duval').move(/Let .* ring/u);
    await Promise.all([office.pbx.expectToHear('201', MOBILE), office.pbx.expectToHear(mobile, CARLA)]);
    await hers.expectNotRinging();
    await office.pbx.waitFor('101', 'idle');
  });
});
