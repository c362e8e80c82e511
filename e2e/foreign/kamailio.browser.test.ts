import path from 'node:path';
import { describe, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import { Person } from '../src/person.ts';
import { repository } from '../src/product.ts';
import { openSite } from '../src/site.ts';
import { hasBaresip, startBaresip } from './baresip.ts';
import { hasKamailio, hasKamailioTls, portOf, startKamailio } from './kamailio.ts';

const ANNA = 1_000;
const FOREIGN = 440;

describe.skipIf(!hasBaresip() || !hasKamailio())(
  'a registrar of foreign make (skipped without Kamailio and baresip)',
  () => {
    it.each(['udp', ...(hasKamailioTls() ? (['tls'] as const) : [])] as const)(
      '[G4] the connector registers at Kamailio over %s, is called through it and calls through it',
      async (transport) => {
        await using kamailio = await startKamailio({ tls: transport === 'tls' });
        const aor = (user: string) => kamailio.uri(user, 'udp');
        const { certificates } = kamailio;
        await using site = await openSite({
          pbx: { host: '127.0.0.1', port: portOf(kamailio.uri(undefined, transport)), transport },
          ...(certificates !== undefined && {
            connector: {
              OFFHOOK_PBX_CA_FILE: certificates.caFile,
              OFFHOOK_SIP_CERTIFICATE_FILE: certificates.certificateFile,
              OFFHOOK_SIP_KEY_FILE: certificates.keyFile,
            },
          }),
          people: [
            {
              email: 'anna@test.example',
              name: 'Anna Berger',
              number: '101',
              sipPassword: kamailio.password,
            },
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
      },
    );
  },
);
