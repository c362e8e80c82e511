import type {
  EndpointEvent,
  RegistrationId,
  ServerRequestId,
  SessionId,
  SipEndpointApi,
} from '../../endpoint/api.ts';
import { SipUsageError } from '../../endpoint/errors.ts';
import type { Entropy } from '../entropy.ts';
import { demand } from '../entropy.ts';
import { sdp } from '../grammar/sdp.ts';

const target = { transport: 'udp', address: '192.0.2.2', port: 5060 } as const;
const credentials = { username: 'alice', password: 'secret' };

/**
 * The application of an episode: every command at any time, and the promises of the events watched. Only `SipUsageError`
 * may come back from a command.
 */
export class WildApplication {
  readonly #endpoint: SipEndpointApi;
  readonly #entropy: Entropy;
  readonly #live = new Set<SessionId>();
  readonly #ended = new Set<SessionId>();
  readonly #requests: ServerRequestId[] = [];
  readonly #registrations: RegistrationId[] = [];

  constructor(endpoint: SipEndpointApi, entropy: Entropy) {
    this.#endpoint = endpoint;
    this.#entropy = entropy;
  }

  get sessions(): number {
    return this.#live.size;
  }

  hears(event: EndpointEvent): void {
    if ('session' in event) {
      demand(!this.#ended.has(event.session), 'nothing follows session.ended');
      if (event.type === 'session.incoming') {
        demand(!this.#live.has(event.session), 'a session comes in once');
        this.#live.add(event.session);
      } else if (event.type === 'session.ended') {
        this.#live.delete(event.session);
        this.#ended.add(event.session);
      }
    }
    if (event.type === 'request' || event.type === 'session.request') this.#requests.push(event.requestId);
  }

  /** What a sane application would do about an event, so that calls get somewhere. */
  reflex(event: EndpointEvent, now: number): void {
    const sip = this.#endpoint;
    if (event.type === 'session.incoming') permitted(() => sip.accept(event.session, this.#body(), now));
    else if (event.type === 'session.reoffer')
      permitted(() => sip.acceptOffer(event.session, this.#body(), now));
    else if (event.type === 'session.accepted' && event.needsAnswer) {
      permitted(() => sip.acknowledge(event.session, this.#body(), now));
    } else if (event.type === 'session.request' || event.type === 'request') {
      permitted(() => sip.respond(event.requestId, 200, now));
    }
  }

  /** One random command. */
  acts(now: number): void {
    const sip = this.#endpoint;
    const session = this.#anySession();
    const commands: readonly (() => void)[] = [
      () => this.#invite(now),
      () => this.#register(now),
      () => this.#respond(now),
      () => this.#respond(now),
      () => sip.ring(session, now, this.#entropy.chance(0.3) ? { status: 183, body: this.#body() } : {}),
      () => sip.accept(session, this.#body(), now),
      () => sip.accept(session, this.#body(), now),
      () => sip.refuse(session, this.#entropy.pick([302, 404, 486, 503, 603]), now),
      () => sip.acknowledge(session, this.#body(), now),
      () => sip.end(session, now),
      () => sip.reoffer(session, this.#body(), now),
      () => sip.acceptOffer(session, this.#body(), now),
      () => sip.refuseOffer(session, 488, now),
      () =>
        void sip.requestInSession(session, { method: this.#entropy.pick(['INFO', 'REFER', 'MESSAGE']) }, now),
      () =>
        void sip.request(
          { method: 'OPTIONS', to: this.#to(), from: 'sip:alice@192.0.2.1', target, credentials },
          now,
        ),
      () => this.#unregister(now),
    ];
    permitted(this.#entropy.pick(commands));
  }

  /** Ends and withdraws everything. */
  leaves(now: number): void {
    for (const session of this.#live) permitted(() => this.#endpoint.end(session, now));
    for (const registration of this.#registrations.splice(0)) {
      permitted(() => this.#endpoint.unregister(registration, now));
    }
  }

  #invite(now: number): void {
    const session = this.#endpoint.invite(
      {
        to: this.#to(),
        from: 'sip:alice@192.0.2.1',
        ...(this.#entropy.chance(0.8) && { offer: this.#body() }),
        ...(this.#entropy.chance(0.7) && { target }),
        ...(this.#entropy.chance(0.5) && { credentials }),
        ...(this.#entropy.chance(0.3) && { answerTimeout: this.#entropy.integer(1, 40_000) }),
      },
      now,
    );
    this.#live.add(session);
  }

  #register(now: number): void {
    const registration = this.#endpoint.register(
      {
        registrar: 'sip:192.0.2.2',
        aor: 'sip:alice@192.0.2.2',
        contactUser: this.#entropy.pick(['alice', 'bob']),
        expires: this.#entropy.pick([0, 60, 3_600]),
        credentials,
        target,
      },
      now,
    );
    this.#registrations.push(registration);
  }

  #unregister(now: number): void {
    const registration = this.#registrations.pop();
    if (registration !== undefined) this.#endpoint.unregister(registration, now);
  }

  #respond(now: number): void {
    const request = this.#requests.shift();
    if (request === undefined) return;
    this.#endpoint.respond(request, this.#entropy.pick([100, 200, 202, 403, 404, 500]), now);
  }

  #to(): string {
    return this.#entropy.pick([
      'sip:bob@192.0.2.2',
      'sip:bob@[2001:db8::2]',
      'sip:bob@pbx.example',
      'sips:bob@192.0.2.2',
      'tel:1',
    ]);
  }

  #anySession(): SessionId {
    const live = [...this.#live];
    // Now and then one that has never been.
    return live.length === 0 || this.#entropy.chance(0.02)
      ? (987_654 as SessionId)
      : this.#entropy.pick(live);
  }

  #body() {
    return { contentType: 'application/sdp', bytes: Buffer.from(sdp(this.#entropy), 'latin1') };
  }
}

function permitted(command: () => void): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof SipUsageError)) throw error;
  }
}
