import { Limits } from '@offhook/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import { missedCall, type Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { until } from '../src/until.ts';
import { CARLA, openOffice, type Office } from './office.ts';

let office: Office;
let first: Window;
let second: Window;
beforeAll(async () => {
  office = await openOffice();
  [first, second] = await Promise.all([office.anna.openWindow(), office.anna.openWindow()]);
});
afterEach(() => office.rest(first, second));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const both = () => [first, second];

describe('a call that rings in two windows and at the desk phone', () => {
  it('[A14] answered at the desk phone it stops everywhere, can be brought here, and is missed nowhere', async () => {
    await office.pbx.call('201', '101');
    await Promise.all(both().map((window) => window.expectRinging(/Carla Duval/u)));
    await office.pbx.answer('101');
    await Promise.all(both().map((window) => window.expectNotRinging()));
    await Promise.all(both().map((window) => window.card('Carla Duval').expect(/Desk phone/u)));
    await office.pbx.hangUp('201');
    await Promise.all(both().map((window) => window.expectText(/Carla Duval[^]*Incoming/u)));
    await Promise.all(both().map((window) => window.expectNoText(missedCall)));
  });

  it('[A14] answered in one window it stops in the other and on the desk', async () => {
    await office.pbx.call('201', '101');
    await Promise.all(both().map((window) => window.expectRinging(/Carla Duval/u)));
    await office.pbx.waitFor('101', 'ringing');
    await first.press('Answer');
    await second.expectNotRinging();
    await office.pbx.waitFor('101', 'idle');
    await expectToHear(first.page, CARLA);
    await second.card('Carla Duval').expect(/Another window/u);
    await Promise.all(both().map((window) => window.expectNoText(missedCall)));
  });

  it('[A14] answered nowhere it is missed, once', async () => {
    await office.pbx.call('202', '101');
    await Promise.all(both().map((window) => window.expectRinging(/David Engel/u)));
    await office.pbx.hangUp('202');
    await Promise.all(both().map((window) => window.expectNotRinging()));
    await Promise.all(both().map((window) => window.expectText(/David Engel[^]*Missed/u)));
    expect(count(await first.text(), /David Engel\nMissed/gu)).toBe(1);
  });
});

describe('an emergency call', () => {
  it('[A15] goes out while she is not to be disturbed, and beside as many calls as she may have', async () => {
    await (await first.openSettings()).setDoNotDisturb(true);
    await first.dial('112');
    await first.card('Emergency').expect(/Connected/u);
    await first.press('Hang up');
    await first.quiet();

    for (let calls = 1; calls <= Limits.callsPerUser; calls += 1) {
      await first.dial('600');
      await until(
        `${calls} calls, of which one talks`,
        () => first.status(),
        (text) => count(text, /Connected/gu) === 1 && count(text, /On hold/gu) === calls - 1,
      );
    }
    await first.dial('600');
    await first.expectText(/too many calls/iu);
    await first.dial('112');
    await first.card('Emergency').expect(/Connected/u);
    await (await first.openSettings()).setDoNotDisturb(false);
  });
});
