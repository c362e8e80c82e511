import type { NextHop } from '../agent/next-hop.ts';
import type { Body, ExtraHeaders, Target } from '../endpoint/api.ts';
import { createRequest } from '../message/build.ts';
import { callId, cseq, fromTag, hasToken, header, headerValues, toTag } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { formatUri, parseSipUri, parseUri } from '../message/uri.ts';

/** Call-ID, local tag and remote tag name a dialog (RFC 3261 section 12). */
export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  // No value of a header holds a line break, so it divides them.
  return `${localTag}\n${remoteTag}\n${callId}`;
}

/** The dialog that a request from the network belongs to; `undefined` outside dialogs. */
export function dialogKeyOfRequest(request: SipRequest): string | undefined {
  const localTag = toTag(request);
  if (localTag === undefined) return undefined;
  return dialogKey(callId(request) ?? '', localTag, fromTag(request) ?? '');
}

/** Of a peer that does not say where it is. */
const noTarget = 'sip:anonymous.invalid';

interface DialogParts {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remoteTarget: string;
  readonly routeSet: readonly string[];
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
  readonly connection: Target | undefined;
}

/**
 * One dialog (RFC 3261 section 12).
 *
 * ```
 *   101–199 with a tag ──► early ──2xx──► confirmed
 *   2xx ──────────────────────────────────►
 * ```
 */
export class Dialog {
  readonly key: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Value of From in our requests. */
  readonly localAddress: string;
  /** Value of To in our requests. */
  readonly remoteAddress: string;
  state: 'early' | 'confirmed' = 'early';
  /** The peer's Contact URI. */
  #remoteTarget: string;
  #routeSet: readonly string[];
  #localSequence: number;
  #remoteSequence: number | undefined;
  /** From the Allow of its messages (RFC 3311 section 5.1). */
  #takesUpdate = false;
  /** The stream connection that the peer uses; requests go over it while it stands (no route set). */
  #connection: Target | undefined;

  constructor(parts: DialogParts) {
    this.key = dialogKey(parts.callId, parts.localTag, parts.remoteTag);
    this.callId = parts.callId;
    this.localTag = parts.localTag;
    this.remoteTag = parts.remoteTag;
    this.localAddress = parts.localAddress;
    this.remoteAddress = parts.remoteAddress;
    this.#remoteTarget = parts.remoteTarget;
    this.#routeSet = parts.routeSet;
    this.#localSequence = parts.localSequence;
    this.#remoteSequence = parts.remoteSequence;
    this.#connection = parts.connection;
  }

  get remoteTarget(): string {
    return this.#remoteTarget;
  }

  /** The peer has said that it takes UPDATE. */
  get takesUpdate(): boolean {
    return this.#takesUpdate;
  }

  /** What a message of the peer says of it. */
  learn(message: SipRequest | SipResponse): void {
    if (header(message, 'allow') !== undefined) this.#takesUpdate = hasToken(message, 'allow', 'UPDATE');
  }

  get routeSet(): readonly string[] {
    return this.#routeSet;
  }

  /** Route set and target of the 2xx replace those of the early dialog (sections 13.2.2.4, 12.1.2). */
  confirm(response: SipResponse): void {
    if (this.state === 'confirmed') return;
    this.state = 'confirmed';
    this.#routeSet = headerValues(response, 'record-route').toReversed();
    this.refreshTarget(response);
  }

  /** Contact of a target refresh request or its 2xx (sections 12.2.1.2, 12.2.2). */
  refreshTarget(message: SipRequest | SipResponse): void {
    const contact = contactUri(message);
    if (contact !== undefined) this.#remoteTarget = contact;
    this.learn(message);
  }

  /** The peer's stream connection now, learnt from what it sends. */
  seenOn(flow: Target): void {
    this.#connection = streamOf(flow);
  }

  /**
   * Takes the CSeq of a request from the network (section 12.2.2): `false` when it is out of order, which is answered 500.
   * ACK and CANCEL are not asked about.
   */
  acceptSequence(request: SipRequest): boolean {
    const number = cseq(request)?.number ?? 0;
    if (this.#remoteSequence !== undefined && number <= this.#remoteSequence) return false;
    this.#remoteSequence = number;
    return true;
  }

  nextSequence(): number {
    this.#localSequence += 1;
    return this.#localSequence;
  }

  /** Where its requests go (section 12.2.1.1): the first route, else the remote target. */
  nextHop(): NextHop {
    const [first] = this.#routeSet;
    if (first !== undefined) return { uri: parseNameAddr(first)?.uri ?? this.#remoteTarget };
    return this.#connection === undefined
      ? { uri: this.#remoteTarget }
      : { uri: this.#remoteTarget, preferred: this.#connection };
  }

  /** A request inside the dialog, without Via (section 12.2.1.1). ACK takes the CSeq number of its INVITE. */
  createRequest(parts: {
    readonly method: string;
    readonly sequence: number;
    readonly contact?: string;
    readonly headers?: ExtraHeaders;
    readonly body?: Body;
  }): SipRequest {
    const { uri, route } = this.#addressing();
    return createRequest({
      method: parts.method,
      uri,
      route,
      from: this.localAddress,
      to: this.remoteAddress,
      callId: this.callId,
      cseq: parts.sequence,
      ...(parts.contact !== undefined && { contact: parts.contact }),
      ...(parts.headers !== undefined && { headers: parts.headers }),
      ...(parts.body !== undefined && { body: parts.body }),
    });
  }

  #addressing(): { readonly uri: string; readonly route: readonly string[] } {
    const [first, ...rest] = this.#routeSet;
    if (first === undefined) return { uri: this.#remoteTarget, route: [] };
    const firstUri = parseNameAddr(first)?.uri;
    const firstTarget = requestUri(firstUri);
    if (firstTarget === undefined || parseSipUri(firstUri ?? '')?.params.has('lr') !== false) {
      return { uri: this.#remoteTarget, route: this.#routeSet };
    }
    // A strict router finds itself in the Request-URI and the target last in Route.
    return { uri: firstTarget, route: [...rest, `<${this.#remoteTarget}>`] };
  }
}

/** The dialog of a response 101–299 to our request (section 12.1.2). */
export function dialogOfClient(request: SipRequest, response: SipResponse, flow: Target): Dialog {
  const dialog = new Dialog({
    callId: callId(request) ?? '',
    localTag: fromTag(request) ?? '',
    remoteTag: toTag(response) ?? '',
    localAddress: header(request, 'from') ?? '',
    remoteAddress: header(response, 'to') ?? '',
    remoteTarget: contactUri(response) ?? request.uri,
    routeSet: headerValues(response, 'record-route').toReversed(),
    localSequence: cseq(request)?.number ?? 0,
    remoteSequence: undefined,
    connection: streamOf(flow),
  });
  if (response.status >= 200) dialog.state = 'confirmed';
  dialog.learn(response);
  return dialog;
}

/** The dialog that we create by answering a request 101–299 with `localTag` (section 12.1.1). */
export function dialogOfServer(request: SipRequest, localTag: string, flow: Target): Dialog {
  const dialog = new Dialog({
    callId: callId(request) ?? '',
    localTag,
    remoteTag: fromTag(request) ?? '',
    localAddress: `${header(request, 'to') ?? ''};tag=${localTag}`,
    remoteAddress: header(request, 'from') ?? '',
    remoteTarget:
      contactUri(request) ?? requestUri(parseNameAddr(header(request, 'from') ?? '')?.uri) ?? noTarget,
    routeSet: headerValues(request, 'record-route'),
    localSequence: 0,
    remoteSequence: cseq(request)?.number,
    connection: streamOf(flow),
  });
  dialog.learn(request);
  return dialog;
}

/**
 * The dialog that a NOTIFY makes which is here before the 2xx to our SUBSCRIBE or REFER (RFC 6665 section 4.4.1).
 *
 * @param localSequence CSeq number of that request
 */
export function dialogOfNotify(notify: SipRequest, localSequence: number, flow: Target): Dialog {
  const dialog = new Dialog({
    callId: callId(notify) ?? '',
    localTag: toTag(notify) ?? '',
    remoteTag: fromTag(notify) ?? '',
    localAddress: header(notify, 'to') ?? '',
    remoteAddress: header(notify, 'from') ?? '',
    remoteTarget:
      contactUri(notify) ?? requestUri(parseNameAddr(header(notify, 'from') ?? '')?.uri) ?? noTarget,
    routeSet: headerValues(notify, 'record-route'),
    localSequence,
    remoteSequence: cseq(notify)?.number,
    connection: streamOf(flow),
  });
  dialog.state = 'confirmed';
  return dialog;
}

function contactUri(message: SipRequest | SipResponse): string | undefined {
  const [value] = headerValues(message, 'contact');
  return value === undefined ? undefined : requestUri(parseNameAddr(value)?.uri);
}

/** A URI as a Request-URI may have it: without headers and `method` (section 19.1.1); `undefined` where it cannot be read. */
function requestUri(text: string | undefined): string | undefined {
  const uri = parseUri(text ?? '');
  if (uri === undefined) return undefined;
  if (uri.kind !== 'sip' || (uri.headers.size === 0 && !uri.params.has('method'))) return text;
  const params = new Map(uri.params);
  params.delete('method');
  return formatUri({ ...uri, params, headers: new Map() });
}

function streamOf(flow: Target): Target | undefined {
  return flow.connectionId === undefined ? undefined : flow;
}
