import type { Agent } from '../agent/agent.ts';
import type { Body, Millis, ServerRequestId } from '../endpoint/api.ts';
import type { DialogEntry, DialogTable } from '../endpoint/dialog-table.ts';
import type { ServerRequests } from '../endpoint/server-requests.ts';
import type { SessionTable } from '../endpoint/session-table.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type {
  NotifierId,
  ReferParams,
  ReferralId,
  ReferrerId,
  SubscribeParams,
  SubscriptionCommands,
  SubscriptionCounts,
  SubscriptionId,
} from '../endpoint/subscription-api.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';

export interface SubscriptionsOptions {
  readonly agent: Agent;
  readonly dialogs: DialogTable;
  readonly sessions: SessionTable;
  readonly requests: ServerRequests;
}

/** All that is subscribed to, in both directions, and the REFERs that subscribe by themselves. */
export class Subscriptions implements SubscriptionCommands {
  readonly #options: SubscriptionsOptions;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  counts(): SubscriptionCounts {
    return { subscriptions: 0, notifiers: 0, referrals: 0, referrers: 0 };
  }

  /** A SUBSCRIBE or NOTIFY inside a dialog; `false`: it means none of ours. */
  onRequestInside(transaction: ServerTransaction, entry: DialogEntry, now: Millis): boolean {
    const usage = entry.subscriptions.find((each) => each.matches(transaction.request));
    usage?.onRequest(transaction, now);
    return usage !== undefined;
  }

  /** A NOTIFY whose dialog it makes itself: it has overtaken the 2xx to our SUBSCRIBE (RFC 6665 section 4.4.1). */
  onNotifyOutside(_transaction: ServerTransaction, _now: Millis): boolean {
    return this.#options.dialogs.size < 0;
  }

  subscribe(_params: SubscribeParams, _now: Millis): SubscriptionId {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  unsubscribe(_subscription: SubscriptionId, _now: Millis): void {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  acceptSubscription(
    _requestId: ServerRequestId,
    _now: Millis,
    _options: { expires?: number; pending?: boolean; contactUser?: string } = {},
  ): NotifierId {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  notify(_notifier: NotifierId, _body: Body | undefined, _now: Millis): void {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  endSubscription(
    _notifier: NotifierId,
    _now: Millis,
    _options: { reason?: string; retryAfter?: number; body?: Body } = {},
  ): void {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  refer(_params: ReferParams, _now: Millis): ReferralId {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  acceptRefer(_requestId: ServerRequestId, _now: Millis): ReferrerId | undefined {
    throw new SipUsageError('wrong_state', 'not yet');
  }
  report(_referrer: ReferrerId, _status: number, _now: Millis, _reason?: string): void {
    throw new SipUsageError('wrong_state', 'not yet');
  }
}
