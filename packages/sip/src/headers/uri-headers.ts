import { isToken } from '../message/chars.ts';
import { canonicalName } from '../message/names.ts';
import { decodeEscapes, formatUri, parseUri } from '../message/uri.ts';

/** Everything that `hname` and `hvalue` of RFC 3261 section 25.1 do not permit bare becomes `%xx` of its UTF-8. */
export function escapeUriHeader(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/**
 * The text of a URI header's name or value. `undefined` where the escapes are not UTF-8, or where they hide a control
 * character: what is read here goes into a header line of its own.
 */
export function unescapeUriHeader(text: string): string | undefined {
  const decoded = decodeEscapes(text);
  if (decoded === undefined) return undefined;
  for (let at = 0; at < decoded.length; at += 1) {
    const code = decoded.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return undefined;
  }
  return decoded;
}

/** More than a URI in a Refer-To or History-Info has use for. */
const mostHeaders = 16;

/** A URI and the header fields that it asks for (RFC 3261 section 19.1.1), apart. */
export interface UriAndHeaders {
  /** As it came, without `?` and what follows. */
  readonly uri: string;
  /** Canonical name and decoded text, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** `undefined` where the URI or one of its headers cannot be read. Only `sip` and `sips` URIs have headers. */
export function splitUriHeaders(text: string): UriAndHeaders | undefined {
  const uri = parseUri(text);
  if (uri === undefined) return undefined;
  if (uri.kind !== 'sip' || uri.headers.size === 0) return { uri: text, headers: [] };
  if (uri.headers.size > mostHeaders) return undefined;
  const headers: (readonly [string, string])[] = [];
  for (const [name, value] of uri.headers) {
    const decoded = value === undefined ? '' : unescapeUriHeader(value);
    if (decoded === undefined || !isToken(name)) return undefined;
    headers.push([canonicalName(name), decoded]);
  }
  return { uri: formatUri({ ...uri, headers: new Map() }), headers };
}

/** The URI with these headers in the place of its own. */
export function withUriHeaders(uri: string, headers: UriAndHeaders['headers']): string {
  const [bare = ''] = uri.split('?', 1);
  const pairs = headers.map(([name, value]) => `${escapeUriHeader(name)}=${escapeUriHeader(value)}`);
  return pairs.length === 0 ? bare : `${bare}?${pairs.join('&')}`;
}
