import {
  header,
  parseNameAddr,
  parseSipUri,
  type Body,
  type EndpointEvent,
  type ExtraHeaders,
  type SessionId,
  type SipRequest,
} from '@offhook/sip';
import { openNodeEndpoint, type NodeEndpoint } from '@offhook/sip-node';
import { describe, describeAnswer } from './fake-engine.ts';

const PORT = 41_000;

type Incoming = Extract<EndpointEvent, { type: 'session.incoming' }>;

/** A PBX on real sockets that takes every registration, and answers each call by the number that was dialled. */
export class SmallPbx implements AsyncDisposable {
  /** Where lines can be reached, by number: their Contact. */
  readonly contacts = new Map<string, string>();
  readonly registrations: string[] = [];
  readonly incoming: Incoming[] = [];
  /** Where it takes and sends voice; nobody is there unless a test puts a socket of its own at it. */
  voice: { readonly port: number; readonly address?: string } = { port: PORT };
  readonly ended: Extract<EndpointEvent, { type: 'session.ended' }>[] = [];
  /** Descriptions of re-INVITEs. */
  readonly offers: string[] = [];
  /** Answers to REGISTER, by number; 200 where there is none. */
  readonly refusals = new Map<string, { status: number; headers: ExtraHeaders }>();
  #endpoint: NodeEndpoint | undefined;
  #waiting = new Set<() => void>();

  static async open(): Promise<SmallPbx> {
    const pbx = new SmallPbx();
    await pbx.#open(0);
    return pbx;
  }

  /** Restarted at the same port: calls and bindings are forgotten without a word. */
  async restart(): Promise<void> {
    const { port } = this;
    await this.#sip.close();
    this.contacts.clear();
    this.registrations.length = 0;
    await this.#open(port);
  }

  async #open(port: number): Promise<void> {
    this.#endpoint = await openNodeEndpoint({
      product: 'small PBX',
      listen: [{ transport: 'udp', address: '127.0.0.1', port }],
      onEvent: (event) => {
        this.#onEvent(event);
        for (const look of this.#waiting) look();
      },
    });
  }

  get port(): number {
    return this.#sip.bound[0]?.port ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sip.close();
  }

  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  /** Calls a line that has registered. */
  call(number: string, headers: ExtraHeaders = []): SessionId {
    const contact = this.contacts.get(number);
    const uri = parseSipUri(contact ?? '');
    if (contact === undefined || uri?.port === undefined) throw new Error(`${number} is not registered`);
    const { host: address, port } = uri;
    return this.#sip.run((endpoint, now) =>
      endpoint.invite(
        {
          to: contact,
          from: 'sip:201@pbx.test',
          fromName: 'Carla Duval',
          offer: body(describe(PORT, 'sendrecv', '127.0.0.1')),
          target: { transport: 'udp', address, port },
          headers,
        },
        now,
      ),
    );
  }

  end(session: SessionId): void {
    this.#sip.run((endpoint, now) => {
      endpoint.end(session, now);
    });
  }

  get #sip(): NodeEndpoint {
    if (this.#endpoint === undefined) throw new Error('not open');
    return this.#endpoint;
  }

  #onEvent(event: EndpointEvent): void {
    switch (event.type) {
      case 'request':
        this.#sip.run((endpoint, now) => {
          const { status, headers } = this.#register(event.request);
          endpoint.respond(event.requestId, status, now, { headers });
        });
        break;
      case 'session.incoming':
        this.incoming.push(event);
        this.#onCall(event);
        break;
      case 'session.reoffer': {
        const offer = new TextDecoder().decode(event.offer?.bytes);
        this.offers.push(offer);
        this.#sip.run((endpoint, now) => {
          endpoint.acceptOffer(event.session, body(describeAnswer(PORT, offer)), now);
        });
        break;
      }
      case 'session.ended':
        this.ended.push(event);
        break;
      case 'session.progress':
      case 'session.accepted':
      case 'session.confirmed':
      case 'session.reoffer_result':
      case 'session.request':
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
  }

  /** 486 for numbers that start with 4, ringing for ever for 5, everything else is answered. */
  #onCall({ session, request, offer }: Incoming): void {
    const dialled = parseSipUri(request.uri)?.user ?? '';
    this.#sip.run((endpoint, now) => {
      if (dialled.startsWith('4')) endpoint.refuse(session, 486, now);
      else {
        endpoint.ring(session, now);
        if (dialled.startsWith('5') || offer === undefined) return;
        const { port, address } = this.voice;
        const answer = describeAnswer(port, new TextDecoder().decode(offer.bytes), 'sendrecv', address);
        endpoint.accept(session, body(answer), now);
      }
    });
  }

  #register(request: SipRequest): { status: number; headers: ExtraHeaders } {
    if (request.method !== 'REGISTER') return { status: 405, headers: [] };
    const number = parseSipUri(parseNameAddr(header(request, 'To') ?? '')?.uri ?? '')?.user ?? '';
    const refusal = this.refusals.get(number);
    if (refusal !== undefined) return refusal;
    const contact = header(request, 'Contact') ?? '';
    const address = parseNameAddr(contact);
    const expires = Number(address?.params.get('expires') ?? header(request, 'Expires') ?? '600');
    this.registrations.push(`${number} ${String(expires)}`);
    if (address === undefined || expires === 0) {
      this.contacts.delete(number);
      return { status: 200, headers: [] };
    }
    this.contacts.set(number, address.uri);
    return { status: 200, headers: [['Contact', `<${address.uri}>;expires=${String(expires)}`]] };
  }
}

const body = (text: string): Body => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(text),
});
