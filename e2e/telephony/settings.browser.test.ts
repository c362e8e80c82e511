import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import type { Window } from '../src/person.ts';
import { attachTrace } from '../src/trace.ts';
import { CARLA, CUSTOMER, customer, openOffice, type Office } from './office.ts';

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

describe('call forwarding', () => {
  it('[A8] always, to a number: the other telephone rings and hers do not; it reads back after a reload, and off is off', async () => {
    const settings = await hers.openSettings();
    await settings.forward('Always', 'To a number', '201');
    await office.pbx.call(customer, '101');
    await office.pbx.waitFor('201', 'ringing');
    await hers.expectNotRinging();
    await office.pbx.waitFor('101', 'idle');
    await office.pbx.quiet();

    await hers.page.reload();
    await hers.expectReady();
    await (await hers.openSettings()).expectForwarding('Always', 'To a number', '201');
    await settings.forward('Always', 'Off');
    await office.pbx.call(customer, '101');
    await hers.expectRinging(/A customer/u);
    await office.pbx.waitFor('101', 'ringing');
  });

  it('[A8] when she talks, to her mailbox; who calls hears it, and her talk goes on', async () => {
    const settings = await hers.openSettings();
    await settings.forward('When I am on the phone', 'To voicemail');
    await hers.dial('600');
    await hers.card('Echo test').expect(/Connected/u);
    await office.pbx.call('201', '101');
    await office.pbx.expectDisplay('201', /Voicemail of Anna Berger/u);
    await hers.card('Echo test').expect(/Connected/u);
    await settings.forward('When I am on the phone', 'Off');
  });

  it('[A8] when nobody answers, to a number: her telephones ring first, then the other alone', async () => {
    const settings = await his.openSettings();
    await settings.forward('When I do not answer', 'To a number', '201');
    await office.pbx.call(customer, '102');
    await his.expectRinging(/A customer/u);
    await office.pbx.waitFor('201', 'ringing', 20_000);
    await his.expectNotRinging();
    await office.pbx.answer('201');
    await Promise.all([office.pbx.expectToHear('201', CUSTOMER), office.pbx.expectToHear(customer, CARLA)]);
    await settings.forward('When I do not answer', 'Off');
  });
});
