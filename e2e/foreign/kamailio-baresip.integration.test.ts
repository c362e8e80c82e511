import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBaresip, startBaresip } from './baresip.ts';
import { hasKamailioTls, startKamailio, type Kamailio, type KamailioTransport } from './kamailio.ts';
import { Subject } from './subject.ts';

const FOREIGN = 440;
const OWN = 700;

let kamailio: Kamailio;

describe.skipIf(!hasBaresip() || !hasKamailioTls())(
  'baresip behind Kamailio (skipped where one is missing, or Kamailio has no TLS)',
  () => {
    beforeAll(async () => {
      kamailio = await startKamailio({ tls: true });
    });
    afterAll(async () => {
      await kamailio[Symbol.asyncDispose]();
    });

    const subjectAt = async (transport: KamailioTransport) => {
      const { certificates } = kamailio;
      const subject = await Subject.open({
        user: '101',
        tone: OWN,
        transports: [transport],
        ...(certificates !== undefined && { tls: { ...certificates, ca: [certificates.ca] } }),
      });
      const registration = subject.register({
        registrar: kamailio.uri(undefined, transport),
        aor: kamailio.uri('101', transport),
        password: kamailio.password,
      });
      await subject.registration('registered');
      return { subject, registration };
    };
    const baresipAt = (transport: KamailioTransport) =>
      startBaresip({
        aor: kamailio.uri('301', transport),
        user: '301',
        password: kamailio.password,
        tone: FOREIGN,
        answers: 'auto',
        transport,
        ...(kamailio.certificates !== undefined && { certificates: kamailio.certificates }),
      });

    it.each(['udp', 'tcp', 'tls'] as const)(
      '[foreign-baresip] over %s: calls it, holds and retrieves it, and is hung up',
      async (transport) => {
        const { subject, registration } = await subjectAt(transport);
        await using _ = subject;
        await using baresip = await baresipAt(transport);
        const call = await subject.call(kamailio.uri('301', transport), {
          from: kamailio.uri('101', transport),
          credentials: { username: '101', password: kamailio.password },
        });
        await call.accepted();
        const { voice } = call.audio;
        await Promise.all([voice.expectToHear(FOREIGN), baresip.expectToHear(OWN)]);
        expect(await call.hold()).toBe('recvonly');
        await Promise.all([voice.expectSilence(), baresip.expectSilence()]);
        expect(await call.retrieve()).toBe('sendrecv');
        await Promise.all([voice.expectToHear(FOREIGN), baresip.expectVoice()]);
        await baresip.hangUp();
        expect(await call.ended()).toMatchObject({ by: 'remote' });
        await subject.unregister(registration);
      },
    );

    it.each(['udp', 'tcp', 'tls'] as const)(
      '[foreign-baresip] over %s: is called by it, held and retrieved, and hangs up',
      async (transport) => {
        const { subject, registration } = await subjectAt(transport);
        await using _ = subject;
        await using baresip = await baresipAt(transport);
        await baresip.dial(kamailio.uri('101', transport));
        const call = await subject.answerNext();
        const { voice } = call.audio;
        await Promise.all([voice.expectToHear(FOREIGN), baresip.expectToHear(OWN)]);
        await baresip.hold();
        expect(await call.agree()).toBe('sendonly');
        await baresip.expectSilence();
        await baresip.retrieve();
        expect(await call.agree()).toBe('sendrecv');
        await Promise.all([voice.expectToHear(FOREIGN), baresip.expectVoice()]);
        call.hangUp();
        expect(await call.ended()).toEqual({ by: 'local' });
        await baresip.process.waitFor(/terminated|closed/u);
        await subject.unregister(registration);
      },
    );
  },
);
