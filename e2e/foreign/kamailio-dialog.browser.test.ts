import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import type { Window } from '../src/person.ts';
import { SOON } from '../src/until.ts';
import { hasBaresip, startBaresip, type Baresip } from './baresip.ts';
import { hasKamailioPresence } from './kamailio.ts';
import { hasLinphone } from './linphone.ts';
import { publishMessages } from './mailbox.ts';
import {
  ANNA,
  ANNAS_NUMBER,
  BARESIP,
  BARESIPS_NUMBER,
  LINPHONE,
  LINPHONES_NUMBER,
  openOffice,
  type Office,
} from './office.ts';

const DESK = 550;
const isPossible = hasKamailioPresence() && hasBaresip() && hasLinphone();

async function expectAtDesk(window: Window, number: string): Promise<void> {
  await window.expectText(/^Desk phone$/mu);
  await window.expectText(new RegExp(`^${number}$`, 'mu'));
  await window.expectStatus(/Connected/u);
}

describe.skipIf(!isPossible)(
  "what Kamailio tells of a number (skipped without Kamailio's presence modules, baresip and linphone)",
  () => {
    let office: Office;
    let desk: Baresip;
    beforeAll(async () => {
      office = await openOffice({ presence: true });
      desk = await startBaresip(office.account(ANNAS_NUMBER, DESK));
    });
    afterAll(async () => {
      await desk[Symbol.asyncDispose]();
      await office[Symbol.asyncDispose]();
    });
    afterEach(async () => {
      await desk.hangUpAll();
      await office.baresip.hangUpAll();
      await office.linphone.hangUpAll();
    });

    it('[A6 G4] a call that her desk phone has placed shows in the browser, and is pulled there', async () => {
      const { linphone } = office;
      await using window = await office.anna.openWindow();
      await desk.dial(office.uri(LINPHONES_NUMBER));
      await linphone.expectToHear(DESK);
      await expectAtDesk(window, LINPHONES_NUMBER);
      await window.press('Continue here');
      await window.expectNoText(/^Desk phone$/mu);
      await Promise.all([expectToHear(window.page, LINPHONE), linphone.expectToHear(ANNA)]);
      await desk.expectIdle();
      await window.press('Hang up');
      await window.expectStatus(/Ended/u);
      await linphone.expectIdle();
    });

    // Kamailio tells of a forked call without the tags that name the branch which answered: nobody can take its place.
    it('[A6 A14 G4] a call that she has answered at the desk phone rings here no more, shows, and cannot be pulled', async () => {
      const { linphone } = office;
      await using window = await office.anna.openWindow();
      await linphone.dial(office.uri(ANNAS_NUMBER));
      await linphone.expectToHear(DESK);
      await window.expectNotRinging();
      await expectAtDesk(window, LINPHONES_NUMBER);
      await window.press('Continue here');
      await window.expectText(/could not be brought here\. It goes on where it is/u);
      await expectAtDesk(window, LINPHONES_NUMBER);
      await linphone.hangUp();
      await window.expectNoText(/^Desk phone$/mu);
    });

    it('[A6 G4] where the other side does not know Replaces, the pull is refused in words and the call goes on', async () => {
      const { baresip } = office;
      await using window = await office.anna.openWindow();
      await desk.dial(office.uri(BARESIPS_NUMBER));
      await Promise.all([baresip.expectToHear(DESK), desk.expectToHear(BARESIP)]);
      await expectAtDesk(window, BARESIPS_NUMBER);
      await window.press('Continue here');
      await window.expectText(/could not be brought here\. It goes on where it is/u);
      await expectAtDesk(window, BARESIPS_NUMBER);
      await Promise.all([baresip.expectToHear(DESK), desk.expectToHear(BARESIP)]);
      await desk.hangUp();
      await window.expectStatus(/Ended/u);
    });

    it('[A12 G4] Kamailio tells of new messages in the mailbox, and that there are none any more', async () => {
      await using window = await office.anna.openWindow();
      const icon = () => window.page.locator('[data-voicemail]').getAttribute('aria-label');
      await expect.poll(icon, { timeout: SOON }).toBe('Voicemail');
      await publishMessages(office.kamailio.port, ANNAS_NUMBER, { fresh: 3, old: 1 });
      await expect.poll(icon, { timeout: SOON }).toBe('Voicemail, 3 new');
      await publishMessages(office.kamailio.port, ANNAS_NUMBER, { fresh: 0, old: 4 });
      await expect.poll(icon, { timeout: SOON }).toBe('Voicemail');
    });
  },
);
