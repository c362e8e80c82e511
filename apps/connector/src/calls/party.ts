import { Limits, type CorrelationId, type Party } from '@offhook/contract';
import {
  decodeEscapes,
  formatNameAddr,
  header,
  headerValues,
  parseNameAddr,
  parseReferredBy,
  parseUri,
  privacyOf,
  redirections,
} from '@offhook/sip';
import type { SipRequest, SipResponse } from '@offhook/sip';

const NAME_CHARS = 200;
/** What PBXs write where the caller withholds the number (RFC 3323 section 4.1.1.3). */
const ANONYMOUS = new Set(['anonymous', 'restricted', 'unavailable']);

/**
 * Who calls. P-Asserted-Identity (RFC 3325) counts where the INVITE comes from our PBX, whom we believe; else and
 * without it, From. A caller who withholds the number has an empty one, also where the PBX asserts it all the same and leaves it to us
 * to keep the secret (Privacy, RFC 3323 section 4.2, RFC 3325 section 9.3).
 */
export function callerOf(invite: SipRequest | SipResponse, fromPbx: boolean): Party {
  const privacy = privacyOf(invite);
  if (privacy.has('user')) return { number: '' };
  const believed = fromPbx && !privacy.has('id') && !privacy.has('header');
  const asserted = believed ? headerValues(invite, 'P-Asserted-Identity') : [];
  const from = header(invite, 'From');
  let name: string | undefined;
  for (const value of from === undefined ? asserted : [...asserted, from]) {
    const party = partyOf(value);
    if (party === undefined) continue;
    name ??= party.name;
    if (party.number !== '') return { ...party, ...(name === undefined ? {} : { name }) };
  }
  return { number: '', ...(name === undefined || isAnonymous(name) ? {} : { name }) };
}

/**
 * Who is at the other side from now on, by what the PBX asserts in a request inside the call, as after a transfer, or in a response to the INVITE (RFC 3325).
 * Nobody new where it asserts nothing, or the other side withholds its number.
 */
export function assertedOf(request: SipRequest | SipResponse): Party | undefined {
  const privacy = privacyOf(request);
  const isWithheld = privacy.has('user') || privacy.has('id') || privacy.has('header');
  if (isWithheld || headerValues(request, 'P-Asserted-Identity').length === 0) return undefined;
  const party = callerOf(request, true);
  return party.number === '' ? undefined : party;
}

/**
 * Who has sent the call on to the user, last: by Diversion or History-Info, else by Referred-By where somebody transferred it.
 * Nobody where they do not want to be shown.
 */
export function divertedByOf(invite: SipRequest): Party | undefined {
  const last = redirections(invite).at(-1);
  if (last !== undefined) {
    if (last.private) return undefined;
    return shownParty(last.uri, last.displayName);
  }
  const referrer = parseReferredBy(invite);
  return referrer === undefined ? undefined : shownParty(referrer.uri, referrer.displayName);
}

/** A party of whom only this is known; `undefined` where that is no number. */
export function shownParty(uri: string, displayName: string | undefined): Party | undefined {
  const party = partyOf(formatNameAddr({ uri, ...(displayName === undefined ? {} : { displayName }) }));
  return party === undefined || party.number === '' ? undefined : party;
}

function partyOf(value: string): Party | undefined {
  const address = parseNameAddr(value);
  const uri = address === undefined ? undefined : parseUri(address.uri);
  if (address === undefined || uri === undefined) return undefined;
  const user = uri.kind === 'tel' ? uri.number : uri.kind === 'sip' ? (uri.user ?? '') : '';
  // `user=phone` and tel: numbers may carry parameters and visual separators (RFC 3966 section 5.1.1).
  const number = userText(user.split(';')[0] ?? '', uri.kind === 'tel');
  const shown = displayText(address.displayName ?? '');
  return {
    number: isAnonymous(number) ? '' : number.slice(0, Limits.targetChars),
    ...(shown === '' || shown === number ? {} : { name: shown.slice(0, NAME_CHARS) }),
  };
}

const userText = (user: string, tel: boolean): string => {
  const text = displayText(decodeEscapes(user) ?? user);
  return tel ? text.replaceAll(/[-.()]/gu, '') : text;
};

const isAnonymous = (text: string): boolean => ANONYMOUS.has(text.toLowerCase());

/**
 * Text for people from header octets, which come as one character each: UTF-8 (RFC 3261 section 7.3.1), or Latin-1 from
 * older PBXs. Control characters, also those that turn the direction of writing, are left out.
 */
export function displayText(octets: string): string {
  const bytes = Buffer.from(octets, 'latin1');
  const isOctets = bytes.toString('latin1') === octets;
  let text = octets;
  if (isOctets) {
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      text = octets;
    }
  }
  return text.replaceAll(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '').trim();
}

/** An id for logs from a Call-ID that the PBX chose. */
export function correlationOf(callId: string): CorrelationId {
  const plain = callId.replaceAll(/[^A-Za-z0-9._-]/gu, '-').slice(0, 64);
  return (plain === '' ? 'unknown' : plain) as CorrelationId;
}
