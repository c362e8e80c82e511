import type { Millis } from '../endpoint/api.ts';
import type { SipResponse } from '../message/types.ts';
import { headerValues, numberHeader, retryAfter } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { parseUri, uriEquals } from '../message/uri.ts';

/** When registrations and subscriptions are tried again after failures; milliseconds. */
export const backOff = {
  /** The other side may be back in a moment. */
  base: 2_000,
  most: 120_000,
  /** It has said no: asking fast would only lock the account. */
  baseAfterRefusal: 60_000,
  mostAfterRefusal: 600_000,
} as const;

/** Longest Retry-After that is believed. */
const longestRetryAfter: Millis = 3_600_000;

/**
 * The wait before the next attempt: exponential from the number of failures in a row, by jitter between half and all of
 * it, so that thousands of lines do not come back in step; Retry-After is a lower bound (RFC 3261 section 20.33).
 *
 * @param fraction a random number in [0, 1)
 */
export function retryDelay(
  failuresInARow: number,
  response: SipResponse | undefined,
  fraction: number,
): Millis {
  const isRefused = response !== undefined && isRefusal(response.status);
  const base = isRefused ? backOff.baseAfterRefusal : backOff.base;
  const most = isRefused ? backOff.mostAfterRefusal : backOff.most;
  const full = Math.min(base * 2 ** Math.min(failuresInARow - 1, 20), most);
  const jittered = full / 2 + (full / 2) * fraction;
  return notBefore(response === undefined ? undefined : retryAfter(response), jittered, fraction);
}

/** The wait, or the seconds that were asked for where they are more, spread over a tenth of them. */
export function notBefore(asked: number | undefined, wait: Millis, fraction: number): Millis {
  if (asked === undefined) return wait;
  const least = Math.min(asked * 1_000, longestRetryAfter);
  return Math.max(wait, least * (1 + 0.1 * fraction));
}

/** Answers that tell of the account or of what is asked for, not of the moment. */
function isRefusal(status: number): boolean {
  return [400, 401, 402, 403, 404, 405, 407, 410, 420, 489, 501].includes(status) || status >= 600;
}

/** A refresh between 50 and 90 per cent of the lifetime that was granted. */
export function refreshDelay(granted: Millis, fraction: number): Millis {
  return granted * (0.5 + 0.4 * fraction);
}

/**
 * Seconds for which the registrar keeps our Contact (section 10.2.4): its own `expires` parameter, else the Expires header,
 * else what we asked for. `0` where the response lists other contacts but not ours.
 */
export function grantedExpires(response: SipResponse, contactUri: string, asked: number): number {
  const header = numberHeader(response, 'expires');
  const ours = parseUri(contactUri);
  const contacts = headerValues(response, 'contact').flatMap((value) => parseNameAddr(value) ?? []);
  const binding = contacts.find((contact) => {
    const uri = parseUri(contact.uri);
    return contact.uri === contactUri || (uri !== undefined && ours !== undefined && uriEquals(uri, ours));
  });
  // Some registrars rewrite the contact, or list none at all.
  const expires = (binding ?? (contacts.length === 1 ? contacts[0] : undefined))?.params.get('expires');
  const parsed = expires === undefined ? Number.NaN : Number.parseInt(expires, 10);
  if (Number.isFinite(parsed)) return Math.max(0, parsed);
  if (binding === undefined && contacts.length > 1) return 0;
  return header ?? asked;
}
