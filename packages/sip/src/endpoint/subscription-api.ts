import type { SipResponse } from '../message/types.ts';
import type {
  Body,
  Credentials,
  ExtraHeaders,
  Millis,
  RequestFailure,
  ServerRequestId,
  SessionId,
  Target,
} from './vocabulary.ts';

declare const subscriptionBrand: unique symbol;
/** A subscription of ours to a state somewhere else (RFC 6665 section 4.1). */
export type SubscriptionId = number & { readonly [subscriptionBrand]: true };
declare const notifierBrand: unique symbol;
/** A subscription of somebody else to a state of ours (RFC 6665 section 4.2). */
export type NotifierId = number & { readonly [notifierBrand]: true };
declare const referralBrand: unique symbol;
/** A REFER of ours and what is reported of it (RFC 3515). */
export type ReferralId = number & { readonly [referralBrand]: true };
declare const referrerBrand: unique symbol;
/** A REFER of somebody else that we have accepted and report about. */
export type ReferrerId = number & { readonly [referrerBrand]: true };

export interface SubscribeParams {
  /** Request-URI, e.g. `sip:100@pbx.example`. */
  readonly to: string;
  /** Address of record of the subscriber. */
  readonly from: string;
  /** Event package, with its `id` where there are several: `message-summary`, `dialog;id=1`. */
  readonly event: string;
  /** Media types that NOTIFY may carry. */
  readonly accept: readonly string[];
  /** Seconds; 0 fetches the state once. */
  readonly expires: number;
  readonly target?: Target;
  readonly credentials?: Credentials;
  readonly route?: readonly string[];
  readonly contactUser?: string;
  readonly headers?: ExtraHeaders;
}

/**
 * ```
 *   subscribing ──2xx, NOTIFY──► pending, active ──NOTIFY terminated, 481 to a refresh──► failed ──retryAt──► subscribing
 *        └──refusal, silence──► failed                                └─ `unsubscribe` ──► ended
 * ```
 */
export type SubscriptionState =
  | { readonly name: 'subscribing' }
  /** The notifier has not decided yet (Subscription-State: pending). */
  | { readonly name: 'pending'; readonly expiresAt: Millis }
  | { readonly name: 'active'; readonly expiresAt: Millis }
  /** The next attempt comes by itself at `retryAt` (back-off with jitter; Retry-After and the reason honoured). */
  | { readonly name: 'failed'; readonly retryAt: Millis; readonly why: SubscriptionFailure }
  /**
   * The last one: we have unsubscribed, or the notifier said that nobody shall come again (`rejected`, `noresource`,
   * `invariant`), or it was a subscription of 0 seconds, which only fetches the state.
   */
  | { readonly name: 'ended'; readonly why?: SubscriptionFailure };

export type SubscriptionFailure =
  | { readonly kind: 'response'; readonly response: SipResponse }
  /** NOTIFY with Subscription-State: terminated. */
  | { readonly kind: 'terminated'; readonly reason: string | undefined }
  | RequestFailure;

export interface ReferParams {
  /** The call that is transferred: REFER goes inside its dialog (RFC 5589). Without it REFER goes to `to`, outside dialogs. */
  readonly session?: SessionId;
  readonly to?: string;
  readonly from?: string;
  readonly target?: Target;
  readonly credentials?: Credentials;
  readonly contactUser?: string;
  /** Whom the other side shall call, e.g. `sip:203@pbx.example`. Left out with `replaces`: the other side of that call. */
  readonly referTo?: string;
  /** Attended transfer: the other side shall take the place of our side in this call (RFC 3891, RFC 5589 section 7). */
  readonly replaces?: SessionId;
  readonly referredBy?: string;
  /** `false`: nobody needs to report (RFC 4488 `Refer-Sub: false`); the other side may report all the same. */
  readonly report?: boolean;
  readonly headers?: ExtraHeaders;
}

export type ReferralState =
  /** 2xx. `reports` is `false` where nothing more will come (RFC 4488): then this is the last state. */
  | { readonly name: 'accepted'; readonly reports: boolean }
  /** NOTIFY with a provisional status line. */
  | { readonly name: 'progress'; readonly status: number; readonly reason: string }
  /** The last one. */
  | { readonly name: 'ended'; readonly outcome: ReferralOutcome };

export type ReferralOutcome =
  /** What the referred request came to: the final status line that was reported. */
  | { readonly kind: 'reported'; readonly status: number; readonly reason: string }
  /** The REFER itself was answered 3xx–6xx. */
  | { readonly kind: 'refused'; readonly response: SipResponse }
  /** Accepted, and then the reports stopped: terminated without a final status, or its time ran out. */
  | { readonly kind: 'unreported' }
  | RequestFailure;

export type SubscriptionEvent =
  | {
      readonly type: 'subscription.changed';
      readonly subscription: SubscriptionId;
      readonly state: SubscriptionState;
    }
  /** A NOTIFY; it is answered already. Without a body: the notifier has nothing to say (yet). */
  | { readonly type: 'subscription.notified'; readonly subscription: SubscriptionId; readonly body?: Body }
  /** The subscriber has asked again, or its subscription was just accepted: `notify` with the whole state. */
  | { readonly type: 'notifier.wanted'; readonly notifier: NotifierId }
  /** The last event: expired, unsubscribed, unreachable, or ended by us. */
  | { readonly type: 'notifier.ended'; readonly notifier: NotifierId }
  | { readonly type: 'referral.changed'; readonly referral: ReferralId; readonly state: ReferralState };

export interface SubscriptionCounts {
  /** Of ours to others. */
  readonly subscriptions: number;
  /** Of others to us. */
  readonly notifiers: number;
  readonly referrals: number;
  readonly referrers: number;
}

export interface SubscriptionCommands {
  /** Keeps a subscription: refreshed before it expires, again after failures. */
  subscribe(params: SubscribeParams, now: Millis): SubscriptionId;
  /** Ends with `ended`. */
  unsubscribe(subscription: SubscriptionId, now: Millis): void;

  /**
   * 200 to a SUBSCRIBE that came as `request`: the endpoint keeps its dialog and time from now on and asks for the state with
   * `notifier.wanted`. Answer with `respond(…, 489)` instead for a package that is not offered.
   *
   * With `pending` the subscriber is told so, and `wanted` does not come: the first `notify` makes it active. What cannot be
   * accepted after all is answered so (423, 481, 489) and ends at once with `notifier.ended`; so does what is over
   * already. Throws `limit` after an answer of 503 where there are too many.
   *
   * @param options.expires seconds at most; what the subscriber asked for where it is less. Default 3,600.
   * @param options.leastExpires seconds; who asks for less is answered 423. Default 60.
   */
  acceptSubscription(
    requestId: ServerRequestId,
    now: Millis,
    options?: {
      readonly expires?: number;
      readonly leastExpires?: number;
      readonly pending?: boolean;
      readonly contactUser?: string;
    },
  ): NotifierId;
  /** NOTIFY with this state; where one is under way already, the newest waits for its end and those between are left out. */
  notify(notifier: NotifierId, body: Body | undefined, now: Millis): void;
  /** NOTIFY with Subscription-State: terminated. */
  endSubscription(
    notifier: NotifierId,
    now: Millis,
    options?: { readonly reason?: string; readonly retryAfter?: number; readonly body?: Body },
  ): void;

  refer(params: ReferParams, now: Millis): ReferralId;
  /**
   * 202 (200 with `Refer-Sub: false`) to a REFER that came as `session.request` or `request`; the first NOTIFY (100 Trying) is sent
   * where reports are wanted. `undefined` where nothing is to be reported, be it that the REFER is over already. Throws
   * `limit` after an answer of 503 where there are too many subscriptions: then the request shall not be carried out.
   */
  acceptRefer(requestId: ServerRequestId, now: Millis): ReferrerId | undefined;
  /**
   * How the referred request gets on: NOTIFY with a status line (RFC 3420). A final status is the last report; what comes
   * after it, or after the other side has lost interest, goes nowhere.
   */
  report(referrer: ReferrerId, status: number, now: Millis, reason?: string): void;
}
