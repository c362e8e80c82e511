import type { ParseFault, SipRequest, SipResponse } from '../message/types.ts';
import { createResponse } from '../message/build.ts';
import { header, topVia } from '../message/headers.ts';
import type { ExtraHeaders } from './api.ts';

/**
 * A response without a transaction (RFC 3261 section 8.2.7). The To tag is made from the request, so that a retransmission
 * gets the same one.
 */
export function statelessResponse(
  request: SipRequest,
  status: number,
  options: { readonly reason?: string; readonly headers?: ExtraHeaders } = {},
): SipResponse {
  const { headers } = options;
  return createResponse(request, status, options.reason, {
    toTag: tagFor(request),
    ...(headers !== undefined && { headers }),
  });
}

/** The answer to a malformed request; `undefined` where it cannot be answered, or must not be. */
export function responseToFault(fault: ParseFault): SipResponse | undefined {
  const request = fault.answerable;
  if (request === undefined || request.method === 'ACK' || topVia(request) === undefined) {
    return undefined;
  }
  switch (fault.code) {
    case 'version':
      return statelessResponse(request, 505);
    case 'too_large':
      return statelessResponse(request, 513);
    case 'start_line':
    case 'header':
    case 'missing_header':
    case 'duplicate_header':
    case 'content_length':
    case 'too_many_headers':
    case 'truncated':
      return statelessResponse(request, 400, { reason: `Bad Request: ${fault.text}` });
  }
}

/** FNV-1a: stable, not secret. */
function tagFor(request: SipRequest): string {
  const text = ['via', 'call-id', 'cseq'].map((name) => header(request, name) ?? '').join('\n');
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
