import type { Body } from '../endpoint/api.ts';
import { contentType, header } from '../message/headers.ts';
import type { SipMessage } from '../message/types.ts';

/** The body with its media type as it came; `undefined` where there is none. */
export function bodyOf(message: SipMessage): Body | undefined {
  if (message.body.length === 0) return undefined;
  return { contentType: header(message, 'content-type') ?? 'application/sdp', bytes: message.body };
}

/**
 * What a message says about the session: nothing, a description, or something that we cannot read and must not pass
 * over (415, RFC 3261 section 8.2.3).
 */
export type SessionBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'description'; readonly body: Body }
  | { readonly kind: 'unsupported' };

export function sessionBodyOf(message: SipMessage): SessionBody {
  const body = bodyOf(message);
  if (body === undefined) return { kind: 'none' };
  const encoding = header(message, 'content-encoding')?.toLowerCase() ?? 'identity';
  const isReadable = encoding === 'identity';
  if (isReadable && (contentType(message) ?? 'application/sdp') === 'application/sdp') {
    return { kind: 'description', body };
  }
  const isOptional = /handling\s*=\s*optional/i.test(header(message, 'content-disposition') ?? '');
  return isOptional ? { kind: 'none' } : { kind: 'unsupported' };
}
