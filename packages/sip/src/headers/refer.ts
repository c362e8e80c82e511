import { isToken } from '../message/chars.ts';
import { headerFields, headerValues } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { formatNameAddr, parseNameAddr } from '../message/name-addr.ts';
import { parseValueAndParams, unquote } from '../message/params.ts';
import { formatUri, parseUri } from '../message/uri.ts';
import { formatReplaces, parseReplaces } from './replaces.ts';
import type { ReplacesValue } from './replaces.ts';
import { splitUriHeaders, withUriHeaders } from './uri-headers.ts';

/** Whom a REFER asks its receiver to send a request to (RFC 3515 section 2.1). */
export interface ReferTo {
  /** The Request-URI of the new request: without headers and without `method`. Other schemes than SIP as they came. */
  readonly uri: string;
  readonly displayName?: string;
  /** From the URI's headers: the new INVITE takes the place of a dialog (an attended transfer). */
  readonly replaces?: ReplacesValue;
  /** From the URI; INVITE where it says none. */
  readonly method: string;
  /**
   * What else the URI's headers ask for; canonical names. What a stranger may not choose (see {@link notForStrangers}) is
   * left out, and what is left is to be looked at, not copied.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Left out of a URI's headers: RFC 3261 section 19.1.5 forbids those that would forge a request, and a stranger shall
 * choose neither who we claim to be, nor our way, nor our body.
 */
const notForStrangers: ReadonlySet<string> = new Set([
  'from',
  'to',
  'call-id',
  'cseq',
  'via',
  'record-route',
  'route',
  'path',
  'contact',
  'max-forwards',
  'max-breadth',
  'content-length',
  'content-type',
  'content-encoding',
  'body',
  'accept',
  'accept-encoding',
  'accept-language',
  'allow',
  'organization',
  'supported',
  'user-agent',
  'authorization',
  'proxy-authorization',
  'p-asserted-identity',
  'p-preferred-identity',
  'remote-party-id',
  'identity',
  'privacy',
  'diversion',
  'history-info',
  'referred-by',
]);

/**
 * The Refer-To of a REFER. `undefined`, to be answered 400, where there is not exactly one (RFC 3515 section 2.4.2) or where
 * it, its method or its Replaces cannot be read.
 */
export function parseReferTo(request: WithHeaders): ReferTo | undefined {
  const values = headerValues(request, 'refer-to');
  const [value] = values;
  const address = value === undefined || values.length > 1 ? undefined : parseNameAddr(value);
  const parts = address === undefined ? undefined : splitUriHeaders(address.uri);
  if (address === undefined || parts === undefined) return undefined;
  const target = withoutMethod(parts.uri);
  if (target === undefined) return undefined;
  const replacesText = parts.headers.find(([name]) => name === 'replaces')?.[1];
  const replaces = replacesText === undefined ? undefined : parseReplaces(replacesText);
  if (replacesText !== undefined && replaces === undefined) return undefined;
  return {
    ...target,
    ...(address.displayName !== undefined && { displayName: address.displayName }),
    ...(replaces !== undefined && { replaces }),
    headers: parts.headers.filter(([name]) => name !== 'replaces' && !notForStrangers.has(name)),
  };
}

/** The method is that of the new request and no part of its Request-URI (RFC 3261 section 19.1.5). */
function withoutMethod(text: string): { readonly uri: string; readonly method: string } | undefined {
  const uri = parseUri(text);
  if (uri?.kind !== 'sip' || !uri.params.has('method')) return { uri: text, method: 'INVITE' };
  const method = uri.params.get('method');
  if (method === undefined || !isToken(method)) return undefined;
  const params = new Map(uri.params);
  params.delete('method');
  return { uri: formatUri({ ...uri, params }), method };
}

export function formatReferTo(value: {
  readonly uri: string;
  readonly displayName?: string;
  readonly replaces?: ReplacesValue;
  readonly headers?: ReferTo['headers'];
}): string {
  const { replaces, displayName } = value;
  const uri = withUriHeaders(value.uri, [
    ...(replaces === undefined ? [] : [['Replaces', formatReplaces(replaces)] as const]),
    ...(value.headers ?? []),
  ]);
  return formatNameAddr({ uri, ...(displayName !== undefined && { displayName }) });
}

/** Who has asked for the request (RFC 3892). Nobody has proved it: for display, not for rights. */
export interface ReferredBy {
  readonly uri: string;
  readonly displayName?: string;
  /** Content-ID of a body part with a signed token. */
  readonly cid?: string;
}

/** `undefined` where there is none, several (RFC 3892 section 3 permits one), or one that cannot be read. */
export function parseReferredBy(message: WithHeaders): ReferredBy | undefined {
  const values = headerValues(message, 'referred-by');
  const [value] = values;
  const address = value === undefined || values.length > 1 ? undefined : parseNameAddr(value);
  if (address === undefined) return undefined;
  const cid = address.params.get('cid');
  return {
    uri: address.uri,
    ...(address.displayName !== undefined && { displayName: address.displayName }),
    ...(cid !== undefined && { cid: unquote(cid) }),
  };
}

export function formatReferredBy(value: Pick<ReferredBy, 'uri' | 'displayName'>): string {
  return formatNameAddr(value);
}

/**
 * Refer-Sub (RFC 4488): in a REFER, whether its sender wants the implicit subscription; in the 2xx, whether there is one.
 * `undefined` where it is absent or unreadable: then there is one, as RFC 3515 has it.
 */
export function referSub(message: WithHeaders): boolean | undefined {
  const fields = headerFields(message, 'refer-sub');
  const parts = fields.length === 1 ? parseValueAndParams(fields[0] ?? '') : undefined;
  const word = parts?.value.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
}
