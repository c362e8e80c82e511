import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectSilence, expectToHear } from '../src/ear.ts';
import { hasBaresip } from './baresip.ts';
import { hasKamailio } from './kamailio.ts';
import { BUSY_NUMBER } from './kamailio-script.ts';
import { hasLinphone, startLinphone } from './linphone.ts';
import {
  ANNA,
  BARESIP,
  BARESIPS_NUMBER,
  LINPHONE,
  LINPHONES_NUMBER,
  openOffice,
  sendOn,
  type Office,
} from './office.ts';

const oneConnectedOneHeld = /Connected[^]*On hold|On hold[^]*Connected/u;
const bothHandedOver = /You handed the call over[^]*You handed the call over/u;
const THIRDS_NUMBER = '303';
const THIRD = 850;
const NOBODY = '399';
const isPossible = hasKamailio() && hasBaresip() && hasLinphone();

describe.skipIf(!isPossible)(
  'calls between the browser and telephones of foreign make (skipped without Kamailio, baresip and linphone)',
  () => {
    let office: Office;
    beforeAll(async () => {
      office = await openOffice();
    });
    afterAll(async () => {
      await office[Symbol.asyncDispose]();
    });
    afterEach(async () => {
      await office.baresip.hangUpAll();
      await office.linphone.hangUpAll();
    });

    const phones = [
      {
        name: 'baresip',
        number: BARESIPS_NUMBER,
        tone: BARESIP,
        other: LINPHONES_NUMBER,
        otherTone: LINPHONE,
      },
      {
        name: 'linphone',
        number: LINPHONES_NUMBER,
        tone: LINPHONE,
        other: BARESIPS_NUMBER,
        otherTone: BARESIP,
      },
    ] as const;
    const both = (name: 'baresip' | 'linphone') =>
      name === 'baresip'
        ? ([office.baresip, office.linphone] as const)
        : ([office.linphone, office.baresip] as const);

    it.each(phones)(
      '[A3 G4] $name is held and retrieved, and holds and retrieves: the browser tells which',
      async ({ name, number, tone }) => {
        const [phone] = both(name);
        await using window = await office.anna.openWindow();
        await window.dial(number);
        await window.expectStatus(/Connected/u);
        await Promise.all([expectToHear(window.page, tone), phone.expectToHear(ANNA)]);

        await window.press('Hold');
        await window.expectStatus(/On hold/u);
        // From here on baresip has no ear for anything but packets, and silence has packets, too.
        await Promise.all([
          expectSilence(window.page),
          ...(name === 'linphone' ? [phone.expectSilence()] : []),
        ]);
        await window.press('Retrieve');
        await window.expectStatus(/Connected/u);
        await Promise.all([expectToHear(window.page, tone), phone.expectToHearAgain(ANNA)]);

        await phone.hold();
        await window.expectStatus(/Held by the other side/u);
        // linphone plays its file to whom it holds, and hears nothing; baresip sends nothing.
        await (name === 'linphone' ? phone.expectSilence() : expectSilence(window.page));
        await phone.retrieve();
        await window.expectStatus(/Connected/u);
        await Promise.all([expectToHear(window.page, tone), phone.expectToHearAgain(ANNA)]);
        await window.press('Hang up');
        await window.expectStatus(/Ended/u);
      },
    );

    it.each(phones)(
      '[A4 G4] a call with $name is handed over to the other telephone without a word, and is transferred',
      async ({ name, number, tone, other, otherTone }) => {
        const [phone, third] = both(name);
        await using window = await office.anna.openWindow();
        await window.dial(number);
        await window.expectStatus(/Connected/u);
        await phone.expectToHear(ANNA);
        await sendOn(window, 'Transfer', other, 'Transfer now');
        await window.expectStatus(/You handed the call over/u);
        await Promise.all([phone.expectToHear(otherTone), third.expectToHear(tone)]);
        await third.hangUp();
      },
    );

    it.each([
      { number: BUSY_NUMBER, what: 'a busy number' },
      { number: NOBODY, what: 'a number that nobody has' },
    ])('[A4 G4] a transfer to $what fails in words, and the call goes on', async ({ number }) => {
      const { baresip } = office;
      await using window = await office.anna.openWindow();
      await window.dial(BARESIPS_NUMBER);
      await window.expectStatus(/Connected/u);
      await sendOn(window, 'Transfer', number, 'Transfer now');
      await window.expectText(/could not be handed over/u);
      await window.expectStatus(/Connected/u);
      await Promise.all([expectToHear(window.page, BARESIP), baresip.expectToHearAgain(ANNA)]);
      await window.press('Hang up');
      await window.expectStatus(/Ended/u);
    });

    it('[A4 G4] baresip is asked first, then linphone takes the place of the browser there: both calls are transferred', async () => {
      const { baresip, linphone } = office;
      await using window = await office.anna.openWindow();
      await window.dial(LINPHONES_NUMBER);
      await window.expectStatus(/Connected/u);
      await sendOn(window, 'Transfer', BARESIPS_NUMBER, 'Ask first');
      await window.expectStatus(oneConnectedOneHeld);
      await baresip.expectToHear(ANNA);
      await window.press('Complete transfer');
      await window.expectStatus(bothHandedOver);
      await Promise.all([linphone.expectToHear(BARESIP), baresip.expectToHear(LINPHONE)]);
    });

    it('[A4 G4] baresip, which knows no Replaces, rings at linphone for its consulted owner, and both calls are transferred', async () => {
      const { baresip, linphone } = office;
      await using window = await office.anna.openWindow();
      await window.dial(BARESIPS_NUMBER);
      await window.expectStatus(/Connected/u);
      await sendOn(window, 'Transfer', LINPHONES_NUMBER, 'Ask first');
      await window.expectStatus(oneConnectedOneHeld);
      await linphone.expectToHear(ANNA);
      await window.press('Complete transfer');
      await linphone.answer();
      await window.expectStatus(bothHandedOver);
      await Promise.all([linphone.expectToHear(BARESIP), baresip.expectToHear(LINPHONE)]);
    });

    it.each(phones)(
      '[A4 G4] $name hands the browser over: the call goes on with the other telephone, and shows its number',
      async ({ name, number, other, otherTone }) => {
        const [phone, third] = both(name);
        await using window = await office.anna.openWindow();
        await window.dial(number);
        await window.expectStatus(/Connected/u);
        await phone.expectToHear(ANNA);
        await phone.transfer(office.uri(other));
        await window.expectText(new RegExp(`^${other}$`, 'mu'));
        await window.expectStatus(/Connected/u);
        await Promise.all([expectToHear(window.page, otherTone), third.expectToHear(ANNA)]);
        await phone.expectIdle();
        await window.press('Hang up');
        await window.expectStatus(/Ended/u);
      },
    );

    it('[A4 G4] linphone asks a third one, and hands the browser over: we take the place that it had there', async () => {
      const { linphone } = office;
      await using third = await startLinphone(office.account(THIRDS_NUMBER, THIRD));
      await using window = await office.anna.openWindow();
      await window.dial(LINPHONES_NUMBER);
      await window.expectStatus(/Connected/u);
      await linphone.expectToHear(ANNA);
      await linphone.consult(office.uri(THIRDS_NUMBER));
      await window.expectStatus(/Held by the other side/u);
      await third.expectToHear(LINPHONE);
      await linphone.completeTransfer();
      await window.expectText(new RegExp(`^${THIRDS_NUMBER}$`, 'mu'));
      await window.expectStatus(/Connected/u);
      await Promise.all([expectToHear(window.page, THIRD), third.expectToHear(ANNA)]);
      await linphone.expectIdle();
      await window.press('Hang up');
      await window.expectStatus(/Ended/u);
    });

    it('[A5 G4] a second call puts the first on hold, and the two are swapped', async () => {
      const { baresip, linphone } = office;
      await using window = await office.anna.openWindow();
      await window.dial(LINPHONES_NUMBER);
      await window.expectStatus(/Connected/u);
      await linphone.expectToHear(ANNA);
      await sendOn(window, 'Second call', BARESIPS_NUMBER, 'Call now');
      await window.expectStatus(oneConnectedOneHeld);
      await Promise.all([baresip.expectToHear(ANNA), linphone.expectSilence()]);
      await window.press('Swap');
      await linphone.expectToHear(ANNA);
      await window.expectStatus(oneConnectedOneHeld);
      await window.press('Swap');
      await Promise.all([baresip.expectToHearAgain(ANNA), linphone.expectSilence()]);
      await window.expectStatus(oneConnectedOneHeld);
    });

    it('[A5 G4] the browser mixes the two: each hears the other and Anna', async () => {
      const { baresip, linphone } = office;
      await using window = await office.anna.openWindow();
      await window.dial(LINPHONES_NUMBER);
      await window.expectStatus(/Connected/u);
      await sendOn(window, 'Second call', BARESIPS_NUMBER, 'Call now');
      await window.expectStatus(oneConnectedOneHeld);
      await window.press('Merge');
      await window.expectText(/2 people and you/u);
      await Promise.all([
        baresip.expectToHearAll([ANNA, LINPHONE]),
        linphone.expectToHearAll([ANNA, BARESIP]),
      ]);
      await window.press('Hang up');
      await baresip.expectIdle();
      await linphone.expectIdle();
    });
  },
);
