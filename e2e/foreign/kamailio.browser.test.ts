import path from 'node:path';
import { describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import { Person } from '../src/person.ts';
import { repository } from '../src/product.ts';
import { openSite } from '../src/site.ts';
import { hasBaresip, startBaresip } from './baresip.ts';
import { hasKamailio, startKamailio } from './kamailio.ts';

const ANNA = 1_000;
const FOREIGN = 440;

describe.skipIf(!hasBaresip() || !hasKamailio())(
  'a registrar of foreign make (skipped without Kamailio and baresip)',
  () => {
    it('[G4] the connector registers at Kamailio, is called through it and calls through it', async () => {
      await using kamailio = await startKamailio();
      const aor = (user: string) => `sip:${user}@127.0.0.1:${kamailio.port}`;
      await using site = await openSite({
        pbx: { host: '127.0.0.1', port: kamailio.port, transport: 'udp' },
        people: [
          { email: 'anna@test.example', name: 'Anna Berger', number: '101', sipPassword: kamailio.password },
        ],
        webRoot: path.join(repository, 'apps', 'phone', 'dist'),
      });
      await using baresip = await startBaresip({
        aor: aor('301'),
        user: '301',
        password: kamailio.password,
        tone: FOREIGN,
        answers: 'auto',
      });
      await using anna = await Person.at(site.url, 'anna@test.example', site.password, { tone: ANNA });
      await using window = await anna.openWindow();

      await baresip.dial(aor('101'));
      await window.expectRinging(/301/u);
      await window.press('Answer');
      await window.expectStatus(/Connected/u);
      await baresip.process.waitFor(/Call established/u);
      await Promise.all([expectToHear(window.page, FOREIGN), baresip.expectToHear(ANNA)]);
      await baresip.hangUp();
      await window.expectStatus(/Ended/u);

      await window.dial('301');
      await window.expectStatus(/Connected/u);
      await Promise.all([expectToHear(window.page, FOREIGN), baresip.expectToHear(ANNA)]);
      await window.press('Hang up');
      await window.expectStatus(/Ended/u);
    });
  },
);
