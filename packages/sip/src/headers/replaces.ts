import { isToken, isVisible } from '../message/chars.ts';
import { headerFields } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { parseValueAndParams } from '../message/params.ts';

/** Which dialog of its receiver an INVITE takes the place of (RFC 3891). */
export interface ReplacesValue {
  readonly callId: string;
  /** The tag of the side that gets the INVITE: its local tag. */
  readonly toTag: string;
  /** The remote tag of the side that gets the INVITE. */
  readonly fromTag: string;
  /** Only while the dialog is early; else 486. */
  readonly earlyOnly: boolean;
}

/** One value of Replaces (RFC 3891 section 6.1): a Call-ID, exactly one to-tag and exactly one from-tag. */
export function parseReplaces(text: string): ReplacesValue | undefined {
  const parts = parseValueAndParams(text);
  if (parts === undefined) return undefined;
  const { value: callId, params } = parts;
  const toTag = params.get('to-tag');
  const fromTag = params.get('from-tag');
  if (callId === '' || callId.includes(',') || !isVisible(callId)) return undefined;
  if (toTag === undefined || fromTag === undefined || !isToken(toTag) || !isToken(fromTag)) return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

export function formatReplaces(value: ReplacesValue): string {
  const flag = value.earlyOnly ? ';early-only' : '';
  return `${value.callId};to-tag=${value.toTag};from-tag=${value.fromTag}${flag}`;
}

/**
 * Replaces of a request; `undefined` where there is none. `malformed` is answered 400: also several of them, and Replaces
 * beside Join (RFC 3891 section 3, RFC 3911 section 4).
 */
export function replacesOf(request: WithHeaders): ReplacesValue | 'malformed' | undefined {
  const fields = headerFields(request, 'replaces');
  const [value] = fields;
  if (value === undefined) return undefined;
  if (fields.length > 1 || headerFields(request, 'join').length > 0) return 'malformed';
  return parseReplaces(value) ?? 'malformed';
}

/**
 * Whether it names this dialog of ours (section 3): to-tag is the local tag, from-tag the remote one. A tag `0` stands for
 * none as well, for peers of RFC 2543.
 */
export function replacesMatches(
  value: ReplacesValue,
  dialog: {
    readonly callId: string;
    readonly localTag: string | undefined;
    readonly remoteTag: string | undefined;
  },
): boolean {
  return (
    value.callId === dialog.callId &&
    value.toTag === (dialog.localTag ?? '0') &&
    value.fromTag === (dialog.remoteTag ?? '0')
  );
}
