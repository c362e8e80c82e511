import {
  parseUri,
  preferredIdentities,
  SipEndpoint,
  type EndpointCounts,
  type EndReason,
  type ServerRequestId,
  type SessionId,
} from '@offhook/sip';
import {
  SipHost,
  type Place,
  type SeededRandom,
  type SimulatedNetwork,
  type VirtualClock,
} from '@offhook/testkit';
import { describe, describeAnswer } from '../testing/fake-engine.ts';

/** What the other side of a call does, in milliseconds after the call has reached it. */
export interface Manners {
  readonly ringAfter?: number;
  readonly answerAfter?: number;
  /** A final refusal instead of an answer. */
  readonly refuseAfter?: number;
  readonly refuseWith?: number;
  /** After it has answered. */
  readonly hangUpAfter?: number;
  readonly holdAfter?: number;
  readonly retrieveAfter?: number;
  /** 200 to the caller's re-INVITE unless set. */
  readonly refuseOffersWith?: number;
  /** What becomes of a REFER: it is reported so, and after a 2xx the call ends. Absent: it is not answered. */
  readonly reportsReferWith?: number;
}

export interface Peer {
  /** The number that was called, or the name under which it calls. */
  readonly name: string;
  readonly session: SessionId;
  readonly port: number;
  answered: boolean;
  /** What it knows of the connector's hold. */
  heldByConnector: boolean;
  end: EndReason | undefined;
  provisional: number[];
  /** Who its caller would like to be (RFC 3325). */
  preferred?: string | undefined;
}

const text = (body: { bytes: Uint8Array }): string => new TextDecoder().decode(body.bytes);
const sdp = (description: string) => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(description),
});

interface PeersOptions {
  readonly network: SimulatedNetwork;
  readonly clock: VirtualClock;
  readonly place: Place;
  readonly random: SeededRandom;
}

/** The PBX's side: answers calls by the manners of the number that was called, and places calls to the connector. */
export class Peers {
  readonly byName = new Map<string, Peer>();
  readonly #options: PeersOptions;
  #host: SipHost<SipEndpoint>;
  readonly #clock: VirtualClock;
  readonly #manners = new Map<string, Manners>();
  readonly #bySession = new Map<SessionId, Peer>();
  #nextPort = 40_000;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#host = this.#open();
  }

  /** Killed: its calls are forgotten without a word. */
  kill(): void {
    this.#host[Symbol.dispose]();
    for (const peer of this.#bySession.values()) peer.end = { by: 'transport', text: 'killed' };
    this.#bySession.clear();
  }

  /** Killed, and there again at once. */
  restart(): void {
    this.kill();
    this.#host = this.#open();
  }

  #open(): SipHost<SipEndpoint> {
    const { network, clock, place, random } = this.#options;
    return new SipHost({
      network,
      clock,
      place,
      endpoint: new SipEndpoint({
        random: random.bytes,
        product: 'peers',
        local: [{ transport: 'udp', ...place }],
      }),
      onEvent: (event) => {
        switch (event.type) {
          case 'session.incoming': {
            const uri = parseUri(event.request.uri);
            const name = uri?.kind === 'sip' ? (uri.user ?? '') : '';
            this.#onCall(name, event.session, event.offer === undefined ? undefined : text(event.offer));
            const called = this.#bySession.get(event.session);
            if (called !== undefined) called.preferred = preferredIdentities(event.request)[0]?.uri;
            break;
          }
          case 'session.progress':
            this.#bySession.get(event.session)?.provisional.push(event.response.status);
            break;
          case 'session.accepted': {
            const peer = this.#bySession.get(event.session);
            if (peer !== undefined) this.#onAnswered(peer);
            break;
          }
          case 'session.reoffer':
            this.#onReoffer(event.session, event.offer === undefined ? undefined : text(event.offer));
            break;
          case 'session.ended': {
            const peer = this.#bySession.get(event.session);
            if (peer !== undefined) peer.end = event.end;
            break;
          }
          case 'session.request':
            if (event.request.method === 'REFER') this.#onRefer(event.session, event.requestId);
            break;
          case 'session.confirmed':
          case 'session.reoffer_result':
          case 'request':
          case 'response':
          case 'registration.changed':
          case 'session.early_confirmed':
          case 'session.redirected':
          case 'subscription.changed':
          case 'subscription.notified':
          case 'notifier.wanted':
          case 'notifier.ended':
          case 'referral.changed':
            break;
        }
      },
    });
  }

  counts(): EndpointCounts {
    return this.#host.endpoint.counts();
  }

  /** How the number behaves when it is called. */
  teach(number: string, manners: Manners): void {
    this.#manners.set(number, manners);
  }

  /** Calls a line of the connector. */
  call(name: string, lineId: string, connector: Place, manners: Manners = {}): Peer {
    this.#manners.set(name, manners);
    const port = this.#port();
    return this.#host.run((endpoint, now) => {
      const session = endpoint.invite(
        {
          to: `sip:${lineId}@${connector.address}:${String(connector.port)}`,
          from: `sip:${name}@pbx.example`,
          fromName: name,
          offer: sdp(describe(port)),
          target: { transport: 'udp', ...connector },
        },
        now,
      );
      return this.#add(name, session, port);
    });
  }

  end(peer: Peer, reason?: string): void {
    this.#host.run((endpoint, now) => {
      endpoint.end(peer.session, now, reason === undefined ? {} : { headers: [['Reason', reason]] });
    });
  }

  /** The one that was called last by this name, or calls by it, hangs up. */
  hangUp(name: string): void {
    const peer = this.byName.get(name);
    if (peer !== undefined) this.end(peer);
  }

  #onCall(name: string, session: SessionId, offer: string | undefined): void {
    const manners = this.#manners.get(name) ?? { refuseAfter: 0, refuseWith: 404 };
    const peer = this.#add(name, session, this.#port());
    const later = (delay: number | undefined, act: () => void): void => {
      if (delay === undefined) return;
      this.#clock.after(delay, () => {
        if (peer.end === undefined) act();
      });
    };
    later(manners.ringAfter, () => {
      if (peer.answered) return;
      this.#host.run((endpoint, now) => {
        endpoint.ring(session, now);
      });
    });
    later(manners.refuseAfter, () => {
      this.#host.run((endpoint, now) => {
        endpoint.refuse(session, manners.refuseWith ?? 480, now);
      });
    });
    later(manners.answerAfter, () => {
      this.#host.run((endpoint, now) => {
        endpoint.accept(session, sdp(describeAnswer(peer.port, offer ?? '')), now);
      });
      this.#onAnswered(peer);
    });
  }

  #onAnswered(peer: Peer): void {
    if (peer.answered) return;
    peer.answered = true;
    const manners = this.#manners.get(peer.name) ?? {};
    const later = (delay: number | undefined, act: () => void): void => {
      if (delay === undefined) return;
      this.#clock.after(delay, () => {
        if (peer.end === undefined) act();
      });
    };
    later(manners.hangUpAfter, () => {
      this.end(peer);
    });
    later(manners.holdAfter, () => {
      this.#reoffer(peer, 'sendonly');
    });
    later(manners.retrieveAfter, () => {
      this.#reoffer(peer, 'sendrecv');
    });
  }

  #reoffer(peer: Peer, direction: 'sendonly' | 'sendrecv'): void {
    this.#host.run((endpoint, now) => {
      endpoint.reoffer(peer.session, sdp(describe(peer.port, direction)), now);
    });
  }

  #onReoffer(session: SessionId, offer: string | undefined): void {
    const peer = this.#bySession.get(session);
    if (peer === undefined || offer === undefined) return;
    const refuse = this.#manners.get(peer.name)?.refuseOffersWith;
    this.#host.run((endpoint, now) => {
      if (refuse === undefined) endpoint.acceptOffer(session, sdp(describeAnswer(peer.port, offer)), now);
      else endpoint.refuseOffer(session, refuse, now);
    });
    if (refuse === undefined) peer.heldByConnector = offer.includes('a=sendonly');
  }

  #onRefer(session: SessionId, requestId: ServerRequestId): void {
    const status = this.#manners.get(this.#bySession.get(session)?.name ?? '')?.reportsReferWith;
    if (status === undefined) return;
    this.#host.run((endpoint, now) => {
      const referrer = endpoint.acceptRefer(requestId, now);
      if (referrer !== undefined) endpoint.report(referrer, status, now);
      if (status < 300) endpoint.end(session, now);
    });
  }

  #add(name: string, session: SessionId, port: number): Peer {
    const peer: Peer = {
      name,
      session,
      port,
      answered: false,
      heldByConnector: false,
      end: undefined,
      provisional: [],
    };
    this.byName.set(name, peer);
    this.#bySession.set(session, peer);
    return peer;
  }

  #port(): number {
    this.#nextPort += 2;
    return this.#nextPort;
  }
}
