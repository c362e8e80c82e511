import { decodeEscapes, escapeUser, formatNameAddr, header, parseNameAddr, parseUri } from '@offhook/sip';
import type { ExtraHeaders, SipMessage, SipRequest } from '@offhook/sip';
import type { Person } from '../person.ts';

/** The number in an address: the user part of `sip:200@pbx`, the number of `tel:+49-30-1`. */
export function numberOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  if (parsed?.kind === 'tel') return parsed.number.replaceAll(/[-.()]/g, '');
  if (parsed?.kind !== 'sip' || parsed.user === undefined) return undefined;
  return decodeEscapes(parsed.user) ?? parsed.user;
}

/** The number in From or To. */
export function numberIn(request: SipRequest, name: 'from' | 'to'): string | undefined {
  const value = header(request, name);
  const address = value === undefined ? undefined : parseNameAddr(value);
  return address === undefined ? undefined : numberOf(address.uri);
}

/** The address of a number at the PBX, where `host` is its own: `sip:200@127.0.0.1:5070`. */
export function addressOf(number: string, host: string): string {
  return `sip:${escapeUser(number)}@${host}`;
}

/** Who somebody is by the PBX's own table, for those who trust it (RFC 3325 section 9.1). */
export function assertedIdentity(person: Person, host: string): ExtraHeaders {
  const uri = addressOf(person.number, host);
  const value = formatNameAddr({ uri, ...(person.name !== undefined && { displayName: person.name }) });
  return [['P-Asserted-Identity', value]];
}

/** Who a message says that its sender is, where it says so. */
export function assertedPerson(message: SipMessage): Person | undefined {
  const value = header(message, 'p-asserted-identity');
  const address = value === undefined ? undefined : parseNameAddr(value);
  const number = address === undefined ? undefined : numberOf(address.uri);
  if (number === undefined) return undefined;
  return address?.displayName === undefined ? { number } : { number, name: address.displayName };
}
