import { isToken, parseDecimal, skipQuoted } from './chars.ts';
import type { CSeq } from './core-fields.ts';
import { coreFields } from './core-fields.ts';
import { canonicalName } from './names.ts';
import { parseNameAddr } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';
import { parseParams, unquote } from './params.ts';
import type { HeaderField, SipMessage } from './types.ts';
import { parseVia } from './via.ts';
import type { Via } from './via.ts';

/** A message, or what has only its headers. */
export type WithHeaders = { readonly headers: readonly HeaderField[] };

/** The value of the first header field of this name (any spelling), raw; `undefined` where there is none. */
export function header(message: WithHeaders, name: string): string | undefined {
  for (const field of message.headers) if (field.name === name) return field.value;
  const canonical = canonicalName(name);
  return canonical === name ? undefined : header(message, canonical);
}

/** The raw values of all header fields of this name, not split: for headers that are no lists (`WWW-Authenticate`). */
export function headerFields(message: WithHeaders, name: string): string[] {
  const canonical = canonicalName(name);
  const values: string[] = [];
  for (const field of message.headers) if (field.name === canonical) values.push(field.value);
  return values;
}

/** All values of a list header in wire order, whether they came in one field or in several (section 7.3.1). */
export function headerValues(message: WithHeaders, name: string): string[] {
  const canonical = canonicalName(name);
  const values: string[] = [];
  for (const field of message.headers) {
    if (field.name !== canonical) continue;
    if (field.value.includes(',')) values.push(...splitValues(field.value));
    else if (field.value !== '') values.push(field.value);
  }
  return values;
}

/** Splits at commas outside quoted strings and angle brackets; empty elements are left out. */
export function splitValues(text: string): string[] {
  const values: string[] = [];
  let start = 0;
  let inBrackets = false;
  const take = (end: number) => {
    const value = text.slice(start, end).trim();
    if (value !== '') values.push(value);
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22 && !inBrackets) {
      const end = skipQuoted(text, at);
      // A string that never closes swallows the rest; whoever parses the value refuses it.
      at = end < 0 ? text.length : end - 1;
    } else if (code === 0x3c) inBrackets = true;
    else if (code === 0x3e) inBrackets = false;
    else if (code === 0x2c && !inBrackets) {
      take(at);
      start = at + 1;
    }
  }
  take(text.length);
  return values;
}

/** True when a list header such as Supported, Require or Allow names this token, whatever its case. */
export function hasToken(message: WithHeaders, name: string, token: string): boolean {
  const wanted = token.toLowerCase();
  return headerValues(message, name).some((value) => value.toLowerCase() === wanted);
}

/** The first value of the first Via field; `undefined` where there is none or it cannot be read. */
export function topVia(message: WithHeaders): Via | undefined {
  const known = coreFields(message.headers);
  if (known.via !== undefined) return known.via;
  const value = header(message, 'via');
  if (value === undefined) return undefined;
  known.via = parseVia(value.includes(',') ? (splitValues(value)[0] ?? '') : value);
  return known.via;
}

export function fromTag(message: WithHeaders): string | undefined {
  return address(message, 'from')?.params.get('tag');
}

export function toTag(message: WithHeaders): string | undefined {
  return address(message, 'to')?.params.get('tag');
}

function address(message: WithHeaders, name: 'from' | 'to'): NameAddr | undefined {
  const known = coreFields(message.headers);
  return (known[name] ??= parseNameAddr(header(message, name) ?? ''));
}

/** The tag in a value of From or To. */
export function tagOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : parseNameAddr(value)?.params.get('tag');
}

/** Call-IDs are compared octet by octet (section 20.8). */
export function callId(message: WithHeaders): string | undefined {
  return header(message, 'call-id');
}

/** Below 2^31 by section 8.1.1.5, up to 2^32 - 1 by the grammar's note: the wider bound is accepted. */
export function parseCSeq(text: string): CSeq | undefined {
  const space = firstSpace(text);
  if (space < 0) return undefined;
  const number = parseDecimal(text.slice(0, space), 0xffff_ffff);
  const method = text.slice(space).trim();
  return number === undefined || !isToken(method) ? undefined : { number, method };
}

export function cseq(message: WithHeaders): CSeq | undefined {
  const known = coreFields(message.headers);
  return (known.cseq ??= parseCSeq(header(message, 'cseq') ?? ''));
}

function firstSpace(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x09) return at;
  }
  return -1;
}

/** Expires, Min-Expires, Max-Forwards …: delta-seconds up to 2^32 - 1; `undefined` where absent or no number. */
export function numberHeader(message: WithHeaders, name: string): number | undefined {
  const value = header(message, name);
  return value === undefined ? undefined : parseDecimal(value, 0xffff_ffff);
}

/** Retry-After in seconds, without its comment and parameters (section 20.33). */
export function retryAfter(message: WithHeaders): number | undefined {
  const value = header(message, 'retry-after');
  return value === undefined ? undefined : parseDecimal(/^\d*/.exec(value)?.[0] ?? '', 0xffff_ffff);
}

/** Without parameters, lower-case: `application/sdp`. */
export function contentType(message: SipMessage): string | undefined {
  const value = header(message, 'content-type');
  if (value === undefined) return undefined;
  const semicolon = value.indexOf(';');
  return (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase();
}

export type ContactList =
  /** `Contact: *`, for a REGISTER that removes every binding (section 10.2.2). */
  { readonly kind: 'all' } | { readonly kind: 'contacts'; readonly contacts: readonly NameAddr[] };

/** All Contact fields of a message; `undefined` when one of them cannot be read or `*` stands beside others. */
export function parseContactList(message: WithHeaders): ContactList | undefined {
  const values = headerValues(message, 'contact');
  if (values.length === 1 && values[0] === '*') return { kind: 'all' };
  const contacts: NameAddr[] = [];
  for (const value of values) {
    const contact = parseNameAddr(value);
    if (contact === undefined) return undefined;
    contacts.push(contact);
  }
  return { kind: 'contacts', contacts };
}

export interface WarningValue {
  /** Three digits. */
  readonly code: number;
  readonly agent: string;
  readonly text: string;
}

/** One value of Warning (section 20.43). */
export function parseWarning(text: string): WarningValue | undefined {
  const match = /^(\d{3})[ \t]+(\S+)[ \t]+(".*")$/s.exec(text.trim());
  if (match === null) return undefined;
  const [, code = '', agent = '', quoted = ''] = match;
  return skipQuoted(quoted, 0) === quoted.length
    ? { code: Number(code), agent, text: unquote(quoted) }
    : undefined;
}

export interface ReasonValue {
  /** As it came: `SIP`, `Q.850`. */
  readonly protocol: string;
  readonly cause?: number;
  readonly text?: string;
}

/** One value of Reason (RFC 3326). */
export function parseReason(value: string): ReasonValue | undefined {
  const semicolon = value.indexOf(';');
  const protocol = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
  const params = semicolon < 0 ? undefined : parseParams(value, semicolon);
  if (!isToken(protocol) || (semicolon >= 0 && params === undefined)) return undefined;
  const causeText = params?.get('cause');
  const cause = causeText === undefined ? undefined : parseDecimal(unquote(causeText), 999);
  const text = params?.get('text');
  if (causeText !== undefined && cause === undefined) return undefined;
  return {
    protocol,
    ...(cause !== undefined && { cause }),
    ...(text !== undefined && { text: unquote(text) }),
  };
}
