import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import type { Window } from '../src/person.ts';
import type { ForwardingType } from '../src/practice-pbx.ts';
import type { SettingsPage } from '../src/settings-page.ts';
import { attachTrace } from '../src/trace.ts';
import { customer, mobile, openOffice, type Office } from './office.ts';

let office: Office;
let hers: Window;
let settings: SettingsPage;
beforeAll(async () => {
  office = await openOffice();
  hers = await office.anna.openWindow();
  settings = await hers.openSettings();
});
afterEach(() => office.rest(hers));
afterAll(() => office[Symbol.asyncDispose]());
attachTrace(() => office.pbx.url);

const platformForwards = (type: ForwardingType, active: boolean): Promise<void> =>
  office.pbx.expectFeatures('101', `forwarding ${type} ${active ? 'on' : 'off'}`, ({ forwarding }) =>
    active
      ? forwarding.some((one) => one.type === type && one.active)
      : forwarding.every((one) => one.type !== type || !one.active),
  );

describe('what is set in the page, or with the keys of the desk phone', () => {
  it('[A8] forwarding is what the platform then says, both ways, and calls go there', async () => {
    await settings.forward('Always', 'To a number', '202');
    await platformForwards('immediate', true);
    await office.pbx.call('201', '101');
    await office.pbx.expectDisplay('202', /Connected/u);
    await office.pbx.waitFor('101', 'idle');
    await office.pbx.hangUp('201');
    await settings.forward('Always', 'Off');
    await platformForwards('immediate', false);

    await office.pbx.setForwarding('101', 'busy', '202');
    await settings.expectForwarding('When I am on the phone', 'To a number', '202');
    await settings.forward('When I am on the phone', 'Off');
    await platformForwards('busy', false);
    await settings.forward('When I do not answer', 'To voicemail');
    await platformForwards('noAnswer', true);
    await office.pbx.setForwarding('101', 'noAnswer');
    await settings.expectForwarding('When I do not answer', 'Off');
  });

  it('[B3] do-not-disturb is the same in the page, at the platform and at the desk phone, and calls obey', async () => {
    await settings.setDoNotDisturb(true);
    await office.pbx.expectFeatures('101', 'do-not-disturb', ({ doNotDisturb }) => doNotDisturb);
    await hers.expectText(/^Do not disturb$/mu);
    await office.pbx.call('201', '101');
    await office.pbx.waitFor('201', 'idle');
    await office.pbx.waitFor('101', 'idle');
    await hers.expectNotRinging();

    await office.pbx.setDoNotDisturb('101', false);
    await settings.expectDoNotDisturb(false);
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
  });

  it('[A9 A10] the alternative number and what rings: calls ring there and nowhere else', async () => {
    await settings.setAlternativeNumber(`+${customer}`);
    await settings.setAlternativeNumber(`+${mobile}`);
    await office.pbx.expectFeatures('101', 'the mobile', ({ alternative = '' }) =>
      alternative.endsWith(mobile),
    );
    await settings.choose('Only the other number');
    await office.pbx.call('201', '101');
    await office.pbx.waitFor(mobile, 'ringing');
    await office.pbx.waitFor('101', 'idle');
    await hers.expectNotRinging();
    await office.pbx.hangUp('201');
    await office.pbx.waitFor(mobile, 'idle');

    await settings.choose('Only the desk phone');
    await office.pbx.call('201', '101');
    await office.pbx.waitFor('101', 'ringing');
    await hers.card('Carla Duval').button('Answer here').waitFor();
    await hers.expectNotRinging();
    await office.pbx.hangUp('201');
    await settings.choose('All my devices');
  });

  it('[A11] while she is on the phone a second caller meets what she has chosen', async () => {
    await office.pbx.call('101', '202');
    await office.pbx.waitFor('101', 'talking');
    await hers.card('David Engel').expect(/Connected/u);

    await settings.choose('hears the busy tone');
    await office.pbx.call('201', '101');
    await office.pbx.waitFor('201', 'idle');

    await settings.choose('goes to the other number');
    await office.pbx.call('201', '101');
    await office.pbx.waitFor(mobile, 'ringing');
    await office.pbx.hangUp('201');

    await settings.choose('rings as a second call');
    await office.pbx.call('201', '101');
    await hers.expectRinging(/Carla Duval/u);
  });
});
