import { headerValues } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipResponse } from '../message/types.ts';
import { parseSipUri, uriEquals } from '../message/uri.ts';

/** A registrar's list is not believed beyond so many. */
const most = 10;

/**
 * What an earlier process of ours has left bound: contacts in a 200 to REGISTER (RFC 3261 section 10.3 step 8) with our
 * own user and host, but another port. None where our own contact is not in the list as we sent it: then the registrar
 * rewrites contacts (to what it sees behind a NAT), and the other port may be this very binding.
 *
 * @param contactUri ours, as it was sent
 */
export function staleContacts(response: SipResponse, contactUri: string): string[] {
  const ours = parseSipUri(contactUri);
  if (ours?.user === undefined) return [];
  const bound = headerValues(response, 'contact').flatMap((value) => {
    const text = parseNameAddr(value)?.uri;
    const uri = text === undefined ? undefined : parseSipUri(text);
    return text === undefined || uri === undefined ? [] : [{ text, uri }];
  });
  if (!bound.some(({ uri }) => uriEquals(uri, ours))) return [];
  return bound
    .filter(({ uri }) => uri.user === ours.user && sameHost(uri.host, ours.host) && uri.port !== ours.port)
    .slice(0, most)
    .map(({ text }) => text);
}

const sameHost = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
