import type { Agent } from '../agent/agent.ts';
import { GuardedDigest } from '../auth/guarded-digest.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { dialogOfServer } from '../dialog/dialog.ts';
import type { Body, Flow, Millis, ServerRequestId } from '../endpoint/api.ts';
import type { DialogEntry, DialogTable } from '../endpoint/dialog-table.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type { PendingRequest, ServerRequests } from '../endpoint/server-requests.ts';
import type { SessionTable } from '../endpoint/session-table.ts';
import { userOf } from '../endpoint/session-table.ts';
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
import { referSub } from '../headers/refer.ts';
import { eventOf, isSameEvent } from '../headers/subscription.ts';
import { isToken } from '../message/chars.ts';
import { cseq, toTag } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import type { DialogUser } from '../session/dialog-request.ts';
import type { HeldRequest } from '../session/established-call.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { AwaitedDialogs } from './awaited-dialogs.ts';
import { grantedLifetime, Notifier } from './notifier.ts';
import { referHeaders } from './refer-request.ts';
import type { ReferralPath } from './referral.ts';
import { Referral } from './referral.ts';
import { Referrer } from './referrer.ts';
import { Subscriber } from './subscriber.ts';
import type { SubscriptionScope } from './usage.ts';

export interface SubscriptionsOptions {
  readonly agent: Agent;
  readonly dialogs: DialogTable;
  readonly sessions: SessionTable;
  readonly requests: ServerRequests;
  /** Credentials for requests in dialogs that were begun with one of our registered contacts. */
  readonly digestFor: (contactUser: string) => GuardedDigest | undefined;
  /** Packages whose NOTIFY may come without a subscription. */
  readonly unsolicited: readonly string[];
}

/** Seconds. */
const usualLifetimes = { most: 3_600, least: 60 } as const;
/** Subscriptions that share a dialog: a call with more REFERs than these is no call. */
const mostInDialog = 16;
/** Seconds after which somebody whom a limit has refused may come again. */
const retryAfterLimit: readonly [string, string] = ['Retry-After', '5'];

/** All that is subscribed to, in both directions, and the REFERs that subscribe by themselves. */
export class Subscriptions implements SubscriptionCommands {
  readonly #options: SubscriptionsOptions;
  readonly #scope: SubscriptionScope;
  readonly #subscribers = new Map<SubscriptionId, Subscriber>();
  readonly #notifiers = new Map<NotifierId, Notifier>();
  readonly #referrals = new Map<ReferralId, Referral>();
  readonly #referrers = new Map<ReferrerId, Referrer>();
  /** Who sends in the dialogs that others have begun with SUBSCRIBE or REFER. */
  readonly #users = new WeakMap<Dialog, DialogUser>();
  /** One series for all: an id never means two things. */
  #lastId = 0;

  constructor(options: SubscriptionsOptions) {
    const { agent, dialogs } = options;
    this.#options = options;
    this.#scope = { agent, dialogs, awaited: new AwaitedDialogs() };
  }

  counts(): SubscriptionCounts {
    return {
      subscriptions: this.#subscribers.size,
      notifiers: this.#notifiers.size,
      referrals: this.#referrals.size,
      referrers: this.#referrers.size,
    };
  }

  /** SUBSCRIBE, NOTIFY or REFER inside a dialog; `false`: it means none of ours. */
  onRequestInside(transaction: ServerTransaction, entry: DialogEntry, now: Millis): boolean {
    const { request } = transaction;
    const usage = entry.subscriptions.find((each) => each.matches(request));
    if (usage !== undefined) {
      usage.onRequest(transaction, now);
      return true;
    }
    return this.refuses(transaction, now);
  }

  /** A NOTIFY whose dialog it makes itself: it has overtaken the 2xx to our SUBSCRIBE (RFC 6665 section 4.4.1). */
  onNotifyOutside(transaction: ServerTransaction, now: Millis): boolean {
    const awaiter = this.#scope.awaited.find(transaction.request);
    awaiter?.onFirstNotify(transaction, now);
    return awaiter !== undefined;
  }

  /**
   * Answers what shall not come to the application: a NOTIFY that nobody has asked for (RFC 6665 section 4.1.3), and
   * whatever would begin a subscription where there is no room.
   */
  refuses(transaction: ServerTransaction, now: Millis): boolean {
    const { request } = transaction;
    if (request.method === 'NOTIFY') {
      const { unsolicited } = this.#options;
      if (unsolicited.includes(eventOf(request)?.package ?? '')) return false;
      this.#answer(transaction, 481, now);
      return true;
    }
    const begins = request.method === 'SUBSCRIBE' || (request.method === 'REFER' && wantsReports(request));
    if (!begins || this.#hasRoomFor(request)) return false;
    this.#refuseByLimit(transaction, now);
    return true;
  }

  /** Over a stream that is gone no NOTIFY may reach us any more. */
  flowClosed(flow: Flow, now: Millis): void {
    for (const subscriber of this.#subscribers.values()) subscriber.flowClosed(flow, now);
  }

  subscribe(params: SubscribeParams, now: Millis): SubscriptionId {
    const id = this.#newId() as SubscriptionId;
    const onGone = (): void => {
      this.#subscribers.delete(id);
    };
    this.#subscribers.set(id, new Subscriber(this.#scope, id, params, onGone, now));
    return id;
  }

  unsubscribe(subscription: SubscriptionId, now: Millis): void {
    found(this.#subscribers, subscription).unsubscribe(now);
  }

  acceptSubscription(
    requestId: ServerRequestId,
    now: Millis,
    options: {
      readonly expires?: number;
      readonly leastExpires?: number;
      readonly pending?: boolean;
      readonly contactUser?: string;
    } = {},
  ): NotifierId {
    const pending = this.#options.requests.take(requestId, 'SUBSCRIBE');
    const id = this.#newId() as NotifierId;
    const onEnded = (): void => {
      this.#notifiers.delete(id);
      this.#options.agent.emit({ type: 'notifier.ended', notifier: id });
    };
    // Whoever accepts too late cannot know it.
    if (pending === undefined) {
      onEnded();
      return id;
    }
    this.#assertRoom(pending, now);
    const { transaction } = pending;
    const event = eventOf(transaction.request);
    const most = options.expires ?? usualLifetimes.most;
    const lifetimes = { most, least: Math.min(options.leastExpires ?? usualLifetimes.least, most) };
    const granted = grantedLifetime(transaction.request, lifetimes);
    const place = this.#placeOf(pending, options.contactUser);
    if (event === undefined || granted === 'too_brief' || place === undefined) {
      if (event === undefined) this.#answer(transaction, 489, now);
      else if (place === undefined) this.#answer(transaction, 481, now);
      else this.#answer(transaction, 423, now, [['Min-Expires', String(lifetimes.least)]]);
      onEnded();
      return id;
    }
    this.#accept(pending, place, 200, [['Expires', String(granted)]], now);
    const notifier = new Notifier(
      {
        ...place,
        dialogs: this.#options.dialogs,
        event,
        isOurs: (other) => isSameEvent(other, event),
        isPending: options.pending === true,
        lifetimes,
        onWanted: () => this.#options.agent.emit({ type: 'notifier.wanted', notifier: id }),
        onEnded,
      },
      granted,
      now,
    );
    this.#notifiers.set(id, notifier);
    notifier.begin(now);
    return id;
  }

  notify(notifier: NotifierId, body: Body | undefined, now: Millis): void {
    found(this.#notifiers, notifier).notify(body, now);
  }

  endSubscription(
    notifier: NotifierId,
    now: Millis,
    options: { readonly reason?: string; readonly retryAfter?: number; readonly body?: Body } = {},
  ): void {
    const { reason, retryAfter, body } = options;
    if (reason !== undefined && !isToken(reason)) {
      throw new SipUsageError('bad_argument', `${reason} is no reason of a termination`);
    }
    if (retryAfter !== undefined && !(Number.isSafeInteger(retryAfter) && retryAfter >= 0)) {
      throw new SipUsageError('bad_argument', `${retryAfter} is no number of seconds`);
    }
    const how = { ...(reason !== undefined && { reason }), ...(retryAfter !== undefined && { retryAfter }) };
    found(this.#notifiers, notifier).end(how, body, now);
  }

  refer(params: ReferParams, now: Millis): ReferralId {
    const { sessions } = this.#options;
    const replaced = params.replaces === undefined ? undefined : sessions.dialogOf(params.replaces).dialog;
    const headers = referHeaders(params, replaced);
    const { path, user } = this.#pathOf(params);
    const id = this.#newId() as ReferralId;
    const onGone = (): void => {
      this.#referrals.delete(id);
    };
    const referral = new Referral({ scope: this.#scope, id, user, path, headers, onGone }, now);
    this.#referrals.set(id, referral);
    return id;
  }

  acceptRefer(requestId: ServerRequestId, now: Millis): ReferrerId | undefined {
    const pending = this.#options.requests.take(requestId, 'REFER');
    if (pending === undefined) return undefined;
    const { request } = pending.transaction;
    const isReported = wantsReports(request);
    if (isReported) this.#assertRoom(pending, now);
    const place = this.#placeOf(pending, undefined);
    if (place === undefined) {
      this.#answer(pending.transaction, 481, now);
      return undefined;
    }
    if (!isReported) {
      this.#accept(pending, place, 200, [['Refer-Sub', 'false']], now);
      return undefined;
    }
    this.#accept(pending, place, 202, [], now);
    const id = this.#newId() as ReferrerId;
    const sequence = cseq(request)?.number ?? 0;
    const isFirst = toTag(request) === undefined;
    const onEnded = (): void => {
      this.#referrers.delete(id);
    };
    const { dialogs } = this.#options;
    this.#referrers.set(id, new Referrer({ ...place, dialogs, sequence, isFirst, onEnded }, now));
    return id;
  }

  report(referrer: ReferrerId, status: number, now: Millis, reason?: string): void {
    const known = this.#referrers.get(referrer);
    if (known !== undefined) known.report(status, reason, now);
    // Nobody has told that the other side has gone.
    else if (referrer < 1 || referrer > this.#lastId) throw noSuchSubscription(referrer);
  }

  #pathOf(params: ReferParams): { readonly path: ReferralPath; readonly user: DialogUser } {
    const { sessions, agent } = this.#options;
    const { session, to, from, target, credentials, contactUser } = params;
    if (session !== undefined) {
      const { dialog, user } = sessions.dialogOf(session);
      const whenKnown = (request: HeldRequest, now: Millis): void =>
        sessions.get(session).whenKnown(request, now);
      return { path: { kind: 'inside', dialog, whenKnown }, user };
    }
    if (to === undefined || from === undefined) {
      throw new SipUsageError('bad_argument', 'a REFER outside calls needs to and from');
    }
    const digest = credentials === undefined ? undefined : new GuardedDigest(credentials, agent.random);
    const { identifiers } = agent;
    return {
      path: { kind: 'outside', to, from, target, callId: identifiers.callId(), localTag: identifiers.tag() },
      user: { agent, digest, contact: (flow) => agent.local.contact(flow, contactUser) },
    };
  }

  /** The dialog that a SUBSCRIBE or REFER came in, or that its acceptance makes; `undefined` where it has ended. */
  #placeOf(
    pending: PendingRequest,
    contactUser: string | undefined,
  ): { readonly dialog: Dialog; readonly user: DialogUser } | undefined {
    const { agent, dialogs, sessions, digestFor } = this.#options;
    const { transaction, session, toTag: localTag } = pending;
    const { request, flow } = transaction;
    if (session !== undefined) return sessions.findDialogOf(session);
    if (toTag(request) !== undefined) {
      const dialog = dialogs.find(request)?.dialog;
      const user = dialog === undefined ? undefined : this.#users.get(dialog);
      return dialog === undefined || user === undefined ? undefined : { dialog, user };
    }
    const dialog = dialogOfServer(request, localTag, flow);
    dialog.state = 'confirmed';
    const contact = contactUser ?? userOf(request.uri);
    const user: DialogUser = {
      agent,
      digest: contact === undefined ? undefined : digestFor(contact),
      contact: (towards) => agent.local.contact(towards, contact),
    };
    this.#users.set(dialog, user);
    return { dialog, user };
  }

  #accept(
    { transaction, toTag: localTag }: PendingRequest,
    { dialog, user }: { readonly dialog: Dialog; readonly user: DialogUser },
    status: number,
    headers: readonly (readonly [string, string])[],
    now: Millis,
  ): void {
    const { request, flow } = transaction;
    if (toTag(request) !== undefined) {
      dialog.seenOn(flow);
      dialog.refreshTarget(request);
    }
    const contact = user.contact(flow);
    const response = user.agent.response(request, status, { headers, contact, toTag: localTag });
    transaction.respond(response, now);
  }

  #assertRoom({ transaction }: PendingRequest, now: Millis): void {
    if (this.#hasRoomFor(transaction.request)) return;
    this.#refuseByLimit(transaction, now);
    throw new SipUsageError('limit', 'too many subscriptions; the request was answered 503');
  }

  #hasRoomFor(request: SipRequest): boolean {
    const { agent, dialogs } = this.#options;
    const inDialog = dialogs.find(request)?.subscriptions.length ?? 0;
    const all = this.#notifiers.size + this.#referrers.size;
    return all < agent.limits.notifiers && inDialog < mostInDialog;
  }

  #refuseByLimit(transaction: ServerTransaction, now: Millis): void {
    this.#options.agent.limited('notifiers');
    this.#answer(transaction, 503, now, [retryAfterLimit]);
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    now: Millis,
    headers: readonly (readonly [string, string])[] = [],
  ): void {
    const { agent } = this.#options;
    const toTag = agent.identifiers.tag();
    transaction.respond(agent.response(transaction.request, status, { headers, toTag }), now);
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** RFC 4488: the sender may say that nobody needs to report. */
const wantsReports = (refer: SipRequest): boolean => referSub(refer) !== false;

function found<Id extends number, T>(from: ReadonlyMap<Id, T>, id: Id): T {
  const one = from.get(id);
  if (one === undefined) throw noSuchSubscription(id);
  return one;
}

function noSuchSubscription(id: number): SipUsageError {
  return new SipUsageError('no_such_subscription', `there is no subscription ${id}`);
}
