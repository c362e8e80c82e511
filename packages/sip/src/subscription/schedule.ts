import type { Millis } from '../endpoint/api.ts';
import type { SubscriptionStateValue as NotifiedState } from '../headers/subscription.ts';
import type { SipResponse } from '../message/types.ts';
import { notBefore, retryDelay } from '../registration/schedule.ts';

/** Whether a subscription that has ended shall be made anew, and how soon. */
export type Again =
  | { readonly kind: 'never' }
  /** Where it has stood for a while; after short lives the back-off counts. */
  | { readonly kind: 'at_once' }
  | { readonly kind: 'later'; readonly response?: SipResponse; readonly retryAfter?: number };

/** RFC 6665 section 4.1.3: what the reason of a termination says about another subscription. */
export function againAfter(ended: Extract<NotifiedState, { state: 'terminated' }>): Again {
  const { reason, retryAfter } = ended;
  const later: Again = { kind: 'later', ...(retryAfter !== undefined && { retryAfter }) };
  if (reason === undefined) return later;
  switch (reason) {
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return { kind: 'never' };
    case 'deactivated':
    case 'timeout':
      return { kind: 'at_once' };
    // `giveup` may be tried at once as well, but would only be pending again.
    case 'probation':
    case 'giveup':
      return later;
  }
}

/** A subscription that has stood for this long was no failure. */
export const steadyAfter: Millis = 60_000;

/** What many subscriptions do at once is spread over this time. */
export const spread: Millis = 1_000;

/** @param fraction a random number in [0, 1) */
export function resubscribeDelay(
  again: Exclude<Again, { kind: 'never' }>,
  failuresInARow: number,
  fraction: number,
): Millis {
  if (again.kind === 'at_once') {
    return failuresInARow <= 1 ? spread * fraction : retryDelay(failuresInARow - 1, undefined, fraction);
  }
  return notBefore(again.retryAfter, retryDelay(failuresInARow, again.response, fraction), fraction);
}
