import { decodeEscapes, header, parseNameAddr, parseUri } from '@offhook/sip';
import type { SipRequest } from '@offhook/sip';

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
