import type { SeededRandom } from '@offhook/testkit';
import type { DigestSecret } from '../../auth/index.ts';
import { DigestServer } from '../../auth/index.ts';
import type { EndpointEvent, Millis, SessionId, SipEndpointApi, Target } from '../../endpoint/api.ts';
import { aorOf, canonicalAor, Registrar } from '../../registrar/registrar.ts';

export const realm = 'office.example';
export const passwordOf = (user: string): string => `secret of ${user}`;
export const aorOfUser = (user: string): string => `sip:${user}@${realm}`;

const secretOf = (username: string): DigestSecret => ({ kind: 'password', password: passwordOf(username) });

/**
 * The application of the simulated PBX: a registrar that asks for credentials, and redirects calls to where somebody is bound,
 * for which it asks, too.
 */
export class RegistrarDesk {
  readonly registrar: Registrar;
  readonly #digest: DigestServer;
  readonly #proxyDigest: DigestServer;
  readonly #sessions = new Set<SessionId>();

  /** @param registrar what an earlier life has kept on disk */
  constructor(random: SeededRandom, registrar: Registrar = new Registrar({ minExpires: 30 })) {
    this.registrar = registrar;
    this.#digest = new DigestServer({ realm, random: random.bytes });
    this.#proxyDigest = new DigestServer({ realm, random: random.bytes, role: 'proxy' });
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  onEvent(event: EndpointEvent, sip: SipEndpointApi, now: Millis): void {
    if (event.type === 'session.incoming') {
      this.#sessions.add(event.session);
      this.#redirect(event, sip, now);
      return;
    }
    if (event.type === 'session.ended') {
      if (!this.#sessions.delete(event.session)) throw new Error('an end without a session');
      return;
    }
    if (event.type !== 'request') throw new Error(`the registrar is told ${event.type}`);
    const { request, requestId, flow } = event;
    if (request.method !== 'REGISTER') {
      sip.respond(requestId, 405, now);
      return;
    }
    const verdict = this.#digest.verify(request, secretOf, now);
    switch (verdict.kind) {
      case 'accepted':
        if (aorOf(request) !== aorOfUser(verdict.username)) sip.respond(requestId, 403, now);
        else {
          const { status, headers } = this.registrar.process(request, flow, now);
          sip.respond(requestId, status, now, { headers: [...headers, ...verdict.headers] });
        }
        break;
      case 'challenge':
        sip.respond(requestId, verdict.status, now, { headers: verdict.headers });
        break;
      case 'malformed':
        sip.respond(requestId, 400, now);
        break;
    }
  }

  #redirect(
    { request, session, info }: Extract<EndpointEvent, { type: 'session.incoming' }>,
    sip: SipEndpointApi,
    now: Millis,
  ): void {
    const verdict = this.#proxyDigest.verify(request, secretOf, now);
    if (verdict.kind === 'challenge') sip.refuse(session, verdict.status, now, { headers: verdict.headers });
    else if (verdict.kind === 'malformed') sip.refuse(session, 400, now);
    else {
      const [binding] = this.registrar.lookup(canonicalAor(info.localUri) ?? '', now);
      if (binding === undefined) sip.refuse(session, 480, now);
      else sip.refuse(session, 302, now, { headers: [['Contact', `<${binding.contact.uri}>`]] });
    }
  }

  /** Where the first binding of an address of record is. */
  find(aor: string, now: Millis): Target | undefined {
    const [binding] = this.registrar.lookup(canonicalAor(aor) ?? aor, now);
    if (binding === undefined) return undefined;
    const { transport, address, port } = binding.flow;
    return { transport, address, port };
  }
}
