import { isToken, isTokenCode, skipQuoted, skipSpace } from './chars.ts';
import { Words } from './words.ts';

/**
 * Parameters of a header value or a URI, in wire order. Names are lower-case; a value stands as it stood on the wire
 * (a quoted string with its quotes, see {@link unquote}), `undefined` for a parameter without `=`.
 */
export type Params = ReadonlyMap<string, string | undefined>;

export const NO_PARAMS: Params = new Map();

/** The parameters of nearly every message. */
const USUAL = ['branch', 'rport', 'received', 'tag', 'lr', 'transport', 'expires', 'user', 'q', 'ob'];
const NAMES = new Words(USUAL.map((name) => [name, name]));

/**
 * Parses `;name=value;flag` with white space permitted around `;` and `=` (RFC 3261 section 25.1, generic-param).
 * A value is a quoted string or any run of visible characters without separators: wider than the grammar's
 * token and host, because addresses and branches in the wild are. Of a name that comes twice the first counts, unless
 * `repeated` says to refuse it.
 */
export function parseParams(
  text: string,
  from = 0,
  repeated: 'first' | 'refuse' = 'first',
): Params | undefined {
  let at = skipSpace(text, from);
  if (at === text.length) return NO_PARAMS;
  const params = new Map<string, string | undefined>();
  while (at < text.length) {
    if (text.charCodeAt(at) !== 0x3b) return undefined;
    at = skipSpace(text, at + 1);
    const nameStart = at;
    while (at < text.length && isTokenCode(text.charCodeAt(at))) at += 1;
    if (at === nameStart) return undefined;
    const name = NAMES.find(text, nameStart, at) ?? text.slice(nameStart, at).toLowerCase();
    let value: string | undefined;
    at = skipSpace(text, at);
    if (text.charCodeAt(at) === 0x3d) {
      at = skipSpace(text, at + 1);
      const end = text.charCodeAt(at) === 0x22 ? skipQuoted(text, at) : skipPlainValue(text, at);
      if (end <= at) return undefined;
      value = text.slice(at, end);
      at = skipSpace(text, end);
    }
    if (!params.has(name)) params.set(name, value);
    else if (repeated === 'refuse') return undefined;
  }
  return params;
}

/** Splits `value;name=value…` at the first `;`: the form of many headers (Event, Session-Expires …). No name may repeat. */
export function parseValueAndParams(
  text: string,
): { readonly value: string; readonly params: Params } | undefined {
  const semicolon = text.indexOf(';');
  if (semicolon < 0) return { value: text.trim(), params: NO_PARAMS };
  const params = parseParams(text, semicolon, 'refuse');
  return params === undefined ? undefined : { value: text.slice(0, semicolon).trim(), params };
}

/** Up to white space, `;`, `,`, `"`, `<` or `>`. */
function skipPlainValue(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x3b || code === 0x2c || code === 0x22 || code === 0x3c || code === 0x3e)
      break;
  }
  return at;
}

export function formatParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** A copy with one parameter set (at its old place, else at the end). */
export function withParam(params: Params, name: string, value: string | undefined): Params {
  return new Map(params).set(name, value);
}

/** The text of a quoted string; other values stand as they are. */
export function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  const inner = value.slice(1, -1);
  return inner.includes('\\') ? inner.replaceAll(/\\([\s\S])/g, '$1') : inner;
}

/** A quoted string with `"` and `\` escaped; line breaks, which no header value can hold, become spaces. */
export function quote(text: string): string {
  return `"${text.replaceAll(/[\r\n\0]+/g, ' ').replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A token as it is, anything else quoted: the form of a generic parameter's value. */
export function tokenOrQuoted(text: string): string {
  return isToken(text) ? text : quote(text);
}
