import type { TelephoneTransport } from './foreign-telephone.ts';
import type { Kamailio } from './kamailio.ts';
import type { SubjectCall } from './subject/call.ts';
import { Subject } from './subject.ts';

/** The subject as user 101 of Kamailio; it takes its registration back at the end. */
export interface RegisteredSubject extends AsyncDisposable {
  readonly subject: Subject;
  /** Calls another user. */
  call(user: string): Promise<SubjectCall>;
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
  return {
    subject,
    call: (to) =>
      subject.call(kamailio.uri(to, transport), { from: aor, credentials: { username: user, password } }),
    [Symbol.asyncDispose]: async () => {
      await subject.unregister(registration).finally(() => subject[Symbol.asyncDispose]());
    },
  };
}
