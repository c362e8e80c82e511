import { isToken, skipQuoted, skipSpace } from '../message/chars.ts';
import { quote, unquote } from '../message/params.ts';
import { decodeEscapes } from '../message/uri.ts';
import { digestAlgorithm } from './digest.ts';
import type { DigestAlgorithm, Qop } from './digest.ts';

/** What WWW-Authenticate or Proxy-Authenticate asks for (RFC 7616 section 3.3). */
export interface DigestChallenge {
  /** As between the quotes, escapes unresolved: this is what is hashed and sent back. */
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  /** MD5 where the challenge names none. */
  readonly algorithm: DigestAlgorithm;
  /** The options that are known here; empty where the challenge has no qop (RFC 2069). */
  readonly qop: readonly Qop[];
  readonly stale: boolean;
  /** The user name is to be sent as its hash (RFC 7616 section 3.4.4). */
  readonly userhash?: true;
}

/** What Authorization or Proxy-Authorization carries (RFC 7616 section 3.4). */
export interface DigestAuthorization {
  /** Of `username` or `username*`; with `userhash` the hash of {@link digestUserHash}. */
  readonly username: string;
  readonly userhash?: true;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  readonly opaque?: string;
  readonly protection?: { readonly qop: Qop; readonly nc: string; readonly cnonce: string };
}

/**
 * `undefined` for another scheme, an algorithm or qop that is not known here, or what cannot be read: all of them are
 * challenges that cannot be answered. So is `-sess` without qop, because it needs a cnonce, which goes with qop only.
 */
export function parseChallenge(value: string): DigestChallenge | undefined {
  const params = parseDigestParams(value);
  const realm = params?.get('realm');
  const nonce = params?.get('nonce');
  if (params === undefined || realm === undefined || nonce === undefined) return undefined;
  const algorithm = digestAlgorithm(unquote(params.get('algorithm') ?? 'MD5'));
  const qopText = params.get('qop');
  const qop = qopText === undefined ? [] : parseQop(unquote(qopText));
  if (algorithm === undefined || (qopText !== undefined && qop.length === 0)) return undefined;
  if (algorithm.endsWith('-sess') && qop.length === 0) return undefined;
  const opaque = params.get('opaque');
  return {
    realm: inner(realm),
    nonce: inner(nonce),
    ...(opaque !== undefined && { opaque: inner(opaque) }),
    algorithm,
    qop,
    stale: isTrue(params.get('stale')),
    ...(isTrue(params.get('userhash')) && { userhash: true }),
  };
}

function isTrue(value: string | undefined): boolean {
  return unquote(value ?? '').toLowerCase() === 'true';
}

function parseQop(list: string): Qop[] {
  const options = list.split(',').map((option) => option.trim().toLowerCase());
  return (['auth', 'auth-int'] as const).filter((qop) => options.includes(qop));
}

export function parseAuthorization(value: string): DigestAuthorization | undefined {
  const params = parseDigestParams(value);
  if (params === undefined) return undefined;
  const required = ['realm', 'nonce', 'uri', 'response'].map((name) => params.get(name));
  const [realm, nonce, uri, response] = required;
  const userhash = isTrue(params.get('userhash'));
  const username = usernameOf(params, userhash);
  const algorithm = digestAlgorithm(unquote(params.get('algorithm') ?? 'MD5'));
  if (username === undefined || realm === undefined || nonce === undefined) return undefined;
  if (uri === undefined || response === undefined || algorithm === undefined) return undefined;
  const opaque = params.get('opaque');
  const protection = parseProtection(params);
  if (protection === 'malformed') return undefined;
  return {
    username,
    ...(userhash && { userhash }),
    realm: inner(realm),
    nonce: inner(nonce),
    uri: inner(uri),
    response: unquote(response).toLowerCase(),
    algorithm,
    ...(opaque !== undefined && { opaque: inner(opaque) }),
    ...(protection !== undefined && { protection }),
  };
}

/** `username`, or `username*` in the form of RFC 8187, one of them; a hash stands in the first only (RFC 7616 section 3.4). */
function usernameOf(params: ReadonlyMap<string, string>, isHash: boolean): string | undefined {
  const plain = params.get('username');
  const extended = params.get('username*');
  if (extended === undefined) return plain === undefined ? undefined : unquote(plain);
  if (plain !== undefined || isHash) return undefined;
  const encoded = /^utf-8'[a-z0-9-]*'([!#$&+\-.^_`|~0-9a-z%]*)$/i.exec(extended)?.[1];
  return encoded === undefined ? undefined : decodeEscapes(encoded);
}

function parseProtection(
  params: ReadonlyMap<string, string>,
): DigestAuthorization['protection'] | 'malformed' | undefined {
  const qopText = params.get('qop');
  if (qopText === undefined) return undefined;
  const [qop] = parseQop(unquote(qopText));
  const nc = params.get('nc');
  const cnonce = params.get('cnonce');
  if (qop === undefined || nc === undefined || cnonce === undefined) return 'malformed';
  return /^[0-9a-f]{8}$/i.test(unquote(nc)) ? { qop, nc: unquote(nc), cnonce: inner(cnonce) } : 'malformed';
}

/** `nextnonce` of Authentication-Info or Proxy-Authentication-Info (RFC 7616 section 3.5). */
export function parseNextNonce(value: string): string | undefined {
  const nonce = parseCommaParams(value, 0)?.get('nextnonce');
  return nonce === undefined ? undefined : inner(nonce);
}

/** `algorithm`, `stale`, `nc` and a single qop are tokens, all else is quoted (RFC 7616, RFC 3261 section 25.1). */
export function formatChallenge(challenge: DigestChallenge): string {
  const parts = [`realm="${challenge.realm}"`, `nonce="${challenge.nonce}"`];
  if (challenge.opaque !== undefined) parts.push(`opaque="${challenge.opaque}"`);
  parts.push(`algorithm=${challenge.algorithm}`);
  if (challenge.qop.length > 0) parts.push(`qop="${challenge.qop.join(',')}"`);
  if (challenge.stale) parts.push('stale=true');
  if (challenge.userhash === true) parts.push('userhash=true');
  return `Digest ${parts.join(', ')}`;
}

export function formatAuthorization(authorization: DigestAuthorization): string {
  const { protection, opaque } = authorization;
  const parts = [
    `username=${quote(authorization.username)}`,
    `realm="${authorization.realm}"`,
    `nonce="${authorization.nonce}"`,
    `uri="${authorization.uri}"`,
    `response="${authorization.response}"`,
    `algorithm=${authorization.algorithm}`,
  ];
  if (authorization.userhash === true) parts.push('userhash=true');
  if (opaque !== undefined) parts.push(`opaque="${opaque}"`);
  if (protection !== undefined) {
    parts.push(`qop=${protection.qop}`, `nc=${protection.nc}`, `cnonce="${protection.cnonce}"`);
  }
  return `Digest ${parts.join(', ')}`;
}

const DIGEST = /^digest[ \t]+/i;

function parseDigestParams(value: string): ReadonlyMap<string, string> | undefined {
  const scheme = DIGEST.exec(value);
  return scheme === null ? undefined : parseCommaParams(value, scheme[0].length);
}

/** `name=value, name="value"`, values with their quotes. A name that comes twice makes the whole unreadable. */
function parseCommaParams(text: string, from: number): ReadonlyMap<string, string> | undefined {
  const params = new Map<string, string>();
  let at = skipSpace(text, from);
  while (at < text.length) {
    const equals = text.indexOf('=', at);
    const name = text.slice(at, Math.max(at, equals)).trim().toLowerCase();
    if (equals < 0 || !isToken(name) || params.has(name)) return undefined;
    at = skipSpace(text, equals + 1);
    const end = text.charCodeAt(at) === 0x22 ? skipQuoted(text, at) : endOfPlain(text, at);
    if (end < 0) return undefined;
    params.set(name, text.slice(at, end).trimEnd());
    at = skipSpace(text, end);
    if (at < text.length && text.charCodeAt(at) !== 0x2c) return undefined;
    while (text.charCodeAt(at) === 0x2c) at = skipSpace(text, at + 1);
  }
  return params;
}

function endOfPlain(text: string, from: number): number {
  const comma = text.indexOf(',', from);
  return comma < 0 ? text.length : comma;
}

/** RFC 7616 hashes what stands between the quotes, so escapes are left as they are. */
function inner(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
