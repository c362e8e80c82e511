import { callId, cseq, fromTag, header, toTag, topVia } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { decodeEscapes, parseUri } from '../message/uri.ts';

/** Begins every branch of an element that follows RFC 3261 (section 8.1.1.7). */
export const magicCookie = 'z9hG4bK';

/**
 * The client transaction of a response: branch of the topmost Via and method of CSeq (section 17.1.3).
 * `undefined` where the response lacks them.
 */
export function clientKey(message: SipRequest | SipResponse): string | undefined {
  const branch = topVia(message)?.params.get('branch');
  const method = cseq(message)?.method;
  return branch === undefined || method === undefined ? undefined : `${branch} ${method}`;
}

/** The server transaction of a request (section 17.2.3); ACK has the key of its INVITE. */
export function serverKey(request: SipRequest): string | undefined {
  return keyWithMethod(request, request.method === 'ACK' ? 'INVITE' : request.method);
}

/** The INVITE server transaction that a CANCEL means (section 9.2). */
export function cancelledKey(cancel: SipRequest): string | undefined {
  return keyWithMethod(cancel, 'INVITE');
}

function keyWithMethod(request: SipRequest, method: string): string | undefined {
  const via = topVia(request);
  if (via === undefined) return undefined;
  const branch = via.params.get('branch');
  const sender = `${via.host.toLowerCase()}:${via.port ?? ''}`;
  if (branch?.startsWith(magicCookie) === true && branch.length > magicCookie.length) {
    return `${branch} ${sender} ${method}`;
  }
  // RFC 2543: Request-URI, From tag, Call-ID, CSeq number and topmost Via. The To tag, which an ACK has and its
  // INVITE has not, is compared by whoever holds the transaction.
  const fields = [
    request.uri,
    fromTag(request) ?? '',
    callId(request) ?? '',
    String(cseq(request)?.number ?? ''),
    `${via.transport} ${sender} ${branch ?? ''}`,
    method === 'INVITE' ? '' : (toTag(request) ?? ''),
  ];
  return JSON.stringify([...fields, method]);
}

/**
 * The same request arriving by another path has the same From tag, Call-ID and CSeq but another branch (section 8.2.2.2).
 * We stand for many users, and a proxy that forks one call to two of them sends us both branches: so the user whom the
 * Request-URI names belongs to the key. `undefined` for requests inside dialogs, which cannot be merged.
 */
export function mergeKey(request: SipRequest): string | undefined {
  if (toTag(request) !== undefined) return undefined;
  // No value holds a line break, so it divides them.
  return `${fromTag(request) ?? ''}\n${callId(request) ?? ''}\n${header(request, 'cseq') ?? ''}\n${requestedUser(request)}`;
}

function requestedUser(request: SipRequest): string {
  const uri = parseUri(request.uri);
  if (uri?.kind !== 'sip') return request.uri;
  const user = uri.user ?? '';
  return decodeEscapes(user) ?? user;
}

/** Who sent a request, by its topmost Via. */
export interface SentBy {
  /** Lower-case. */
  readonly host: string;
  readonly port: number;
}

export function sentBy(message: SipRequest | SipResponse): SentBy | undefined {
  const via = topVia(message);
  return via === undefined ? undefined : { host: via.host.toLowerCase(), port: via.port ?? 5060 };
}
