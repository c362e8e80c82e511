import type { ExtraHeaders, Flow, Millis } from '../endpoint/api.ts';
import { parseRoutes } from '../headers/routes.ts';
import { parseDecimal } from '../message/chars.ts';
import { callId, cseq, hasToken, header, headerValues, parseContactList } from '../message/headers.ts';
import type { ContactList } from '../message/headers.ts';
import { formatNameAddr, parseNameAddr } from '../message/name-addr.ts';
import type { NameAddr } from '../message/name-addr.ts';
import { withParam } from '../message/params.ts';
import type { SipRequest } from '../message/types.ts';
import { decodeEscapes, parseUri, uriEquals } from '../message/uri.ts';
import type { Uri } from '../message/uri.ts';

/** One contact of an address of record. */
export interface Binding {
  /** As it was registered, without `expires`. */
  readonly contact: NameAddr;
  /** Where it came over: behind a NAT or on a stream, requests to it go back this way. */
  readonly flow: Flow;
  readonly expiresAt: Millis;
  readonly callId: string;
  readonly cseq: number;
  /** From 0 to 1, by thousandths; 1 where the contact gives none. */
  readonly q: number;
  /**
   * The proxies between (RFC 3327): values of Route for whatever is sent to the contact, in this order. With one of them
   * `flow` is the way to the first.
   */
  readonly path: readonly string[];
}

export interface RegistrarOptions {
  /**
   * Seconds. A shorter wish is answered 423 (section 10.3 step 7). Default 60; at most 3,600, because whoever wishes an hour
   * must not be refused.
   */
  readonly minExpires?: number;
  /** Seconds. A longer wish is cut to this. Default 3,600. */
  readonly maxExpires?: number;
  /** Seconds, where neither Contact nor Expires says one. Default 3,600. */
  readonly defaultExpires?: number;
  /** Default 10. More are answered 403 (section 21.4.4: the request shall not be repeated). */
  readonly bindingsPerAor?: number;
  /** Default 100,000. More are answered 503. */
  readonly aors?: number;
  /**
   * A Path of a user agent that does not say `Supported: path` (RFC 3327 section 5.3): `store` (the default) keeps it and does not
   * give it back; 420 and 421 refuse the REGISTER, for then the user agent cannot see who has put itself between.
   */
  readonly pathWithoutSupport?: 'store' | 420 | 421;
  /** Values of Route for what registered user agents send: goes into each 200 that leaves something bound (RFC 3608). */
  readonly serviceRoute?: readonly string[];
}

/** What to answer, with `createResponse(request, status, undefined, { headers })`. */
export interface RegisterResult {
  readonly status: 200 | 400 | 403 | 404 | 420 | 421 | 423 | 500 | 503;
  /** Contacts, Path and Service-Route of a 200; Unsupported of a 420, Require of a 421, Min-Expires of a 423. */
  readonly headers: ExtraHeaders;
  /** All bindings of the address of record after a 200; else none. */
  readonly contacts: readonly Binding[];
  /** Canonical, see {@link aorOf}; absent when To names none. */
  readonly aor?: string;
}

const MAX_EXPIRES_VALUE = 0xffff_ffff;

/**
 * The location service of RFC 3261 section 10.3, in memory and without a clock. It asks nobody who may register what:
 * the caller authenticates the request (section 10.3 steps 3 and 4) and answers 404 for an AOR that does not exist, before
 * it calls `process`. Bindings whose time is over are never given out, also before `expire` was called.
 */
export class Registrar {
  readonly #minExpires: number;
  readonly #maxExpires: number;
  readonly #defaultExpires: number;
  readonly #bindingsPerAor: number;
  readonly #maxAors: number;
  readonly #pathWithoutSupport: 'store' | 420 | 421;
  readonly #serviceRoute: readonly string[];
  readonly #bindings = new Map<string, readonly Binding[]>();
  /** A lower bound, so that nobody has to walk all bindings to know that none has expired. */
  #nextExpiry: Millis | undefined;

  constructor(options: RegistrarOptions = {}) {
    this.#minExpires = Math.min(options.minExpires ?? 60, 3_600);
    this.#maxExpires = options.maxExpires ?? 3_600;
    this.#defaultExpires = options.defaultExpires ?? 3_600;
    this.#bindingsPerAor = options.bindingsPerAor ?? 10;
    this.#maxAors = options.aors ?? 100_000;
    this.#pathWithoutSupport = options.pathWithoutSupport ?? 'store';
    this.#serviceRoute = options.serviceRoute ?? [];
  }

  /** All changes of a REGISTER are made, or none (section 10.3 step 7). */
  process(request: SipRequest, flow: Flow, now: Millis): RegisterResult {
    const aor = aorOf(request);
    const refused = this.#checkExtensions(request);
    if (refused !== undefined) return { ...refused, contacts: [], ...(aor !== undefined && { aor }) };
    if (aor === undefined) return { status: 404, headers: [], contacts: [] };
    const path = parseRoutes(request, 'path');
    if (path === undefined) return { status: 400, headers: [], contacts: [], aor };
    const change = this.#plan(request, { flow, path }, now, this.lookup(aor, now));
    if ('status' in change) return { ...change, contacts: [], aor };
    if (change.bindings.length > 0 && !this.#bindings.has(aor) && this.#bindings.size >= this.#maxAors) {
      return { status: 503, headers: [], contacts: [], aor };
    }
    this.#store(aor, change.bindings);
    return {
      status: 200,
      headers: this.#headersOf(request, path, change.bindings, now),
      contacts: change.bindings,
      aor,
    };
  }

  /** Step 2, and RFC 3327 section 5.3. */
  #checkExtensions(request: SipRequest): Pick<RegisterResult, 'status' | 'headers'> | undefined {
    const unknown = headerValues(request, 'require').filter((option) => option.toLowerCase() !== 'path');
    if (unknown.length > 0) return { status: 420, headers: [['Unsupported', unknown.join(', ')]] };
    const status = this.#pathWithoutSupport;
    if (status === 'store' || supportsPath(request) || header(request, 'path') === undefined)
      return undefined;
    return { status, headers: [[status === 420 ? 'Unsupported' : 'Require', 'path']] };
  }

  /** Step 8; Path goes back to who can read it (RFC 3327 section 5.3), Service-Route to who is registered (RFC 3608 section 6.3). */
  #headersOf(
    request: SipRequest,
    path: readonly string[],
    bindings: readonly Binding[],
    now: Millis,
  ): ExtraHeaders {
    const contacts = bindings.map((binding) => ['Contact', contactText(binding, now)] as const);
    const echoed = supportsPath(request) ? path.map((value) => ['Path', value] as const) : [];
    const routes = bindings.length === 0 ? [] : this.#serviceRoute;
    return [...contacts, ...echoed, ...routes.map((value) => ['Service-Route', value] as const)];
  }

  #plan(
    request: SipRequest,
    way: Pick<Binding, 'flow' | 'path'>,
    now: Millis,
    current: readonly Binding[],
  ): { readonly bindings: readonly Binding[] } | Pick<RegisterResult, 'status' | 'headers'> {
    const list = parseContactList(request);
    const id = callId(request);
    const number = cseq(request)?.number;
    if (list === undefined || id === undefined || number === undefined) return { status: 400, headers: [] };
    const isOutdated = (binding: Binding) => binding.callId === id && number <= binding.cseq;
    if (list.kind === 'all') {
      // `*` is for removing everything, and for nothing else (step 6).
      if (header(request, 'expires') !== '0') return { status: 400, headers: [] };
      return current.some(isOutdated) ? { status: 500, headers: [] } : { bindings: [] };
    }
    const wishes = this.#wishes(request, list);
    if (wishes === undefined) return { status: 400, headers: [] };
    let bindings = [...current];
    for (const { contact, uri, expires, q } of wishes) {
      if (expires > 0 && expires < this.#minExpires) {
        return { status: 423, headers: [['Min-Expires', String(this.#minExpires)]] };
      }
      const at = bindings.findIndex((binding) => isSameContact(binding.contact, uri));
      const existing = bindings[at];
      // Two contacts of one REGISTER that are the same address share their CSeq: the later one counts.
      const isOfThisRequest = existing !== undefined && !current.includes(existing);
      if (existing !== undefined && !isOfThisRequest && isOutdated(existing))
        return { status: 500, headers: [] };
      if (expires === 0) {
        bindings = bindings.filter((binding) => binding !== existing);
        continue;
      }
      const seconds = Math.min(expires, this.#maxExpires);
      const expiresAt = now + seconds * 1_000;
      const binding: Binding = { contact, ...way, expiresAt, callId: id, cseq: number, q };
      if (at >= 0) bindings[at] = binding;
      else bindings.push(binding);
    }
    // Counted after all changes: a phone may replace its old contact by a new one when all places are taken.
    if (bindings.length > this.#bindingsPerAor) {
      return { status: 403, headers: [] };
    }
    return { bindings };
  }

  /** Each contact with its lifetime in seconds: its own parameter, else Expires, else the default (step 6). */
  #wishes(request: SipRequest, list: ContactList & { kind: 'contacts' }): Wish[] | undefined {
    const common = expiresValue(header(request, 'expires'), this.#defaultExpires);
    const wishes: Wish[] = [];
    for (const contact of list.contacts) {
      const uri = parseUri(contact.uri);
      const q = parseQ(contact.params.get('q'));
      if (uri === undefined || q === undefined) return undefined;
      const params = new Map(contact.params);
      params.delete('expires');
      const expires = contact.params.has('expires')
        ? expiresValue(contact.params.get('expires'), this.#defaultExpires)
        : common;
      wishes.push({ contact: { ...contact, params }, uri, expires, q });
    }
    return wishes;
  }

  /** Current bindings of an AOR in canonical form, those that are preferred first, the oldest first among equals. */
  lookup(aor: string, now: Millis): readonly Binding[] {
    const bindings = this.#bindings.get(aor) ?? [];
    return bindings.filter((binding) => binding.expiresAt > now).toSorted((left, right) => right.q - left.q);
  }

  /** Removes and gives the bindings whose time is over. Cheap to call before {@link nextExpiry}. */
  expire(now: Millis): readonly { readonly aor: string; readonly binding: Binding }[] {
    if (this.#nextExpiry === undefined || now < this.#nextExpiry) return [];
    const removed = this.#removeWhere((binding) => binding.expiresAt <= now);
    this.#nextExpiry = undefined;
    for (const bindings of this.#bindings.values()) this.#noteExpiry(bindings);
    return removed;
  }

  /** Removes and gives the bindings of a stream that is closed: nothing can reach them any more (RFC 5626 section 6). */
  closeFlow(connectionId: string): readonly { readonly aor: string; readonly binding: Binding }[] {
    return this.#removeWhere((binding) => binding.flow.connectionId === connectionId);
  }

  /** When to call `expire` next; never later than the first binding's end, sometimes earlier. */
  nextExpiry(): Millis | undefined {
    return this.#nextExpiry;
  }

  /** Addresses of record with a binding, for metrics. */
  get size(): number {
    return this.#bindings.size;
  }

  #removeWhere(matches: (binding: Binding) => boolean): { aor: string; binding: Binding }[] {
    const removed: { aor: string; binding: Binding }[] = [];
    for (const [aor, bindings] of this.#bindings) {
      const gone = bindings.filter(matches);
      if (gone.length === 0) continue;
      for (const binding of gone) removed.push({ aor, binding });
      this.#store(
        aor,
        bindings.filter((binding) => !gone.includes(binding)),
      );
    }
    return removed;
  }

  #store(aor: string, bindings: readonly Binding[]): void {
    if (bindings.length === 0) this.#bindings.delete(aor);
    else this.#bindings.set(aor, bindings);
    this.#noteExpiry(bindings);
  }

  #noteExpiry(bindings: readonly Binding[]): void {
    for (const { expiresAt } of bindings) {
      if (this.#nextExpiry === undefined || expiresAt < this.#nextExpiry) this.#nextExpiry = expiresAt;
    }
  }
}

function supportsPath(request: SipRequest): boolean {
  return hasToken(request, 'supported', 'path') || hasToken(request, 'require', 'path');
}

interface Wish {
  readonly contact: NameAddr;
  readonly uri: Uri;
  readonly expires: number;
  readonly q: number;
}

/** The canonical address of record of a REGISTER: its To (section 10.3 step 5). */
export function aorOf(request: SipRequest): string | undefined {
  const to = header(request, 'to');
  const address = to === undefined ? undefined : parseNameAddr(to);
  return address === undefined ? undefined : canonicalAor(address.uri);
}

/**
 * `sip:user@host` without parameters, password, headers and default port, the host in lower case and the user part with its
 * escapes resolved, so that every spelling finds the same bindings. `undefined` for other schemes.
 */
export function canonicalAor(uri: string): string | undefined {
  const parsed = parseUri(uri);
  if (parsed?.kind !== 'sip') return undefined;
  const user = parsed.user === undefined ? '' : `${decodeEscapes(parsed.user) ?? parsed.user}@`;
  const host = parsed.host.includes(':') ? `[${parsed.host}]` : parsed.host;
  const defaultPort = parsed.scheme === 'sips' ? 5061 : 5060;
  const port = parsed.port === undefined || parsed.port === defaultPort ? '' : `:${parsed.port}`;
  return `${parsed.scheme}:${user}${host.toLowerCase()}${port}`;
}

/** A value that is no number counts as 3,600 by section 10.2.1.1; here as the registrar's default. */
function expiresValue(text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  // More than 32 bits is still a number, and a wish for "long" (RFC 4475 section 3.1.2.4).
  if (/^\d{10,}$/.test(text)) return MAX_EXPIRES_VALUE;
  return parseDecimal(text, MAX_EXPIRES_VALUE) ?? byDefault;
}

function parseQ(text: string | undefined): number | undefined {
  if (text === undefined) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : undefined;
}

function isSameContact(contact: NameAddr, uri: Uri): boolean {
  const own = parseUri(contact.uri);
  return own !== undefined && uriEquals(own, uri);
}

function contactText(binding: Binding, now: Millis): string {
  const seconds = Math.max(0, Math.ceil((binding.expiresAt - now) / 1_000));
  const { contact } = binding;
  return formatNameAddr({ ...contact, params: withParam(contact.params, 'expires', String(seconds)) });
}
