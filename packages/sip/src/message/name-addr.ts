import { isToken, isVisible, skipQuoted, skipSpace } from './chars.ts';
import { formatParams, NO_PARAMS, parseParams, quote, unquote } from './params.ts';
import type { Params } from './params.ts';
import { remembering } from './remember.ts';

/** The value of From, To, Contact, Route, Record-Route, Refer-To, P-Asserted-Identity … (RFC 3261 section 20.10). */
export interface NameAddr {
  /** Without quotes and escapes. */
  readonly displayName?: string;
  /** As it stands between the brackets; `parseUri` takes it apart. */
  readonly uri: string;
  /** Header parameters (`tag`, `expires`, `q` …), not those of the URI. */
  readonly params: Params;
}

/**
 * Parses `"Name" <uri>;params`, `Name <uri>;params`, `<uri>;params` and `uri;params`. In the last form every `;` starts
 * a header parameter, and a URI with `,` or `?` is refused because it is ambiguous there (section 20).
 */
export const parseNameAddr = remembering(readNameAddr, 6);

function readNameAddr(text: string): NameAddr | undefined {
  const start = skipSpace(text, 0);
  let open = start;
  let displayName = '';
  if (text.charCodeAt(start) === 0x22) {
    const end = skipQuoted(text, start);
    if (end < 0) return undefined;
    displayName = unquote(text.slice(start, end));
    open = skipSpace(text, end);
    if (text.charCodeAt(open) !== 0x3c) return undefined;
  } else {
    open = text.indexOf('<', start);
    if (open < 0) return parseAddrSpec(text, start);
    displayName = text.slice(start, open).trimEnd();
    // Unquoted names beyond tokens (umlauts, a comma) are common; what could hide structure is not let through.
    if (displayName !== '' && (displayName.includes('"') || displayName.includes('>'))) return undefined;
    if (displayName.includes(';') || displayName.includes(':')) return undefined;
  }
  const close = text.indexOf('>', open);
  if (close < 0) return undefined;
  const uri = text.slice(open + 1, close).trim();
  const params = close + 1 === text.length ? NO_PARAMS : parseParams(text, close + 1);
  if (params === undefined || !looksLikeUri(uri)) return undefined;
  return displayName === '' ? { uri, params } : { displayName, uri, params };
}

function parseAddrSpec(text: string, start: number): NameAddr | undefined {
  const semicolon = text.indexOf(';', start);
  const uri = (semicolon < 0 ? text.slice(start) : text.slice(start, semicolon)).trimEnd();
  const params = semicolon < 0 ? NO_PARAMS : parseParams(text, semicolon);
  if (params === undefined || !looksLikeUri(uri) || uri.includes(',') || uri.includes('?')) return undefined;
  return { uri, params };
}

/** A scheme, a colon and something visible; the rest is for `parseUri`. */
function looksLikeUri(text: string): boolean {
  const colon = text.indexOf(':');
  return (
    colon > 0 &&
    colon + 1 < text.length &&
    isToken(text, 0, colon) &&
    isVisible(text) &&
    !text.includes('<') &&
    !text.includes('>')
  );
}

/** Always with brackets, so that parameters cannot be taken for the URI's. The display name is quoted. */
export function formatNameAddr(address: {
  readonly displayName?: string;
  readonly uri: string;
  readonly params?: Params;
}): string {
  const name = address.displayName === undefined ? '' : `${quote(address.displayName)} `;
  return `${name}<${address.uri}>${formatParams(address.params ?? NO_PARAMS)}`;
}
