import { parseAuthorization, parseChallenge } from '../auth/fields.ts';
import { digestHa1, digestResponse } from '../auth/digest.ts';
import type {
  Body,
  EndpointEvent,
  EndpointOptions,
  Flow,
  SessionId,
  Target,
  Transport,
} from '../endpoint/api.ts';
import { createResponse } from '../message/build.ts';
import { contentType, header, headerFields, headerValues, topVia } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { parseMessage } from '../message/parse.ts';
import { serialise } from '../message/serialise.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/types.ts';
import { parseSipUri } from '../message/uri.ts';
import { listVectors, readVector } from '../message/vectors.test-support.ts';
import { Lab, summary } from './lab.test-support.ts';
import type { Sent } from './lab.test-support.ts';
import type { Difference } from './rfc3665-likeness.test-support.ts';
import { branchOf, differences, Names } from './rfc3665-likeness.test-support.ts';

/** Where everybody is, by what the RFC writes into `received`. */
const addresses: Readonly<Record<string, string>> = {
  'client.atlanta.example.com': '192.0.2.101',
  'client.biloxi.example.com': '192.0.2.201',
  'client.chicago.example.com': '192.0.2.100',
  'ss1.atlanta.example.com': '192.0.2.111',
  'ss2.biloxi.example.com': '192.0.2.222',
  'ss3.chicago.example.com': '192.0.2.233',
  'alg1.atlanta.example.com': '192.0.2.128',
  // The domains are served by their proxies.
  'biloxi.example.com': '192.0.2.222',
  'chicago.example.com': '192.0.2.233',
};

const hosts = {
  alice: 'client.atlanta.example.com',
  bob: 'client.biloxi.example.com',
  'bob in Chicago': 'client.chicago.example.com',
  ss2: 'ss2.biloxi.example.com',
} as const;
export type Role = keyof typeof hosts;

export interface StageOptions {
  /** Other places than those of most flows. */
  readonly elsewhere?: Readonly<
    Record<string, { readonly address?: string; readonly transport?: Transport }>
  >;
  /** Contacts of a 3xx that our caller tries. */
  readonly redirects?: number;
  /** What the application makes of each event, besides the words of the script. */
  readonly application?: (event: EndpointEvent, stage: Stage) => void;
  /** A request of the RFC as it is given to us, where its credentials have to be made anew. */
  readonly rewrite?: (request: SipRequest) => SipRequest;
}

/** The RFC tells no password. */
export const password = 'zanzibar';
const realms = ['atlanta.example.com', 'biloxi.example.com'];

type Word = (stage: Stage, next: SipMessage) => void;

/** What the user of the endpoint does; all that it says is taken from the message that has to follow. */
const words: Readonly<Record<string, Word>> = {
  call: (stage, next) => stage.call(asRequest(next)),
  challenge: (stage, next) => stage.challenge(asRequest(next)),
  ring: (stage) => stage.run((sip, session, now) => sip.ring(session, now)),
  accept: (stage, next) => stage.run((sip, session, now) => sip.accept(session, bodyOf(next), now)),
  refuse: (stage, next) => {
    const { status } = asResponse(next);
    const headers = headerFields(next, 'contact').map((value) => ['Contact', value] as const);
    stage.run((sip, session, now) => sip.refuse(session, status, now, { headers }));
  },
  reoffer: (stage, next) => stage.run((sip, session, now) => sip.reoffer(session, described(next), now)),
  acknowledge: (stage, next) =>
    stage.run((sip, session, now) => sip.acknowledge(session, described(next), now)),
  acceptOffer: (stage, next) =>
    stage.run((sip, session, now) => sip.acceptOffer(session, described(next), now)),
  end: (stage) => stage.run((sip, session, now) => sip.end(session, now)),
  register: (stage, next) => stage.register(asRequest(next)),
  unregister: (stage) => stage.unregister(),
};

/**
 * A flow of RFC 3665, in which the endpoint plays one of the parties and the messages of the vectors all others. A script
 * tells what happens: `<7` gives F7 to the endpoint, `>9` takes the next message that it has sent and compares it with F9,
 * `wait:32` lets so many seconds go by, and a word is what the user does. 100 Trying is passed over wherever it comes.
 */
export class Stage {
  readonly lab: Lab;
  readonly #role: Role;
  readonly #options: StageOptions;
  readonly #names = new Names();
  readonly #differences: Difference[] = [];
  /** Where each request of ours went, by branch, and the RFC's INVITE that it stands for. */
  readonly #went = new Map<string, { readonly target: Target; readonly rfc: SipRequest }>();
  readonly #nonces = new Set<string>();
  #section: string;
  #session: SessionId | undefined;
  #heard = 0;

  /** @param section `3.2` */
  constructor(section: string, role: Role, options: StageOptions = {}) {
    this.#section = section;
    this.#role = role;
    this.#options = options;
    const all = this.#files().map((name) => topVia(read(name, (text) => text))?.transport.toLowerCase());
    const transports = [...new Set(all)] as Transport[];
    this.lab = new Lab({ local: transports.map((transport) => this.#local(transport)) });
    const usual = all.at(-1) as Transport;
    for (const host of Object.keys(addresses)) {
      const transport = options.elsewhere?.[host]?.transport ?? usual;
      this.lab.names.set(host, [{ transport, address: this.#addressOf(host), port: portOf(transport) }]);
    }
  }

  /** The next scripts are of another section, whose flow goes on from where this one ended. */
  open(section: string): void {
    this.#section = section;
    this.#names.beginSection();
  }

  /** Gives what was not as the RFC has it. */
  play(script: string): readonly Difference[] {
    const steps = script.split(' ');
    for (const [index, step] of steps.entries()) {
      const next = steps.slice(index).find((each) => each.startsWith('>'));
      if (step.startsWith('<')) this.#receive(Number(step.slice(1)));
      else if (step.startsWith('>')) this.#compare(Number(step.slice(1)));
      else if (step.startsWith('wait:')) this.lab.advance(Number(step.slice(5)) * 1_000);
      else {
        const word = words[step];
        if (word === undefined) throw new Error(`nobody knows how to ${step}`);
        word(this, next === undefined ? this.message(1) : this.message(Number(next.slice(1))));
      }
      this.#tellApplication();
    }
    return this.#differences;
  }

  /** Events so far without their prefix, with a `+` where they bring a description. */
  heard(): string {
    return this.lab.events
      .map((event) => event.type.replace('session.', '') + (isDescribed(event) ? '+' : ''))
      .join(' ');
  }

  /** How the newest call ended: `remote`, `refused 486`; `undefined` while it stands. */
  ended(): string | undefined {
    const end = this.lab.events.findLast((event) => event.type === 'session.ended')?.end;
    return end?.by === 'refused' ? `refused ${end.response.status}` : end?.by;
  }

  /** What was sent beyond the script. */
  unexpected(): string[] {
    return this.#sent().map(({ message }) => summary(message));
  }

  /** The call ends, where it has not, and everything has time to be forgotten. */
  finish(): void {
    const incoming = this.lab.events.find((event) => event.type === 'session.incoming');
    const session = this.#session ?? incoming?.session;
    if (session !== undefined) this.lab.run((sip, now) => sip.end(session, now));
    this.lab.advance(120_000);
  }

  /** A message of the flow with our names in the place of the RFC's. */
  message(number: number): SipMessage {
    return read(this.#file(number), (text) => this.#names.translate(text));
  }

  run(command: (sip: Lab['endpoint'], session: SessionId, now: number) => void): void {
    const session = this.#session ?? this.lab.last('session.incoming').session;
    this.#session = session;
    this.lab.run((sip, now) => command(sip, session, now));
  }

  call(rfc: SipRequest): void {
    const from = parseNameAddr(header(rfc, 'from') ?? '');
    const route = headerValues(rfc, 'route');
    const offer = bodyOf(rfc);
    const callId = header(rfc, 'call-id');
    this.#names.forget();
    this.#session = this.lab.run((sip, now) =>
      sip.invite(
        {
          to: rfc.uri,
          from: from?.uri ?? '',
          fromName: from?.displayName ?? '',
          contactUser: 'alice',
          credentials: { username: 'alice', password, realms },
          redirects: this.#options.redirects ?? 0,
          ...(callId !== undefined && { callId }),
          ...(route.length > 0 && { route }),
          ...(offer !== undefined && { offer }),
        },
        now,
      ),
    );
  }

  /**
   * Where the RFC's caller shows credentials in its first INVITE, it was challenged in a call before. Ours asks each proxy in each
   * call, so the challenge that the nonce must have come from is made up here, and everything is one CSeq number later.
   */
  challenge(rfc: SipRequest): void {
    const credentials = parseAuthorization(header(rfc, 'proxy-authorization') ?? '');
    const [first] = this.#sent();
    if (first?.message.kind !== 'request' || credentials === undefined)
      throw new Error('nothing to challenge');
    this.#nonces.add(credentials.nonce);
    const ask = `Digest realm="${credentials.realm}", qop="auth", nonce="${credentials.nonce}", algorithm=MD5`;
    const headers = [['Proxy-Authenticate', ask] as const];
    const answer = createResponse(first.message, 407, undefined, { toTag: 'challenge', headers });
    this.lab.sent.length = 0;
    this.lab.receiveBytes(serialise(answer), this.#flow(first.target));
    const ack = this.lab.sent.shift();
    if (ack === undefined || summary(ack.message) !== 'ACK') throw new Error('no ACK to the challenge');
  }

  register(rfc: SipRequest): void {
    const aor = parseNameAddr(header(rfc, 'to') ?? '')?.uri ?? '';
    const credentials = { username: 'bob', password };
    const how = { registrar: rfc.uri, aor, contactUser: 'bob', expires: 3_600, credentials };
    this.lab.run((sip, now) => sip.register(how, now));
  }

  unregister(): void {
    const { registration } = this.lab.last('registration.changed');
    this.lab.run((sip, now) => sip.unregister(registration, now));
  }

  #receive(number: number): void {
    const message = this.message(number);
    for (const name of ['www-authenticate', 'proxy-authenticate']) {
      for (const value of headerFields(message, name)) this.#nonces.add(parseChallenge(value)?.nonce ?? '');
    }
    const given = message.kind === 'request' ? (this.#options.rewrite?.(message) ?? message) : message;
    this.lab.receiveBytes(serialise(given), this.#flow(this.#sourceOf(message)));
  }

  #compare(number: number): void {
    const label = `F${number}`;
    const found = this.#sent()[0];
    if (found === undefined) throw new Error(`nothing was sent that could be ${label}`);
    this.lab.sent.splice(0, this.lab.sent.indexOf(found) + 1);
    const { message: ours, target } = found;
    const rfc = this.#asPrinted(number);
    this.#names.learn(ours, rfc);
    this.#differences.push(...differences(label, ours, rfc, this.#names));
    const towards = this.#addressOf(this.#nextHopOf(rfc));
    if (target.address !== towards) {
      this.#differences.push({ where: `${label} towards`, rfc: towards, ours: target.address });
    }
    if (ours.kind !== 'request' || rfc.kind !== 'request') return;
    this.#went.set(branchOf(ours) ?? '', { target, rfc });
    if (!this.#isAuthentic(ours)) {
      this.#differences.push({ where: `${label} digest`, rfc: 'right', ours: 'wrong' });
    }
  }

  /** The RFC leaves Route out of the ACK to a failure; RFC 3261 section 17.1.1.3 takes it from the INVITE. */
  #asPrinted(number: number): SipMessage {
    const rfc = read(this.#file(number), (text) => text);
    if (rfc.kind !== 'request' || rfc.method !== 'ACK') return rfc;
    const invite = this.#went.get(this.#names.get(branchOf(rfc) ?? ''))?.rfc;
    const routes = invite?.headers.filter(({ name }) => name === 'route') ?? [];
    return { ...rfc, headers: [...rfc.headers, ...routes] };
  }

  /** Credentials are for a nonce that was given to us, and made with the password. An ACK repeats those of its INVITE. */
  #isAuthentic(request: SipRequest): boolean {
    const method = request.method === 'ACK' ? 'INVITE' : request.method;
    const fields = [
      ...headerFields(request, 'authorization'),
      ...headerFields(request, 'proxy-authorization'),
    ];
    return fields.every((value) => {
      const credentials = parseAuthorization(value);
      if (credentials?.protection?.qop !== 'auth' || !this.#nonces.has(credentials.nonce)) return false;
      const { username, realm, response, ...rest } = credentials;
      const ha1 = digestHa1('MD5', username, realm, password);
      return response === digestResponse({ ...rest, ha1, method });
    });
  }

  #nextHopOf(rfc: SipMessage): string {
    if (rfc.kind === 'response') return topVia(rfc)?.host ?? '';
    const [route] = headerValues(rfc, 'route');
    const uri = route === undefined ? rfc.uri : (parseNameAddr(route)?.uri ?? '');
    return parseSipUri(uri)?.host ?? '';
  }

  /** Requests come from the topmost Via, responses from where our request went. */
  #sourceOf(message: SipMessage): Pick<Target, 'transport' | 'address'> {
    const via = topVia(message);
    if (message.kind === 'response') {
      const went = this.#went.get(via?.params.get('branch') ?? '');
      if (went === undefined) throw new Error('an answer to nothing that we have sent');
      return went.target;
    }
    return {
      transport: (via?.transport.toLowerCase() ?? 'udp') as Transport,
      address: this.#addressOf(via?.host ?? ''),
    };
  }

  #flow({ transport, address }: Pick<Target, 'transport' | 'address'>): Flow {
    const { address: localAddress, port } = this.#local(transport);
    const flow = { transport, address, port, localAddress, localPort: port };
    return transport === 'udp' ? flow : { ...flow, connectionId: `to ${address}` };
  }

  /** By name, as the RFC's parties write themselves into Via and Contact. */
  #local(transport: Transport): EndpointOptions['local'][number] {
    return { transport, address: hosts[this.#role], port: portOf(transport) };
  }

  #addressOf(host: string): string {
    const address = this.#options.elsewhere?.[host]?.address ?? addresses[host];
    if (address === undefined) throw new Error(`nobody knows where ${host} is`);
    return address;
  }

  #sent(): Sent[] {
    return this.lab.sent.filter(({ message }) => message.kind === 'request' || message.status !== 100);
  }

  #tellApplication(): void {
    for (const event of this.lab.events.slice(this.#heard)) {
      this.#heard += 1;
      this.#options.application?.(event, this);
    }
  }

  #files(): string[] {
    const [chapter, section = ''] = this.#section.split('.');
    return listVectors('flows', '.sip')
      .filter((name) => name.startsWith(`rfc3665_${chapter}.${section.padStart(2, '0')}_`))
      .toSorted();
  }

  #file(number: number): string {
    const name = this.#files().find((each) => each.endsWith(`_F${String(number).padStart(2, '0')}.sip`));
    if (name === undefined) throw new Error(`section ${this.#section} has no F${number}`);
    return name;
  }
}

function read(name: string, translate: (text: string) => string): SipMessage {
  const text = translate(new TextDecoder().decode(readVector(`flows/${name}`)));
  const message = parseMessage(new TextEncoder().encode(text));
  if (message.kind === 'fault') throw new Error(`${name}: ${message.text}`);
  return message;
}

const isDescribed = (event: EndpointEvent): boolean =>
  ['offer', 'answer', 'body'].some((name) => name in event);

function portOf(transport: Transport): number {
  return transport === 'tls' ? 5061 : 5060;
}

function bodyOf(message: SipMessage): Body | undefined {
  const type = contentType(message);
  return type === undefined ? undefined : { contentType: type, bytes: message.body };
}

function described(message: SipMessage): Body {
  const body = bodyOf(message);
  if (body === undefined) throw new Error(`${summary(message)} has no description`);
  return body;
}

function asRequest(message: SipMessage): SipRequest {
  if (message.kind !== 'request') throw new Error(`${summary(message)} is no request`);
  return message;
}

function asResponse(message: SipMessage): SipResponse {
  if (message.kind !== 'response') throw new Error(`${summary(message)} is no response`);
  return message;
}
