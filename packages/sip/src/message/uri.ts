import { isHostName, isIpv6, isToken, isUriParamText, isUserText, isVisible, parseDecimal } from './chars.ts';
import { NO_PARAMS } from './params.ts';
import type { Params } from './params.ts';
import { remembering } from './remember.ts';

/** RFC 3261 section 19.1. Escapes (`%41`) stay as they came; {@link decodeEscapes} resolves them where text is shown. */
export interface SipUri {
  readonly kind: 'sip';
  readonly scheme: 'sip' | 'sips';
  readonly user?: string;
  readonly password?: string;
  /** A name, an IPv4 address or an IPv6 address without its brackets, as it was written. */
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
  /** What stands after `?`; names lower-case. */
  readonly headers: Params;
}

/** RFC 3966. */
export interface TelUri {
  readonly kind: 'tel';
  readonly scheme: 'tel';
  /** With its visual separators, as it came. */
  readonly number: string;
  readonly params: Params;
}

/** Any other scheme: legal in From, To and Contact, answered 416 in a Request-URI. */
export interface OtherUri {
  readonly kind: 'other';
  /** Lower-case. */
  readonly scheme: string;
  readonly opaque: string;
}

export type Uri = SipUri | TelUri | OtherUri;

/** `undefined` where it is none. */
export const parseUri = remembering(readUri, 4);

function readUri(text: string): Uri | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  switch (scheme) {
    case 'sip':
    case 'sips':
      return parseSipRest(scheme, text.slice(colon + 1));
    case 'tel':
      return parseTelRest(text.slice(colon + 1));
    default: {
      const opaque = text.slice(colon + 1);
      const plain = isToken(scheme) && opaque.length > 0 && isVisible(opaque);
      return plain && !opaque.includes('<') && !opaque.includes('>')
        ? { kind: 'other', scheme, opaque }
        : undefined;
    }
  }
}

/** As {@link parseUri}, for places where only `sip` and `sips` will do. */
export function parseSipUri(text: string): SipUri | undefined {
  const uri = parseUri(text);
  return uri?.kind === 'sip' ? uri : undefined;
}

function parseSipRest(scheme: 'sip' | 'sips', rest: string): SipUri | undefined {
  // An unescaped @ is legal nowhere but after the user part, so the first one ends it.
  const at = rest.indexOf('@');
  let user: string | undefined;
  let password: string | undefined;
  if (at >= 0) {
    const info = rest.slice(0, at);
    const colon = info.indexOf(':');
    user = colon < 0 ? info : info.slice(0, colon);
    if (user.length === 0 || !isUserText(user)) return undefined;
    if (colon >= 0) {
      password = info.slice(colon + 1);
      if (!isUserText(password)) return undefined;
    }
  }
  const hostPart = rest.slice(at + 1);
  const question = hostPart.indexOf('?');
  const beforeHeaders = question < 0 ? hostPart : hostPart.slice(0, question);
  const semicolon = beforeHeaders.indexOf(';');
  const hostPort = parseHostPort(semicolon < 0 ? beforeHeaders : beforeHeaders.slice(0, semicolon));
  const params = semicolon < 0 ? NO_PARAMS : parsePairs(beforeHeaders.slice(semicolon + 1), ';');
  const headers = question < 0 ? NO_PARAMS : parsePairs(hostPart.slice(question + 1), '&');
  if (hostPort === undefined || params === undefined || headers === undefined) return undefined;
  return {
    kind: 'sip',
    scheme,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...hostPort,
    params,
    headers,
  };
}

// Two plain patterns rather than one that would try every way to divide a long number.
const TEL_NUMBER = /^\+?[0-9a-fA-F*#().-]+$/;
const TEL_DIGIT = /[0-9a-fA-F*#]/;

function parseTelRest(rest: string): TelUri | undefined {
  const semicolon = rest.indexOf(';');
  const number = semicolon < 0 ? rest : rest.slice(0, semicolon);
  const params = semicolon < 0 ? NO_PARAMS : parsePairs(rest.slice(semicolon + 1), ';');
  if (params === undefined || !TEL_NUMBER.test(number) || !TEL_DIGIT.test(number)) return undefined;
  return { kind: 'tel', scheme: 'tel', number, params };
}

/** `host`, `host:port`, `[v6]` or `[v6]:port`, without white space. */
export function parseHostPort(text: string): { host: string; port?: number } | undefined {
  let host: string;
  let rest: string;
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    host = text.slice(1, close);
    rest = text.slice(close + 1);
    if (close < 0 || !isIpv6(host)) return undefined;
  } else {
    const colon = text.indexOf(':');
    host = colon < 0 ? text : text.slice(0, colon);
    rest = colon < 0 ? '' : text.slice(colon);
    if (!isHostName(host)) return undefined;
  }
  if (rest === '') return { host };
  const port = rest.startsWith(':') ? parseDecimal(rest.slice(1), 65_535) : undefined;
  return port === undefined ? undefined : { host, port };
}

export function formatHostPort(host: string, port: number | undefined): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? bracketed : `${bracketed}:${port}`;
}

function parsePairs(text: string, separator: ';' | '&'): Params | undefined {
  const pairs = new Map<string, string | undefined>();
  for (const pair of text.split(separator)) {
    const equals = pair.indexOf('=');
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? undefined : pair.slice(equals + 1);
    // `?` is an unreserved character of URI headers, not of parameters.
    if (rawName === '' || !isUriParamText(rawName)) return undefined;
    if (value !== undefined && !isUriParamText(separator === '&' ? value.replaceAll('?', '') : value))
      return undefined;
    // An escaped name is the same name (section 19.1.4): `tr%61nsport` must not slip past a look at `transport`.
    const name = (decodeEscapes(rawName) ?? rawName).toLowerCase();
    if (!pairs.has(name)) pairs.set(name, value);
  }
  return pairs;
}

export function formatUri(uri: Uri): string {
  if (uri.kind === 'other') return `${uri.scheme}:${uri.opaque}`;
  const params = formatPairs(uri.params, ';');
  if (uri.kind === 'tel') return `tel:${uri.number}${params}`;
  const password = uri.password === undefined ? '' : `:${uri.password}`;
  const userInfo = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const headers = formatPairs(uri.headers, '&').replace('&', '?');
  return `${uri.scheme}:${userInfo}${formatHostPort(uri.host, uri.port)}${params}${headers}`;
}

function formatPairs(pairs: Params, separator: ';' | '&'): string {
  let text = '';
  for (const [name, value] of pairs) {
    const escaped = isUriParamText(name) && !name.includes('%') ? name : encodeURIComponent(name);
    text += value === undefined ? `${separator}${escaped}` : `${separator}${escaped}=${value}`;
  }
  return text;
}

/** Resolves `%xx` escapes as UTF-8; `undefined` where they are not UTF-8. */
export function decodeEscapes(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Makes any text a legal user part: `*21#` becomes `*21%23`. */
export const escapeUser = remembering(readableUser, 4);

function readableUser(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(?:26|3D|2B|24|2C|3B|3F|2F)/g, (escape) =>
    decodeURIComponent(escape),
  );
}

const NEVER_DEFAULT = ['user', 'ttl', 'method', 'maddr', 'transport'] as const;

/**
 * RFC 3261 section 19.1.4 for `sip` and `sips`: user and password by case, host and parameters without; escapes of
 * characters that need none are equal to them; a port or one of the parameters user, ttl, method, maddr, transport in one
 * alone makes them differ. `tel`: RFC 3966 section 4. Other schemes: by their characters.
 */
export function uriEquals(left: Uri, right: Uri): boolean {
  if (left.kind === 'sip' && right.kind === 'sip') {
    return (
      left.scheme === right.scheme &&
      normaliseEscapes(left.user) === normaliseEscapes(right.user) &&
      normaliseEscapes(left.password) === normaliseEscapes(right.password) &&
      left.host.toLowerCase() === right.host.toLowerCase() &&
      left.port === right.port &&
      NEVER_DEFAULT.every((name) => left.params.has(name) === right.params.has(name)) &&
      sharedEqual(left.params, right.params) &&
      left.headers.size === right.headers.size &&
      [...left.headers.keys()].every((name) => right.headers.has(name)) &&
      sharedEqual(left.headers, right.headers)
    );
  }
  if (left.kind === 'tel' && right.kind === 'tel') {
    return (
      plainNumber(left.number) === plainNumber(right.number) &&
      left.params.size === right.params.size &&
      [...left.params.keys()].every((name) => right.params.has(name)) &&
      sharedEqual(left.params, right.params)
    );
  }
  if (left.kind === 'other' && right.kind === 'other') {
    return left.scheme === right.scheme && left.opaque === right.opaque;
  }
  return false;
}

function sharedEqual(left: Params, right: Params): boolean {
  for (const [name, value] of left) {
    if (!right.has(name)) continue;
    if (normaliseEscapes(value)?.toLowerCase() !== normaliseEscapes(right.get(name))?.toLowerCase())
      return false;
  }
  return true;
}

function plainNumber(number: string): string {
  return number.replaceAll(/[().-]/g, '').toLowerCase();
}

/** Resolves the escapes of unreserved characters and writes the others in capitals (RFC 3986 section 6.2.2). */
function normaliseEscapes(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('%')) return text;
  return text.replaceAll(/%[0-9a-fA-F]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-_.!~*'()]/.test(character) ? character : escape.toUpperCase();
  });
}
