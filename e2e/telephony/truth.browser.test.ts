import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, BEN, CARLA, openOffice, type Office } from './office.ts';

/** Milliseconds in which a connection that was lost is there again. */
const BACK = 40_000;

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

/** Ben waits, and Anna asks Carla about him. */
async function annaAsksCarla(): Promise<void> {
  await hers.callByName('Ben', 'Ben Carter');
  await his.expectRinging();
  await his.press('Answer');
  const ben = hers.card('Ben Carter');
  await ben.expect(/Connected/u);
  await ben.choose('Transfer', '201');
  await ben.press('Ask first');
  await office.pbx.waitFor('201', 'ringing');
  await office.pbx.answer('201');
  await hers.card('Carla Duval').expect(/Connected/u);
  await ben.expect(/On hold/u);
  await expectToHear(hers.page, CARLA);
}

describe('in the middle of a transfer', () => {
  it('[A4 truth] a window that is loaded anew shows who waits and who is asked, hears them, and completes it', async () => {
    await annaAsksCarla();
    await hers.page.reload();
    await hers.card('Ben Carter').expect(/On hold/u);
    await hers.card('Carla Duval').expect(/Connected/u);
    await hers.card('Carla Duval').expect(/About Ben Carter/u);
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);
    await hers.card('Ben Carter').press('Complete transfer');
    await Promise.all([expectToHear(his.page, CARLA), office.pbx.expectToHear('201', BEN)]);
  });

  it('[A4 truth] a cloud that dies and comes back finds both calls as they are, and the transfer can be completed', async () => {
    await annaAsksCarla();
    await office.site.restartCloud();
    await hers.expectText(/^Online$/mu, BACK);
    await hers.card('Ben Carter').expect(/On hold/u);
    await hers.card('Carla Duval').expect(/Connected/u);
    await Promise.all([expectToHear(hers.page, CARLA), office.pbx.expectToHear('201', ANNA)]);
    await hers.card('Ben Carter').press('Complete transfer');
    await Promise.all([expectToHear(his.page, CARLA), office.pbx.expectToHear('201', BEN)]);
  });

  it('[A4 truth] a connector that dies takes its calls with it: all are told, nothing rings for ever, and calls get through again', async () => {
    await annaAsksCarla();
    await office.site.restartConnector();
    await hers.card('Ben Carter').expect(/The telephone connector was restarted/u, BACK);
    await hers.card('Carla Duval').expect(/The telephone connector was restarted/u);
    await his.card('Anna Berger').expect(/The telephone connector was restarted/u, BACK);
    // The PBX asks who is silent whether they still know the call.
    await office.pbx.waitFor('201', 'idle', BACK);
    await hers.quiet();
    await hers.dial('102');
    await his.expectRinging(/Anna Berger/u);
    await his.press('Answer');
    await expectToHear(his.page, ANNA);
  });

  it('[A1 truth] a call that rings while the cloud is away is shown when it is back, and is gone when the caller gives up meanwhile', async () => {
    await office.pbx.call('201', '102');
    await his.expectRinging(/Carla Duval/u);
    await office.site.restartCloud();
    await his.expectText(/^Online$/mu, BACK);
    await his.expectRinging(/Carla Duval/u);
    await office.site.restartCloud(async () => {
      await office.pbx.hangUp('201');
      await office.pbx.waitFor('201', 'idle');
    });
    await his.expectText(/^Online$/mu, BACK);
    await his.expectNotRinging();
    await his.expectText(/Carla Duval[^]*Missed/u);
  });

  it('[A1 truth] a call that rings when the connector dies rings in no window any more', async () => {
    await office.pbx.call('201', '102');
    await his.expectRinging(/Carla Duval/u);
    await office.site.restartConnector();
    await his.expectText(/^Online$/mu, BACK);
    await his.expectNotRinging();
  });
});
