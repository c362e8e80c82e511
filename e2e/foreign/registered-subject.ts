import { parseReferTo } from '@offhook/sip';
import type { TelephoneTransport } from './foreign-telephone.ts';
import type { Kamailio } from './kamailio.ts';
import type { SubjectCall } from './subject/call.ts';
import { Subject } from './subject.ts';

/** The subject as user 101 of Kamailio; it takes its registration back at the end. */
export interface RegisteredSubject extends AsyncDisposable {
  readonly subject: Subject;
  /** Calls another user. */
  call(user: string): Promise<SubjectCall>;
  /** Waits for the REFER in `call`, calls whom it names and reports the answer; gives the new call. */
  carryOutTransfer(call: SubjectCall): Promise<SubjectCall>;
}

/**
 * Resolves when it is registered. Over streams it only dials: whoever calls it comes by its connection to the registrar, as
 * where no port may be opened inwards.
 *
 * @param tone Hz of its voice
 */
export async function registeredSubject(
  kamailio: Kamailio,
  transport: TelephoneTransport,
  tone: number,
): Promise<RegisteredSubject> {
  const { certificates, password } = kamailio;
  const user = '101';
  const subject = await Subject.open({
    user,
    tone,
    transports: [transport],
    accepts: transport === 'udp',
    ...(certificates !== undefined && { tls: { ca: [certificates.ca] } }),
  });
  const aor = kamailio.uri(user, transport);
  const registration = subject.register({ registrar: kamailio.uri(undefined, transport), aor, password });
  await subject.registration('registered');
  const credentials = { username: user, password };
  const call = (uri: string) => subject.call(uri, { from: aor, credentials });
  return {
    subject,
    call: (to) => call(kamailio.uri(to, transport)),
    carryOutTransfer: async (transferred) => {
      const { requestId, request } = await transferred.next('session.request');
      const target = parseReferTo(request);
      if (target === undefined) {
        throw new Error(`This is no REFER: ${request.method}`);
      }
      const referrer = subject.acceptRefer(requestId);
      const next = await call(target.uri);
      await next.accepted();
      subject.report(referrer, 200);
      return next;
    },
    [Symbol.asyncDispose]: async () => {
      await subject.unregister(registration).finally(() => subject[Symbol.asyncDispose]());
    },
  };
}
