import { parseDecimal } from '../message/chars.ts';
import { headerFields } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { parseValueAndParams } from '../message/params.ts';

/** Session-Expires (RFC 4028 section 4). */
export interface SessionExpires {
  /** Up to 2^32 - 1. What is below Min-SE is for the receiver to refuse (422), not for the parser. */
  readonly seconds: number;
  /** Who refreshes, by the roles of this transaction; absent where the request leaves it open. */
  readonly refresher?: 'uac' | 'uas';
}

/** The least session interval that anybody may ask for, and Min-SE where none is given; seconds (RFC 4028 section 4, 5). */
export const leastSessionExpires = 90;

export function parseSessionExpires(text: string): SessionExpires | undefined {
  const parts = parseValueAndParams(text);
  const seconds = parts === undefined ? undefined : parseDecimal(parts.value, 0xffff_ffff);
  if (parts === undefined || seconds === undefined) return undefined;
  if (!parts.params.has('refresher')) return { seconds };
  const refresher = parts.params.get('refresher')?.toLowerCase();
  return refresher === 'uac' || refresher === 'uas' ? { seconds, refresher } : undefined;
}

export function formatSessionExpires(value: SessionExpires): string {
  return value.refresher === undefined
    ? String(value.seconds)
    : `${value.seconds};refresher=${value.refresher}`;
}

/** `undefined` where there is none; `malformed` for one that cannot be read and for several. */
export function sessionExpires(message: WithHeaders): SessionExpires | 'malformed' | undefined {
  const fields = headerFields(message, 'session-expires');
  const [value] = fields;
  if (value === undefined) return undefined;
  return (fields.length > 1 ? undefined : parseSessionExpires(value)) ?? 'malformed';
}

/** Seconds of a Min-SE value, without its parameters (RFC 4028 section 5). */
export function parseMinSe(text: string): number | undefined {
  const parts = parseValueAndParams(text);
  return parts === undefined ? undefined : parseDecimal(parts.value, 0xffff_ffff);
}

/** As {@link sessionExpires}, for Min-SE. */
export function minSe(message: WithHeaders): number | 'malformed' | undefined {
  const fields = headerFields(message, 'min-se');
  const [value] = fields;
  if (value === undefined) return undefined;
  return (fields.length > 1 ? undefined : parseMinSe(value)) ?? 'malformed';
}
