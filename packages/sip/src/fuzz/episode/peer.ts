import { createRequest, createResponse, withHeader, withHeaderSet, withTopVia } from '../../message/build.ts';
import { callId, cseq, fromTag, header, toTag } from '../../message/headers.ts';
import { parseNameAddr } from '../../message/name-addr.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../message/types.ts';
import { parseVia } from '../../message/via.ts';
import type { ExtraHeaders } from '../../endpoint/api.ts';
import type { Entropy } from '../entropy.ts';
import { METHODS } from '../grammar/messages.ts';
import { sdp } from '../grammar/sdp.ts';
import { challenge } from '../grammar/values.ts';

/** What a peer remembers of a dialog: enough to send requests inside it. */
export interface KnownDialog {
  readonly callId: string;
  /** Value of From in the peer's requests, with its tag. */
  readonly ours: string;
  readonly theirs: string;
  cseq: number;
}

const MOST_REMEMBERED = 24;
const STATUSES = [
  100, 180, 183, 200, 200, 200, 202, 302, 400, 401, 404, 407, 408, 422, 423, 481, 486, 487, 491, 500, 503,
  603,
];

/**
 * The other side of an episode: answers what the endpoint sends, calls, and sends requests inside dialogs that really
 * are, in an order that no sane peer would choose.
 */
export class WildPeer {
  readonly #entropy: Entropy;
  readonly #requests: SipRequest[] = [];
  readonly #invites: SipRequest[] = [];
  readonly #dialogs: KnownDialog[] = [];
  /** The last RSeq of each fork. */
  readonly #sequences = new Map<string, number>();
  #branches = 0;
  #notifies = 0;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /** The endpoint has sent this. */
  hears(message: SipMessage): void {
    if (message.kind === 'request') {
      if (message.method !== 'ACK') remember(this.#requests, message);
      return;
    }
    const tag = toTag(message);
    const makesDialog = makingDialogs.has(cseq(message)?.method ?? '');
    if (tag === undefined || !makesDialog || message.status >= 300) return;
    this.#learn(
      message,
      header(message, 'from') ?? '',
      header(message, 'to') ?? '',
      cseq(message)?.number ?? 0,
    );
  }

  /** What a sane peer would say to a message of the endpoint, so that calls get somewhere. */
  reflex(message: SipMessage): SipMessage | undefined {
    if (message.kind === 'request') {
      if (message.method === 'ACK') return undefined;
      if (message.method === 'INVITE' && this.#entropy.chance(0.3)) return this.#reliably(message);
      const isSubscribing = message.method === 'SUBSCRIBE' || message.method === 'REFER';
      return isSubscribing && this.#entropy.chance(0.5) ? this.#notify(message) : this.#answer(message, 200);
    }
    if (cseq(message)?.method !== 'INVITE' || message.status > 299) return undefined;
    if (message.status < 200) return header(message, 'rseq') === undefined ? undefined : this.#prack(message);
    return this.#request('ACK', {
      from: header(message, 'from') ?? '',
      to: header(message, 'to') ?? '',
      callId: callId(message) ?? '',
      cseq: cseq(message)?.number ?? 0,
    });
  }

  /** A provisional response with the next RSeq of its fork, or one close by. */
  #reliably(invite: SipRequest): SipResponse {
    const entropy = this.#entropy;
    const response = this.#answer(invite, entropy.pick([180, 183, 183]));
    const fork = `${callId(invite) ?? ''} ${toTag(response) ?? ''}`;
    const sequence = (this.#sequences.get(fork) ?? entropy.pick([0, 7])) + (entropy.chance(0.9) ? 1 : 2);
    if (this.#sequences.size > MOST_REMEMBERED) this.#sequences.clear();
    this.#sequences.set(fork, sequence);
    return withHeaderSet(withHeaderSet(response, 'Require', '100rel'), 'RSeq', `${sequence}`);
  }

  #prack(response: SipResponse): SipRequest {
    const { number = 0, method = 'INVITE' } = cseq(response) ?? {};
    const prack = this.#request('PRACK', {
      from: header(response, 'from') ?? '',
      to: header(response, 'to') ?? '',
      callId: callId(response) ?? '',
      cseq: number + this.#entropy.integer(1, 3),
    });
    return withHeaderSet(prack, 'RAck', `${header(response, 'rseq') ?? ''} ${number} ${method}`);
  }

  response(): SipResponse | undefined {
    if (this.#requests.length === 0) return undefined;
    return this.#answer(this.#entropy.pick(this.#requests), this.#entropy.pick(STATUSES));
  }

  #answer(request: SipRequest, status: number): SipResponse {
    const response = createResponse(request, status, undefined, {
      toTag: this.#entropy.pick(['fork1', 'fork1', 'fork2', `t${this.#entropy.integer(0, 40)}`]),
      contact: '<sip:peer@192.0.2.2:5060>',
      headers: this.#extraHeaders(status),
      ...(this.#entropy.chance(0.5) && { body: this.#body() }),
    });
    if (makingDialogs.has(request.method) && status > 100 && status < 300) {
      this.#learn(response, header(response, 'to') ?? '', header(response, 'from') ?? '', 1);
    }
    return response;
  }

  /** A NOTIFY for a SUBSCRIBE or REFER of the endpoint, whether or not that is answered. */
  notify(): SipRequest | undefined {
    const asked = this.#requests.filter(({ method }) => method === 'SUBSCRIBE' || method === 'REFER');
    return asked.length === 0 ? undefined : this.#notify(this.#entropy.pick(asked));
  }

  #notify(request: SipRequest): SipRequest {
    const entropy = this.#entropy;
    const tag = entropy.pick(['fork1', 'fork1', 'fork1', 'fork2']);
    const to = header(request, 'to') ?? '';
    const number = cseq(request)?.number ?? 1;
    const event = header(request, 'event') ?? entropy.pick(['refer', `refer;id=${number}`]);
    const notify = this.#request('NOTIFY', {
      from: toTag(request) === undefined ? `${to};tag=${tag}` : to,
      to: header(request, 'from') ?? '',
      callId: callId(request) ?? '',
      cseq: (this.#notifies += 1),
    });
    const withEvent = withHeaderSet(notify, 'Event', event);
    const withState = withHeaderSet(withEvent, 'Subscription-State', subscriptionState(entropy));
    if (!event.startsWith('refer')) return withState;
    const line = `SIP/2.0 ${entropy.pick(STATUSES)} Whatever\r\n`;
    return {
      ...withHeaderSet(withState, 'Content-Type', 'message/sipfrag'),
      body: Buffer.from(line, 'latin1'),
    };
  }

  /** A request outside dialogs. */
  newRequest(): SipRequest {
    const entropy = this.#entropy;
    const method = entropy.chance(0.6) ? 'INVITE' : entropy.pick(METHODS);
    const request = this.#request(method, {
      from: `<sip:peer@192.0.2.2>;tag=p${entropy.integer(0, 1e9)}`,
      to: '<sip:alice@192.0.2.1>',
      callId: `c${entropy.integer(0, entropy.pick([3, 1e9]))}`,
      cseq: entropy.integer(1, 5),
    });
    if (method === 'INVITE') remember(this.#invites, request);
    if (method === 'INVITE' && entropy.chance(0.1)) return this.#replacing(request);
    return method === 'SUBSCRIBE' || method === 'REFER' ? this.#readable(request) : request;
  }

  /** Wants to take the place of a dialog that really is. */
  #replacing(request: SipRequest): SipRequest {
    if (this.#dialogs.length === 0) return request;
    const dialog = this.#entropy.pick(this.#dialogs);
    const value = `${dialog.callId};to-tag=${tagOf(dialog.theirs)};from-tag=${tagOf(dialog.ours)}`;
    return withHeaderSet(request, 'Replaces', value);
  }

  /** Mostly with what a subscription needs. */
  #readable(request: SipRequest): SipRequest {
    const entropy = this.#entropy;
    if (entropy.chance(0.2)) return request;
    if (request.method === 'REFER') return withHeaderSet(request, 'Refer-To', '<sip:carol@192.0.2.3>');
    const withEvent = withHeaderSet(
      request,
      'Event',
      entropy.pick(['dialog', 'dialog', 'refer', 'dialog;id=1']),
    );
    return withHeaderSet(withEvent, 'Expires', `${entropy.pick([0, 1, 60, 3_600])}`);
  }

  /** BYE, re-INVITE, INFO … inside a dialog; the sequence number is mostly the next. */
  requestInDialog(): SipRequest | undefined {
    if (this.#dialogs.length === 0) return undefined;
    const dialog = this.#entropy.pick(this.#dialogs);
    const method = this.#entropy.pick(['ACK', 'ACK', 'ACK', 'BYE', 'INVITE', 'INVITE', ...METHODS]);
    if (method !== 'ACK' && this.#entropy.chance(0.9)) dialog.cseq += 1;
    const request = this.#request(method, {
      from: dialog.ours,
      to: dialog.theirs,
      callId: dialog.callId,
      cseq: dialog.cseq,
    });
    return method === 'SUBSCRIBE' || method === 'REFER' ? this.#readable(request) : request;
  }

  /** CANCEL or ACK with the branch of one of the peer's INVITEs, or the INVITE again with another branch. */
  aboutInvite(): SipRequest | undefined {
    if (this.#invites.length === 0) return undefined;
    const invite = this.#entropy.pick(this.#invites);
    if (this.#entropy.chance(0.2)) {
      return withHeaderSet(invite, 'Via', `SIP/2.0/UDP 192.0.2.2:5060;branch=${this.#branch()}`);
    }
    const method = this.#entropy.pick(['CANCEL', 'CANCEL', 'ACK'] as const);
    return {
      ...withHeaderSet(invite, 'CSeq', `${cseq(invite)?.number ?? 1} ${method}`),
      method,
      body: new Uint8Array(0),
    };
  }

  #request(
    method: string,
    parts: { readonly from: string; readonly to: string; readonly callId: string; readonly cseq: number },
  ): SipRequest {
    const via = parseVia(`SIP/2.0/UDP 192.0.2.2:5060;branch=${this.#branch()};rport`);
    const request = createRequest({
      method,
      uri: 'sip:alice@192.0.2.1:5060',
      ...parts,
      contact: '<sip:peer@192.0.2.2:5060>',
      headers: this.#extraHeaders(0),
      ...(this.#entropy.chance(0.5) && { body: this.#body() }),
    });
    return via === undefined ? request : withTopVia(request, via);
  }

  #branch(): string {
    this.#branches += 1;
    // Some reuse a branch, and some come from before RFC 3261.
    const number = this.#entropy.chance(0.95) ? this.#branches : this.#entropy.integer(0, this.#branches);
    return this.#entropy.chance(0.97) ? `z9hG4bK-${number}` : `${number}`;
  }

  #body() {
    const text = this.#entropy.chance(0.9) ? sdp(this.#entropy) : '';
    const contentType = this.#entropy.chance(0.95) ? 'application/sdp' : 'text/plain';
    return { contentType, bytes: Buffer.from(text, 'latin1') };
  }

  #extraHeaders(status: number): ExtraHeaders {
    const entropy = this.#entropy;
    if (status === 401) return [['WWW-Authenticate', challenge(entropy)]];
    if (status === 407) return [['Proxy-Authenticate', challenge(entropy)]];
    if (status === 423) return [['Min-Expires', `${entropy.pick([0, 60, 7_200, 4_294_967_295])}`]];
    if (status === 503) return [['Retry-After', `${entropy.pick([0, 1, 4_294_967_295])}`]];
    if (entropy.chance(0.7)) return [];
    // In a 2xx to REFER, and in REFER itself.
    if (entropy.chance(0.1)) return [['Refer-Sub', entropy.pick(['true', 'false', ';'])]];
    return entropy.pick<ExtraHeaders>([
      [['Record-Route', '<sip:192.0.2.9;lr>, <sip:192.0.2.10>']],
      [['Require', entropy.pick(['100rel', 'timer', 'unknown'])]],
      [['Supported', '100rel, timer, replaces, norefersub']],
      [['Session-Expires', `${entropy.pick([0, 90, 1_800])};refresher=${entropy.pick(['uac', 'uas'])}`]],
      [['Expires', `${entropy.pick([0, 3, 3_600, 4_294_967_295])}`]],
      [
        ['RSeq', `${entropy.integer(0, 4)}`],
        ['Require', '100rel'],
      ],
      [['RAck', `${entropy.integer(0, 4)} 1 INVITE`]],
      [['Refer-To', '<sip:carol@192.0.2.3>']],
      [
        ['Event', entropy.pick(['refer', 'refer;id=2', 'dialog', 'message-summary'])],
        ['Subscription-State', subscriptionState(entropy)],
      ],
      [['Replaces', 'c1;to-tag=a;from-tag=b']],
    ]);
  }

  #learn(message: SipMessage, ours: string, theirs: string, number: number): void {
    if (parseNameAddr(ours) === undefined || parseNameAddr(theirs) === undefined) return;
    const id = callId(message) ?? '';
    if (this.#dialogs.some((known) => known.callId === id && known.ours === ours && known.theirs === theirs))
      return;
    remember(this.#dialogs, { callId: id, ours, theirs, cseq: number });
  }
}

const tagOf = (address: string): string => parseNameAddr(address)?.params.get('tag') ?? '0';

/** Requests whose 2xx makes a dialog. */
const makingDialogs = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

const subscriptionState = (entropy: Entropy): string =>
  entropy.pick([
    'active',
    'active;expires=60',
    'pending;expires=4294967295',
    'active;expires=0',
    'terminated',
    'terminated;reason=noresource',
    'terminated;reason=deactivated',
    'terminated;reason=probation;retry-after=4294967295',
    'unheard-of',
  ]);

function remember<T>(into: T[], item: T): void {
  into.push(item);
  if (into.length > MOST_REMEMBERED) into.shift();
}

/** A header that a proxy may have put on the way; a copy of the message. */
export function withNoise(message: SipMessage, entropy: Entropy): SipMessage {
  return entropy.chance(0.1)
    ? withHeader(message, 'X-Noise', `${entropy.integer(0, 9)} ${fromTag(message) ?? ''}`)
    : message;
}
