import { SeededRandom } from '@offhook/testkit';
import type { Body, EndpointEvent, EndpointOptions, Flow, Target } from '../endpoint/api.ts';
import { SipEndpoint } from '../endpoint/endpoint.ts';
import { header } from '../message/headers.ts';
import { parseMessage } from '../message/parse.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/types.ts';
import { sdp } from './world.test-support.ts';

/** Where the endpoint of a lab is, and where its scripted peer is. */
export const here = { address: '192.0.2.1', port: 5060 };
export const there = { address: '192.0.2.2', port: 5060 };

export const peerFlow: Flow = {
  transport: 'udp',
  ...there,
  localAddress: here.address,
  localPort: here.port,
};

export interface Sent {
  readonly message: SipMessage;
  readonly target: Target;
  readonly at: number;
}

/**
 * One endpoint with a scripted peer: a test writes every message of the other side itself, for what a well-behaved peer
 * would never do or only by a race.
 */
export class Lab {
  readonly endpoint: SipEndpoint;
  readonly events: EndpointEvent[] = [];
  readonly sent: Sent[] = [];
  /** Answers to malformed requests, which have to repeat the malformed headers. */
  readonly echoes: string[] = [];
  /** Names that are found at once; the look-up of others is left to the test. */
  readonly names = new Map<string, readonly Target[]>();
  now = 1_000_000;
  readonly #start = this.now;
  #branches = 0;

  constructor(options: Partial<EndpointOptions> = {}) {
    this.endpoint = new SipEndpoint({
      random: new SeededRandom(4711).bytes,
      product: 'Lab',
      local: [
        { transport: 'udp', ...here },
        { transport: 'tcp', ...here },
      ],
      ...options,
    });
  }

  /** Milliseconds since the lab was made. */
  get elapsed(): number {
    return this.now - this.#start;
  }

  run<R>(commands: (sip: SipEndpoint, now: number) => R): R {
    const result = commands(this.endpoint, this.now);
    this.#drain();
    return result;
  }

  /** The peer sends this text; line breaks are made CRLF, Content-Length is left out as UDP permits. */
  receive(text: string, flow: Flow = peerFlow): void {
    this.receiveBytes(new TextEncoder().encode(text.replaceAll(/\r?\n/g, '\r\n')), flow);
  }

  receiveBytes(bytes: Uint8Array, flow: Flow = peerFlow): void {
    this.run((sip, now) => sip.handle({ kind: 'received', flow, bytes }, now));
  }

  advance(duration: number): void {
    const until = this.now + duration;
    for (let at = this.endpoint.deadline(); at !== undefined && at <= until; at = this.endpoint.deadline()) {
      this.now = at;
      this.run((sip, now) => sip.handle({ kind: 'tick' }, now));
    }
    this.now = until;
  }

  /** What was sent since the last call: `INVITE`, `ACK`, `200 INVITE`, … */
  takeSent(): string[] {
    return this.sent.splice(0).map(({ message }) => summary(message));
  }

  /** Times (since the lab was made) at which something of this summary was sent; forgets all that was sent. */
  takeTimes(what: string): number[] {
    return this.sent
      .splice(0)
      .filter(({ message }) => summary(message) === what)
      .map(({ at }) => at - this.#start);
  }

  /** The newest request of a method that the endpoint has sent. */
  request(method: string): SipRequest {
    const found = this.sent.findLast(({ message }) => summary(message) === method)?.message;
    if (found?.kind !== 'request') throw new Error(`no ${method} among ${this.summaries()}`);
    return found;
  }

  /** The newest response of a status that the endpoint has sent. */
  response(status: number): SipResponse {
    const found = this.sent.findLast(
      ({ message }) => message.kind === 'response' && message.status === status,
    )?.message;
    if (found?.kind !== 'response') throw new Error(`no ${status} among ${this.summaries()}`);
    return found;
  }

  summaries(): string {
    return this.sent.map(({ message }) => summary(message)).join(', ');
  }

  last<T extends EndpointEvent['type']>(type: T): Extract<EndpointEvent, { type: T }> {
    const found = this.events.findLast((event) => event.type === type);
    if (found === undefined) {
      throw new Error(`no ${type} among ${this.events.map((event) => event.type).join(', ')}`);
    }
    return found as Extract<EndpointEvent, { type: T }>;
  }

  types(): string[] {
    return this.events.map((event) => event.type);
  }

  newBranch(): string {
    this.#branches += 1;
    return `z9hG4bKpeer${this.#branches}`;
  }

  #drain(): void {
    for (let effect = this.endpoint.poll(); effect !== undefined; effect = this.endpoint.poll()) {
      if (effect.kind === 'event') this.events.push(effect.event);
      if (effect.kind === 'resolve') {
        const targets = this.names.get(effect.host);
        const { resolveId } = effect;
        if (targets) this.endpoint.handle({ kind: 'resolved', resolveId, targets }, this.now);
      }
      if (effect.kind !== 'send') continue;
      const message = parseMessage(effect.bytes);
      if (message.kind === 'fault') {
        this.echoes.push(new TextDecoder().decode(effect.bytes));
        continue;
      }
      this.sent.push({ message, target: effect.target, at: this.now });
    }
  }
}

/** `INVITE` or `200 INVITE`. */
export function summary(message: SipMessage): string {
  if (message.kind === 'request') return message.method;
  return `${message.status} ${(header(message, 'cseq') ?? '').split(' ')[1] ?? ''}`;
}

/** The text of a response of the peer to a request of the endpoint. */
export function answerTo(
  request: SipRequest,
  status: number,
  options: { tag?: string; contact?: string; headers?: string[]; body?: string } = {},
): string {
  const to = header(request, 'to') ?? '';
  const tag = options.tag === undefined || to.includes('tag=') ? '' : `;tag=${options.tag}`;
  return [
    `SIP/2.0 ${status} Whatever`,
    ...request.headers.filter(({ name }) => name === 'via').map(({ value }) => `Via: ${value}`),
    `From: ${header(request, 'from') ?? ''}`,
    `To: ${to}${tag}`,
    `Call-ID: ${header(request, 'call-id') ?? ''}`,
    `CSeq: ${header(request, 'cseq') ?? ''}`,
    ...(options.contact === undefined ? [] : [`Contact: <${options.contact}>`]),
    ...(options.headers ?? []),
    ...(options.body === undefined ? [] : ['Content-Type: application/sdp']),
    '',
    options.body ?? '',
  ].join('\n');
}

/** The text of a request of the peer outside dialogs. */
export function requestFromPeer(
  lab: Lab,
  method: string,
  options: {
    branch?: string;
    callId?: string;
    cseq?: number;
    fromTag?: string;
    toTag?: string;
    via?: string;
    uri?: string;
    headers?: string[];
    body?: string;
  } = {},
): string {
  const branch = options.branch ?? lab.newBranch();
  const toTag = options.toTag === undefined ? '' : `;tag=${options.toTag}`;
  return [
    `${method} ${options.uri ?? 'sip:alice@192.0.2.1'} SIP/2.0`,
    options.via ?? `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=${branch};rport`,
    'Max-Forwards: 70',
    `From: "Bob" <sip:bob@192.0.2.2>;tag=${options.fromTag ?? 'peer'}`,
    `To: <sip:alice@192.0.2.1>${toTag}`,
    `Call-ID: ${options.callId ?? 'from-peer'}`,
    `CSeq: ${options.cseq ?? 1} ${method}`,
    'Contact: <sip:bob@192.0.2.2:5060>',
    ...(options.headers ?? []),
    ...(options.body === undefined ? [] : ['Content-Type: application/sdp']),
    '',
    options.body ?? '',
  ].join('\n');
}

/** The endpoint calls the peer; the INVITE is out. */
export function callPeer(lab: Lab, options: { offer?: Body | 'none' } = {}) {
  const offer = options.offer === 'none' ? undefined : (options.offer ?? sdp('offer'));
  const session = lab.run((sip, now) =>
    sip.invite(
      {
        to: 'sip:bob@192.0.2.2',
        from: 'sip:alice@192.0.2.1',
        contactUser: 'alice',
        ...(offer !== undefined && { offer }),
      },
      now,
    ),
  );
  return { session, invite: lab.request('INVITE') };
}

/** A call of the endpoint that the peer has answered with the tag `bob`; what was sent so far is forgotten. */
export function establishedCall(lab: Lab) {
  const { session, invite } = callPeer(lab);
  lab.receive(answerTo(invite, 200, { tag: 'bob', contact: 'sip:bob@192.0.2.2:5060', body: 'answer' }));
  lab.takeSent();
  return { session, invite };
}

/** A call of the peer that the endpoint has answered and the peer acknowledged; what was sent so far is forgotten. */
export function answeredCall(lab: Lab) {
  lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer' }));
  const { session } = lab.last('session.incoming');
  lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
  const toTag = /tag=(\w+)/.exec(header(lab.response(200), 'to') ?? '')?.[1] ?? '';
  lab.receive(requestFromPeer(lab, 'ACK', { toTag }));
  lab.takeSent();
  return { session, toTag };
}

/** The text of a request of the peer inside a dialog that the endpoint's INVITE has made. */
export function inDialog(
  lab: Lab,
  invite: SipRequest,
  method: string,
  cseq: number,
  options: { headers?: string[]; body?: string } = {},
): string {
  const tag = /tag=(\w+)/.exec(header(invite, 'from') ?? '')?.[1] ?? '';
  return [
    `${method} sip:alice@192.0.2.1:5060 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=${lab.newBranch()};rport`,
    'Max-Forwards: 70',
    'From: <sip:bob@192.0.2.2>;tag=bob',
    `To: <sip:alice@192.0.2.1>;tag=${tag}`,
    `Call-ID: ${header(invite, 'call-id') ?? ''}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:bob@192.0.2.2:5060>',
    ...(options.headers ?? []),
    ...(options.body === undefined ? [] : ['Content-Type: application/sdp']),
    '',
    options.body ?? '',
  ].join('\n');
}
