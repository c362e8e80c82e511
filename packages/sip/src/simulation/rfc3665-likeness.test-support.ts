import { parseAuthorization, parseChallenge } from '../auth/fields.ts';
import { contentType, cseq, fromTag, header, headerFields, headerValues, toTag } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipMessage, SipRequest } from '../message/types.ts';
import { parseUri } from '../message/uri.ts';
import { parseVia } from '../message/via.ts';

/** Where a message of ours is not what the RFC prints: `F9 via`. */
export interface Difference {
  readonly where: string;
  readonly rfc: unknown;
  readonly ours: unknown;
}

/**
 * Which of our tags, branches and Call-IDs stands for which of the RFC's, and how far our CSeq numbers are from its. A
 * name is learnt when we send it for the first time, and has to be the same from then on: so a CANCEL has to have the
 * branch of its INVITE, a BYE the tags of its call, and no two transactions may share a branch.
 */
export class Names {
  readonly #ours = new Map<string, string>();
  readonly #branches = new Map<string, string>();
  /** Our CSeq number less that of the RFC. Any start is right, but from there on the two have to go in step. */
  #sequenceOffset: number | undefined;

  /** What follows has nothing to do with what was: everything is learnt anew. */
  forget(): void {
    this.#ours.clear();
    this.beginSection();
  }

  /** Each section of the RFC begins again with its branches and CSeq numbers. */
  beginSection(): void {
    this.#branches.clear();
    this.#sequenceOffset = undefined;
  }

  get(theirs: string): string {
    return this.#branches.get(theirs) ?? this.#ours.get(theirs) ?? theirs;
  }

  get sequenceOffset(): number {
    return this.#sequenceOffset ?? 0;
  }

  learn(ours: SipMessage, rfc: SipMessage): void {
    if (rfc.kind === 'response') {
      this.#learnName(toTag(rfc), toTag(ours));
      return;
    }
    this.#sequenceOffset ??= (cseq(ours)?.number ?? 0) - (cseq(rfc)?.number ?? 0);
    this.#learnName(fromTag(rfc), fromTag(ours));
    this.#learnName(header(rfc, 'call-id'), header(ours, 'call-id'));
    const [theirBranch = '', branch = ''] = [branchOf(rfc), branchOf(ours)];
    const isNew = !this.#branches.has(theirBranch) && ![...this.#branches.values()].includes(branch);
    if (isNew) this.#branches.set(theirBranch, branch);
    this.#learnName(sentBy(rfc), sentBy(ours));
    // Without default ports the two would be the same; a registrar has to give ours back as it was.
    this.#learnName(bracketed(header(rfc, 'contact')), bracketed(header(ours, 'contact')));
  }

  /** The text of a message of the RFC with our names in it, and our CSeq where it answers us. */
  translate(text: string): string {
    let translated = text;
    for (const [theirs, ours] of [...this.#branches, ...this.#ours]) {
      translated = translated.replaceAll(theirs, ours);
    }
    if (!text.startsWith('SIP/2.0')) return translated;
    return translated.replace(
      /^CSeq: (\d+)/m,
      (_, number: string) => `CSeq: ${Number(number) + this.sequenceOffset}`,
    );
  }

  #learnName(theirs: string | undefined, ours: string | undefined): void {
    if (theirs !== undefined && ours !== undefined && !this.#ours.has(theirs)) this.#ours.set(theirs, ours);
  }
}

/**
 * What of a message of ours is not as the RFC prints it, in all that a peer depends on. Left out of the comparison are
 *
 * - what we add: Supported, Allow, Session-Expires, User-Agent, Server, Expires, `rport`, and the port in our Contact;
 * - `;transport=tcp` in a Request-URI, which the RFC drops from the Contact that it copies (RFC 3261 section 12.2.1.1 does not);
 * - display names but that of the caller, reason phrases, and a To tag in the 200 to a CANCEL (section 9.2 wants it);
 * - nonce, response, qop and count in credentials: the RFC's are made up, and without the qop that was asked for;
 * - credentials in an ACK or BYE where the RFC shows none: in some of its flows it repeats them (RFC 3261 sections 22.1, 22.3),
 *   in others not.
 */
export function differences(label: string, ours: SipMessage, rfc: SipMessage, names: Names): Difference[] {
  const wanted = rfc.kind === 'request' ? requestAspects(rfc, names) : responseAspects(rfc, names);
  const shown = ours.kind === 'request' ? requestAspects(ours) : responseAspects(ours);
  const aspects: Record<string, unknown> = { ...shown };
  return Object.entries(wanted).flatMap(([name, value]) => {
    if (value === undefined || JSON.stringify(value) === JSON.stringify(aspects[name])) return [];
    return [{ where: `${label} ${name}`, rfc: value, ours: aspects[name] }];
  });
}

function requestAspects(request: SipRequest, names?: Names) {
  return {
    start: `${request.method} ${identity(request.uri)}`,
    via: headerValues(request, 'via').map((value) => viaIdentity(value, names)),
    'max-forwards': header(request, 'max-forwards'),
    route: headerValues(request, 'route'),
    credentials: mayShowMore(request) ? undefined : credentialsOf(request),
    ...commonAspects(request, names),
    to: addressOf(request, 'to', names),
    cseq: sequenceOf(request, names),
    name: request.method === 'INVITE' ? displayName(request) : undefined,
  };
}

function responseAspects(response: Extract<SipMessage, { kind: 'response' }>, names?: Names) {
  const vias = headerValues(response, 'via');
  return {
    start: String(response.status),
    via: vias.map((value) => viaIdentity(value, names)),
    // We mark the topmost one (section 18.2.1); what the proxies did to the others is theirs.
    received: parseVia(vias[0] ?? '')?.params.get('received'),
    'record-route': headerValues(response, 'record-route'),
    challenges: challengesOf(response),
    ...commonAspects(response, names),
    // What a registrar does not list is gone.
    ...(cseq(response)?.method === 'REGISTER' && { contact: contactsOf(response) }),
    to: isAnswerToCancel(response) ? undefined : addressOf(response, 'to', names),
    cseq: sequenceOf(response),
  };
}

function commonAspects(message: SipMessage, names?: Names) {
  const contacts = contactsOf(message);
  const described = message.body.length === 0 ? undefined : contentType(message);
  return {
    from: addressOf(message, 'from', names),
    'call-id': translated(header(message, 'call-id'), names),
    contact: contacts.length === 0 ? undefined : contacts,
    body: [described, new TextDecoder().decode(message.body)],
  };
}

function isAnswerToCancel(message: SipMessage): boolean {
  return message.kind === 'response' && cseq(message)?.method === 'CANCEL';
}

function sequenceOf(message: SipMessage, names?: Names): string {
  const { number, method } = cseq(message) ?? { number: 0, method: '' };
  return `${number + (names?.sequenceOffset ?? 0)} ${method}`;
}

function addressOf(message: SipMessage, name: 'from' | 'to', names?: Names): unknown {
  const address = parseNameAddr(header(message, name) ?? '');
  return [address?.uri, translated(address?.params.get('tag'), names)];
}

function displayName(request: SipRequest): string | undefined {
  return parseNameAddr(header(request, 'from') ?? '')?.displayName;
}

function viaIdentity(value: string, names?: Names): string {
  const via = parseVia(value);
  return `${via?.transport} ${via?.host}:${via?.port} ${translated(via?.params.get('branch'), names)}`;
}

/** Each with what it says of transport and lifetime. */
function contactsOf(message: SipMessage): string[] {
  return headerValues(message, 'contact').map((value) => {
    const contact = parseNameAddr(value);
    const uri = parseUri(contact?.uri ?? '');
    const transport = uri?.kind === 'sip' ? uri.params.get('transport') : undefined;
    const expires = contact?.params.get('expires');
    return [identity(contact?.uri ?? value), transport, expires]
      .filter((each) => each !== undefined)
      .join(' ');
  });
}

function challengesOf(response: SipMessage): string[] {
  return (['www-authenticate', 'proxy-authenticate'] as const).flatMap((name) =>
    headerFields(response, name).map((value) => {
      const challenge = parseChallenge(value);
      const { realm, algorithm, qop, stale } = challenge ?? {};
      return `${name}: ${realm} ${algorithm} ${qop?.join(',')} ${stale}`;
    }),
  );
}

/** Without port and parameters. */
function identity(text: string): string {
  const uri = parseUri(text);
  return uri?.kind === 'sip' ? `${uri.scheme}:${uri.user}@${uri.host}` : text;
}

/** A request for which a proxy need not have asked again. */
function mayShowMore(request: SipRequest): boolean {
  return request.method !== 'INVITE' && request.method !== 'REGISTER' && credentialsOf(request).length === 0;
}

function credentialsOf(request: SipRequest): string[] {
  return (['authorization', 'proxy-authorization'] as const).flatMap((name) =>
    headerFields(request, name).map((value) => {
      // RFC 3665 section 2.2 prints a qop without a count, which is no credentials (RFC 7616 section 3.4).
      const credentials = parseAuthorization(value.replace('qop="auth",', ''));
      return `${name}: ${credentials?.username} ${credentials?.realm} ${credentials?.uri}`;
    }),
  );
}

function sentBy(message: SipMessage): string | undefined {
  return /^SIP\S+ [^\s;]+/.exec(header(message, 'via') ?? '')?.[0];
}

export function branchOf(message: SipMessage): string | undefined {
  return parseVia(headerValues(message, 'via')[0] ?? '')?.params.get('branch');
}

/** With the brackets, so that it is found as a whole. */
function bracketed(contact: string | undefined): string | undefined {
  return /<[^>]*>/.exec(contact ?? '')?.[0];
}

function translated(name: string | undefined, names: Names | undefined): string | undefined {
  return name === undefined ? undefined : (names?.get(name) ?? name);
}
