import { capabilityHeaders, isApplicationMethod } from '../agent/capabilities.ts';
import type { EndReason, Millis } from '../endpoint/api.ts';
import { headerFields } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { SessionScope } from './scope.ts';

/** Answers with no more than a status. */
export function answer(
  scope: SessionScope,
  transaction: ServerTransaction,
  status: number,
  now: Millis,
  headers: readonly (readonly [string, string])[] = [],
): void {
  if (transaction.isAnswered) return;
  transaction.respond(scope.agent.response(transaction.request, status, { headers }), now);
}

/**
 * Requests that every phase of a session treats alike: OPTIONS is answered, INFO, REFER and their like go to the
 * application, the rest is refused.
 */
export function answerOrOffer(scope: SessionScope, transaction: ServerTransaction, now: Millis): void {
  const { request } = transaction;
  if (request.method === 'OPTIONS') {
    answer(scope, transaction, 200, now, capabilityHeaders);
  } else if (isApplicationMethod(request.method)) {
    scope.agent.offerRequest(transaction, scope.id, (requestId) => ({
      type: 'session.request',
      session: scope.id,
      requestId,
      request,
    }));
  } else {
    // Of PRACK (RFC 3262 section 3): no reliable provisional response of ours waits for it.
    answer(scope, transaction, request.method === 'PRACK' ? 481 : 501, now);
  }
}

/** `Retry-After` between 0 and 10 seconds, for the 500 to overlapping offers (section 14.2, RFC 3311 section 5.2). */
export function retrySoon(scope: SessionScope): readonly [string, string] {
  return ['Retry-After', String(scope.agent.identifiers.integer(0, 10))];
}

/** The end that a BYE or CANCEL means, with its Reason (RFC 3326). */
export function endedByPeer(request: SipRequest): EndReason {
  const reasons = headerFields(request, 'reason');
  return reasons.length === 0 ? { by: 'remote' } : { by: 'remote', reason: reasons.join(', ') };
}
