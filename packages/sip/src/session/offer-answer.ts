/**
 * Who waits for whom in the exchange of offers and answers inside a dialog (RFC 3264, RFC 6337 section 2).
 *
 * ```
 *              offer sent                       offer received
 *   stable ────────────────► local_offer    stable ────────────────► remote_offer
 *      ▲                          │            ▲                          │
 *      └── answer or refusal ─────┘            └── answer or refusal ─────┘
 *
 *   stable ──INVITE without offer received──► remote_request ──2xx or reliable 1xx with our offer──► local_offer
 *            INVITE without offer sent ─────► local_request ──2xx or reliable 1xx with their offer─► remote_offer
 * ```
 */
export type OfferAnswerState =
  | 'stable'
  /** Ours is unanswered. */
  | 'local_offer'
  /** Theirs is unanswered. */
  | 'remote_offer'
  /** They asked for an offer of ours. */
  | 'remote_request'
  /** We asked for an offer of theirs. */
  | 'local_request';

export type OfferAnswerEvent =
  | 'offer_sent'
  | 'offer_received'
  | 'offer_requested'
  /** Answered, or refused, in whichever direction: what was agreed before counts. */
  | 'settled';

/** The state after an event; `undefined` where the event is a protocol error in this state. */
export function stepOfferAnswer(
  state: OfferAnswerState,
  event: OfferAnswerEvent,
): OfferAnswerState | undefined {
  switch (event) {
    case 'offer_sent':
      return state === 'stable' || state === 'remote_request' ? 'local_offer' : undefined;
    case 'offer_received':
      return state === 'stable' || state === 'local_request' ? 'remote_offer' : undefined;
    case 'offer_requested':
      return state === 'stable' ? 'remote_request' : undefined;
    case 'settled':
      return 'stable';
  }
}

/**
 * What to say to an offer, or a request for one, that comes out of turn (RFC 3261 section 14.2, RFC 3311 section 5.2,
 * RFC 6337 section 4.3): 491 where our own offer, or an offer that we asked for, is outstanding, 500 with Retry-After where
 * theirs is.
 */
export function refusalOfOffer(state: OfferAnswerState): 491 | 500 | undefined {
  switch (state) {
    case 'stable':
      return undefined;
    case 'local_offer':
    case 'local_request':
      return 491;
    case 'remote_offer':
    case 'remote_request':
      return 500;
  }
}
