import { parseContactList } from '../message/headers.ts';
import type { SipResponse } from '../message/types.ts';
import { formatUri, parseSipUri } from '../message/uri.ts';

/** Contacts of one 3xx that are looked at. */
const mostContacts = 10;

/**
 * Where a 300, 301 or 302 sends the call (RFC 3261 section 8.1.3.4), the preferred first: SIP URIs without their headers, of a `sips` call only `sips` ones (section 26.2.2). None for
 * 305 and 380, which ask for something else than the same call to another address.
 */
export function redirectTargets(response: SipResponse, isSecure: boolean): string[] {
  if (response.status < 300 || response.status > 302) return [];
  const list = parseContactList(response);
  if (list?.kind !== 'contacts') return [];
  return list.contacts
    .slice(0, mostContacts)
    .flatMap(({ uri, params }) => {
      const target = parseSipUri(uri);
      if (target === undefined || target.params.has('method')) return [];
      if (isSecure && target.scheme !== 'sips') return [];
      return [{ uri: formatUri({ ...target, headers: new Map() }), q: preference(params.get('q')) }];
    })
    .toSorted((left, right) => right.q - left.q)
    .map(({ uri }) => uri);
}

function preference(q: string | undefined): number {
  const value = q === undefined ? 1 : Number.parseFloat(q);
  return Number.isFinite(value) ? value : 0;
}
