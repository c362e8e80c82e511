import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForeignTelephone, TelephoneOptions, TelephoneTransport } from './foreign-telephone.ts';
import { hasKamailioTls, startKamailio, type Kamailio } from './kamailio.ts';
import { registeredSubject } from './registered-subject.ts';

export interface TelephoneMake {
  readonly name: string;
  readonly isHere: boolean;
  /** Whether it knows RFC 3891: else an attended transfer is a blind one to it. */
  readonly knowsReplaces: boolean;
  readonly start: (options: TelephoneOptions) => Promise<ForeignTelephone>;
}

/** Hz: of the telephone, and of ours. */
const FOREIGN = 440;
const OWN = 700;
const THIRD = 1_000;
const USER = '301';
const OTHER_USER = '302';

const transports: readonly TelephoneTransport[] = ['udp', 'tcp', 'tls'];

/** What our stack has to do with every make of telephone, through Kamailio: call, be called, hold and be held. */
export function describeTelephone({ name, isHere, knowsReplaces, start }: TelephoneMake): void {
  const skipped = `skipped without ${name}, or Kamailio and its TLS, or openssl`;
  describe.skipIf(!isHere || !hasKamailioTls())(`${name} behind Kamailio (${skipped})`, () => {
    let kamailio: Kamailio;
    beforeAll(async () => {
      kamailio = await startKamailio({ tls: true });
    });
    afterAll(async () => {
      await kamailio[Symbol.asyncDispose]();
    });
    const telephone = (transport: TelephoneTransport, user = USER, tone = FOREIGN) =>
      start({
        aor: kamailio.uri(user, transport),
        user,
        password: kamailio.password,
        tone,
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
        await other.expectIdle();
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
        await other.expectIdle();
      },
    );

    it.each(transports)(
      `[foreign-${name}] over %s: is sent on to a third party by us, and reports that it has got there`,
      async (transport) => {
        await using own = await registeredSubject(kamailio, transport, OWN);
        await using other = await telephone(transport);
        await using third = await telephone(transport, OTHER_USER, THIRD);
        const call = await own.call(USER);
        await call.accepted();
        await other.expectToHear(OWN);
        call.agreeToAll();
        own.subject.refer({ session: call.session, referTo: kamailio.uri(OTHER_USER, transport) });
        expect(await own.subject.referred()).toMatchObject({ kind: 'reported', status: 200 });
        call.hangUp();
        await call.ended();
        await Promise.all([third.expectToHear(FOREIGN), other.expectToHearAgain(THIRD)]);
        await third.hangUp();
        await other.expectIdle();
      },
    );

    it.each(transports)(
      `[foreign-${name}] over %s: sends us on to a third party, and is told that we have got there`,
      async (transport) => {
        await using own = await registeredSubject(kamailio, transport, OWN);
        await using other = await telephone(transport);
        await using third = await telephone(transport, OTHER_USER, THIRD);
        const call = await own.call(USER);
        await call.accepted();
        await other.expectToHear(OWN);
        call.agreeToAll();
        await other.transfer(kamailio.uri(OTHER_USER, transport));
        const next = await own.carryOutTransfer(call);
        const { voice } = next.audio;
        await Promise.all([voice.expectToHear(THIRD), third.expectToHear(OWN)]);
        expect(await call.ended()).toMatchObject({ by: 'remote' });
        next.hangUp();
        await next.ended();
        await third.expectIdle();
      },
    );

    it.each(knowsReplaces ? transports : [])(
      `[foreign-${name}] over %s: takes our place in a call with a third party`,
      async (transport) => {
        await using own = await registeredSubject(kamailio, transport, OWN);
        await using other = await telephone(transport);
        await using third = await telephone(transport, OTHER_USER, THIRD);
        const call = await own.call(USER);
        await call.accepted();
        await other.expectToHear(OWN);
        await call.hold();
        const consultation = await own.call(OTHER_USER);
        await consultation.accepted();
        await third.expectToHear(OWN);
        call.agreeToAll();
        own.subject.refer({ session: call.session, replaces: consultation.session });
        expect(await own.subject.referred()).toMatchObject({ kind: 'reported', status: 200 });
        expect(await consultation.ended()).toMatchObject({ by: 'remote' });
        call.hangUp();
        await call.ended();
        await Promise.all([third.expectToHearAgain(FOREIGN), other.expectToHearAgain(THIRD)]);
      },
    );
  });
}
