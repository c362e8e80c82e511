import { parseDecimal } from '../message/chars.ts';
import { headerValues } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { formatNameAddr, parseNameAddr } from '../message/name-addr.ts';
import { unquote } from '../message/params.ts';

/** Reasons of RFC 5806 section 9, as they stand on the wire. */
export const DIVERSION_REASONS = [
  'unknown',
  'user-busy',
  'no-answer',
  'unavailable',
  'unconditional',
  'time-of-day',
  'do-not-disturb',
  'deflection',
  'follow-me',
  'out-of-service',
  'away',
] as const;
export type DiversionReason = (typeof DIVERSION_REASONS)[number];

/** One redirection: who has sent the call on, and why (RFC 5806). */
export interface Diversion {
  readonly uri: string;
  readonly displayName?: string;
  /** Another word than those of the RFC is `unknown`. */
  readonly reason: DiversionReason;
  /** How many redirections this entry stands for; 1 where it says none. */
  readonly counter: number;
  /** What of it may not be shown. A word that is not known here counts as `full`. */
  readonly privacy: 'off' | 'name' | 'uri' | 'full';
}

/** Calls are not redirected oftener than they may hop. */
const most = 70;

/** Diversion of a request, the latest redirection first, as on the wire (section 8.1). What cannot be read is left out. */
export function diversions(message: WithHeaders): readonly Diversion[] {
  return headerValues(message, 'diversion')
    .slice(0, most)
    .flatMap((value) => parseDiversion(value) ?? []);
}

export function parseDiversion(text: string): Diversion | undefined {
  const address = parseNameAddr(text);
  if (address === undefined) return undefined;
  const { uri, displayName, params } = address;
  // Quoted values are common, though the grammar has tokens.
  const word = (name: string) => unquote(params.get(name) ?? '').toLowerCase();
  const reason = word('reason');
  return {
    uri,
    ...(displayName !== undefined && { displayName }),
    reason: DIVERSION_REASONS.find((known) => known === reason) ?? 'unknown',
    counter: parseDecimal(word('counter'), most) || 1,
    privacy: params.has('privacy') ? privacyWord(word('privacy')) : 'off',
  };
}

function privacyWord(word: string): Diversion['privacy'] {
  return word === 'off' || word === 'name' || word === 'uri' ? word : 'full';
}

export function formatDiversion(
  value: Pick<Diversion, 'uri' | 'displayName' | 'reason'> & Partial<Diversion>,
): string {
  const params = new Map<string, string | undefined>([['reason', value.reason]]);
  if (value.counter !== undefined) params.set('counter', String(value.counter));
  if (value.privacy !== undefined) params.set('privacy', value.privacy);
  const { uri, displayName } = value;
  return formatNameAddr({ uri, params, ...(displayName !== undefined && { displayName }) });
}
