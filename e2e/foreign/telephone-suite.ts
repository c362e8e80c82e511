import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForeignTelephone, TelephoneOptions, TelephoneTransport } from './foreign-telephone.ts';
import { hasKamailioTls, startKamailio, type Kamailio } from './kamailio.ts';
import { registeredSubject } from './registered-subject.ts';

export interface TelephoneMake {
  readonly name: string;
  readonly isHere: boolean;
  readonly start: (options: TelephoneOptions) => Promise<ForeignTelephone>;
}

/** Hz: of the telephone, and of ours. */
const FOREIGN = 440;
const OWN = 700;
const USER = '301';

const transports: readonly TelephoneTransport[] = ['udp', 'tcp', 'tls'];

/** What our stack has to do with every make of telephone, through Kamailio: call, be called, hold and be held. */
export function describeTelephone({ name, isHere, start }: TelephoneMake): void {
  const skipped = `skipped without ${name}, or Kamailio and its TLS, or openssl`;
  describe.skipIf(!isHere || !hasKamailioTls())(`${name} behind Kamailio (${skipped})`, () => {
    let kamailio: Kamailio;
    beforeAll(async () => {
      kamailio = await startKamailio({ tls: true });
    });
    afterAll(async () => {
      await kamailio[Symbol.asyncDispose]();
    });
    const telephone = (transport: TelephoneTransport) =>
      start({
        aor: kamailio.uri(USER, transport),
        user: USER,
        password: kamailio.password,
        tone: FOREIGN,
        answers: 'auto',
        transport,
        ...(kamailio.certificates !== undefined && { certificates: kamailio.certificates }),
      });

    it.each(transports)(
      `[foreign-${name}] over %s: calls it, holds and retrieves it, and is hung up`,
      async (transport) => {
        await using own = await registeredSubject(kamailio, transport, OWN);
        await using other = await telephone(transport);
        const call = await own.call(USER);
        await call.accepted();
        const { voice } = call.audio;
        await Promise.all([voice.expectToHear(FOREIGN), other.expectToHear(OWN)]);
        expect(await call.hold()).toBe('recvonly');
        await Promise.all([voice.expectSilence(), other.expectSilence()]);
        expect(await call.retrieve()).toBe('sendrecv');
        await Promise.all([voice.expectToHear(FOREIGN), other.expectToHearAgain(OWN)]);
        await other.hangUp();
        expect(await call.ended()).toMatchObject({ by: 'remote' });
        await other.expectEnded();
      },
    );

    it.each(transports)(
      `[foreign-${name}] over %s: is called by it, held and retrieved, and hangs up`,
      async (transport) => {
        await using own = await registeredSubject(kamailio, transport, OWN);
        await using other = await telephone(transport);
        await other.dial(kamailio.uri('101', transport));
        const call = await own.subject.answerNext();
        const { voice } = call.audio;
        await Promise.all([voice.expectToHear(FOREIGN), other.expectToHear(OWN)]);
        await other.hold();
        expect(await call.agree()).toBe('sendonly');
        await other.expectSilence();
        await other.retrieve();
        expect(await call.agree()).toBe('sendrecv');
        await Promise.all([voice.expectToHear(FOREIGN), other.expectToHearAgain(OWN)]);
        call.hangUp();
        expect(await call.ended()).toEqual({ by: 'local' });
        await other.expectEnded();
      },
    );
  });
}
