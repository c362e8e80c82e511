import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, ANNAS_DESK, BEN, DAVID, openOffice, type Office } from './office.ts';

describe.each([
  ['G2', 'openscape-4000'],
  ['G3', 'openscape-business'],
] as const)('[%s] %s', (_, platform) => {
  let office: Office;
  let hers: Window;
  let his: Window;
  beforeAll(async () => {
    office = await openOffice({ platform });
    [hers, his] = await Promise.all([office.anna.openWindow(), office.ben.openWindow()]);
  });
  afterAll(() => office[Symbol.asyncDispose]());
  attachTrace(() => office.pbx.url);

  it('[A4 A6 A7 B3] a call is pulled, pushed and transferred, and do-not-disturb is in step', async () => {
    await office.pbx.call('101', '102');
    await his.expectRinging(/Anna Berger/u);
    await his.press('Answer');
    await expectToHear(his.page, ANNAS_DESK);
    const card = hers.card('Ben Carter');
    await card.expect(/Desk phone/u);
    await card.press('Continue here');
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(hers.page, BEN)]);
    await office.pbx.waitFor('101', 'idle');
    await card.expect(/This device/u);
    await card.move('Move to the desk phone');
    await Promise.all([expectToHear(his.page, ANNAS_DESK), office.pbx.expectToHear('101', BEN)]);
    await card.expect(/Desk phone/u);
    await card.choose('Transfer', '202');
    await card.press('Transfer now');
    await office.pbx.waitFor('101', 'idle');
    await Promise.all([expectToHear(his.page, DAVID), office.pbx.expectToHear('202', BEN)]);
    await office.pbx.hangUp('202');

    const settings = await hers.openSettings();
    await settings.setDoNotDisturb(true);
    await office.pbx.expectFeatures('101', 'do-not-disturb', ({ doNotDisturb }) => doNotDisturb);
    await office.pbx.call('201', '101');
    await office.pbx.waitFor('201', 'idle');
    await office.pbx.setDoNotDisturb('101', false);
    await settings.expectDoNotDisturb(false);
  });
});
