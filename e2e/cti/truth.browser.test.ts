import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { ANNA, CARLA, DAVID, openOffice, type Office } from './office.ts';

let office: Office;
let hers: Window;
beforeAll(async () => {
  office = await openOffice();
  hers = await office.anna.openWindow();
});
afterEach(() => office.rest(hers));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

/** Anna's desk phone talks with David, and Carla calls her. */
async function talksAndRings(): Promise<void> {
  await office.pbx.call('101', '202');
  await hers.card('David Engel').expect(/Connected[^]*Desk phone/u);
  await office.pbx.call('201', '101');
  await hers.expectRinging(/Carla Duval/u);
}

/** The desk phone's call obeys again, and can be ended. */
async function davidIsUnderControl(): Promise<void> {
  const david = hers.card('David Engel');
  await david.press('Hold');
  await david.expect(/On hold/u);
  await david.press('Retrieve');
  await david.expect(/Connected/u);
  await office.pbx.expectToHear('101', DAVID);
}

describe('calls at the desk phone and ringing, while something breaks', () => {
  it('[H2] the control link is cut: both are as they were when it is back, and what ended meanwhile is gone', async () => {
    await talksAndRings();
    await office.pbx.cutControlLink();
    await office.pbx.expectControlled();
    await hers.expectRinging(/Carla Duval/u);
    await davidIsUnderControl();

    await office.pbx.cutControlLink();
    await Promise.all([office.pbx.hangUp('201'), office.pbx.hangUp('202')]);
    await office.pbx.waitFor('101', 'idle');
    await hers.expectNotRinging();
    await hers.card('David Engel').expectNot(/Connected/u);
    await hers.expectText(/^Available$/mu);
  });

  it('[H2] the cloud is restarted: both are as they were, and obey', async () => {
    await talksAndRings();
    // Until then the window shows what it knew before.
    const isNoticed = hers.expectText(/^(?:Reconnecting…|Offline)$/mu, 40_000);
    await Promise.all([office.site.restartCloud(), isNoticed]);
    await hers.expectText(/^Online$/mu, 40_000);
    await hers.expectRinging(/Carla Duval/u);
    await davidIsUnderControl();
    await office.pbx.hangUp('201');
    await hers.expectNotRinging();
  });

  it('[H2] the connector is restarted: the desk phone’s call is there again, and what rings can be answered or has gone', async () => {
    await talksAndRings();
    await office.site.restartConnector();
    await hers.card('David Engel').expect(/Connected[^]*Desk phone/u, 40_000);
    await davidIsUnderControl();
    await office.pbx.hangUp('202');
    await hers.card('David Engel').expectNot(/Connected/u);
    // The PBX still rings the desk phone for Carla; the line that our former life had rung is not rung again.
    await office.pbx.waitFor('101', 'ringing');
    await hers.card('Carla Duval').press('Answer here');
    await Promise.all([office.pbx.expectToHear('201', ANNA), expectToHear(hers.page, CARLA)]);
  });
});
