import type { Body } from '../endpoint/api.ts';
import { contentType, header } from '../message/headers.ts';
import type { SipMessage } from '../message/types.ts';
import { findPart } from './multipart.ts';

const sdpType = 'application/sdp';

/**
 * What a message says about the session: nothing, a description, or something that we cannot read and must not pass
 * over (415, RFC 3261 section 8.2.3).
 */
export type SessionBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'description'; readonly body: Body }
  | { readonly kind: 'unsupported' };

export function sessionBodyOf(message: SipMessage): SessionBody {
  if (message.body.length === 0) return { kind: 'none' };
  const encoding = header(message, 'content-encoding')?.toLowerCase() ?? 'identity';
  const bytes = encoding === 'identity' ? descriptionIn(message) : undefined;
  if (bytes !== undefined) return { kind: 'description', body: { contentType: sdpType, bytes } };
  const isOptional = /handling\s*=\s*optional/i.test(header(message, 'content-disposition') ?? '');
  return isOptional ? { kind: 'none' } : { kind: 'unsupported' };
}

/** The description of a response or an ACK, which nobody can refuse: whatever else the body is, is passed over. */
export function descriptionOf(message: SipMessage): Body | undefined {
  const body = sessionBodyOf(message);
  return body.kind === 'description' ? body.body : undefined;
}

function descriptionIn(message: SipMessage): Uint8Array | undefined {
  const type = contentType(message) ?? sdpType;
  if (type === sdpType) return message.body;
  if (!type.startsWith('multipart/')) return undefined;
  return findPart(message.body, header(message, 'content-type') ?? '', sdpType);
}
