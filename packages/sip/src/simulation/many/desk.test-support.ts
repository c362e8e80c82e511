import type { SeededRandom } from '@offhook/testkit';
import { DigestServer } from '../../auth/index.ts';
import type { EndpointEvent, Millis, SipEndpointApi, Target } from '../../endpoint/api.ts';
import { aorOf, canonicalAor, Registrar } from '../../registrar/registrar.ts';

export const realm = 'office.example';
export const passwordOf = (user: string): string => `secret of ${user}`;
export const aorOfUser = (user: string): string => `sip:${user}@${realm}`;

/** The application of the simulated PBX: a registrar that asks for credentials, and knows where everybody is. */
export class RegistrarDesk {
  readonly registrar: Registrar;
  readonly #digest: DigestServer;

  /** @param registrar what an earlier life has kept on disk */
  constructor(random: SeededRandom, registrar: Registrar = new Registrar({ minExpires: 30 })) {
    this.registrar = registrar;
    this.#digest = new DigestServer({ realm, random: random.bytes });
  }

  onEvent(event: EndpointEvent, sip: SipEndpointApi, now: Millis): void {
    if (event.type !== 'request') throw new Error(`the registrar is told ${event.type}`);
    const { request, requestId, flow } = event;
    if (request.method !== 'REGISTER') {
      sip.respond(requestId, 405, now);
      return;
    }
    const verdict = this.#digest.verify(
      request,
      (username) => ({ kind: 'password', password: passwordOf(username) }),
      now,
    );
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

  /** Where the first binding of an address of record is. */
  find(aor: string, now: Millis): Target | undefined {
    const [binding] = this.registrar.lookup(canonicalAor(aor) ?? aor, now);
    if (binding === undefined) return undefined;
    const { transport, address, port } = binding.flow;
    return { transport, address, port };
  }
}
