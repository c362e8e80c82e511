import { GuardedDigest } from '../auth/guarded-digest.ts';
import { dialogOfClient, dialogOfNotify } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { Body, ExtraHeaders, Flow, Millis, RequestFailure } from '../endpoint/api.ts';
import type { SubscriptionUsage } from '../endpoint/dialog-table.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type {
  SubscribeParams,
  SubscriptionFailure,
  SubscriptionId,
  SubscriptionState,
} from '../endpoint/subscription-api.ts';
import type { EventValue } from '../headers/subscription.ts';
import { eventOf, isSameEvent, parseEvent } from '../headers/subscription.ts';
import { numberHeader } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { refreshDelay } from '../registration/schedule.ts';
import type { DialogRequestResult, DialogUser } from '../session/dialog-request.ts';
import { sendInDialog } from '../session/dialog-request.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { DialogAwaiter } from './awaited-dialogs.ts';
import type { Again } from './schedule.ts';
import { againAfter, resubscribeDelay, spread, steadyAfter } from './schedule.ts';
import { SubscribeAttempt } from './subscribe-attempt.ts';
import type { Notification, SubscriptionScope } from './usage.ts';
import { answerInDialog, endsSubscription, readNotification } from './usage.ts';

type State =
  /** SUBSCRIBE is out, or answered 2xx (`dialog`) and its NOTIFY still to come; `leaving` when `unsubscribe` was called. */
  | {
      readonly name: 'subscribing';
      readonly attempt: SubscribeAttempt;
      readonly leaving: boolean;
      readonly accepted?: { readonly dialog: Dialog; readonly expiresAt: Millis; readonly timerN: Timer };
    }
  | {
      readonly name: 'subscribed';
      readonly dialog: Dialog;
      /** What has made it; its 2xx may still come. */
      readonly attempt: SubscribeAttempt;
      readonly since: Millis;
      readonly isPending: boolean;
      readonly expiresAt: Millis;
      /** Until the refresh; `undefined` while that is out. */
      readonly timer: Timer | undefined;
      readonly leaving: boolean;
    }
  /** SUBSCRIBE with Expires 0 is out, or answered and the last NOTIFY still to come. */
  | { readonly name: 'unsubscribing'; readonly dialog: Dialog; readonly timer: Timer | undefined }
  | { readonly name: 'failed'; readonly timer: Timer }
  | { readonly name: 'gone' };

/** A notifier that keeps asking for longer subscriptions is not followed for ever. */
const maxIntervalCorrections = 2;
/** A refresh that has failed is not tried again where less is left; nor does anybody make us refresh faster. */
const leastRefreshDelay: Millis = 1_000;

/**
 * Keeps one subscription of ours (RFC 6665 section 4.1).
 *
 * ```
 *              ┌────────────refresh at 50–90 % of its time; NOTIFY────────────┐
 *              │                                                              ▼
 *   start ──► subscribing ──NOTIFY pending, active──────────────────────► subscribed
 *              ▲  │    └─423: again with Min-Expires                       │      │
 *      back-   │  │ refusal, silence, timer N                 terminated, │      │ unsubscribe
 *      off     │  ▼                              481, its time is over    │      ▼
 *              failed ◄────────────────────────────────────────────────────┘  unsubscribing
 *                │ unsubscribe                                                    │ NOTIFY terminated,
 *                ▼                                                                ▼ silence
 *               gone ◄─────── rejected, noresource, invariant; a subscription of 0 seconds ──── gone
 * ```
 *
 * Timer N runs from the 2xx, because until then timer F does. A 2xx to a refresh is enough: not every notifier sends its
 * NOTIFY after it.
 */
export class Subscriber implements SubscriptionUsage, DialogAwaiter {
  readonly id: SubscriptionId;
  readonly #scope: SubscriptionScope;
  readonly #params: SubscribeParams;
  readonly #event: EventValue;
  readonly #user: DialogUser;
  readonly #onGone: () => void;
  #state: State;
  /** Seconds that we ask for. */
  #expires: number;
  /** The stream that NOTIFY comes over. */
  #connection: string | undefined;
  #failuresInARow = 0;
  #intervalCorrections = 0;

  /** Throws where the event cannot be read. */
  constructor(
    scope: SubscriptionScope,
    id: SubscriptionId,
    params: SubscribeParams,
    onGone: () => void,
    now: Millis,
  ) {
    const { agent } = scope;
    const { credentials, contactUser } = params;
    const event = parseEvent(params.event);
    if (event === undefined) throw new SipUsageError('bad_argument', `${params.event} is no event package`);
    this.id = id;
    this.#scope = scope;
    this.#params = params;
    this.#event = event;
    this.#user = {
      agent,
      digest: credentials === undefined ? undefined : new GuardedDigest(credentials, agent.random),
      contact: (flow) => agent.local.contact(flow, contactUser),
    };
    this.#onGone = onGone;
    this.#expires = params.expires;
    this.#state = this.#subscribing(now);
  }

  unsubscribe(now: Millis): void {
    const state = this.#state;
    switch (state.name) {
      case 'subscribing':
        if (state.accepted !== undefined) {
          state.accepted.timerN.cancel();
          this.#leave(state.accepted.dialog, now);
        } else if (state.attempt.withdraw()) this.#end();
        else this.#state = { ...state, leaving: true };
        break;
      case 'subscribed':
        if (state.timer === undefined) this.#state = { ...state, leaving: true };
        else {
          state.timer.cancel();
          this.#leave(state.dialog, now);
        }
        break;
      case 'failed':
        state.timer.cancel();
        this.#end();
        break;
      case 'unsubscribing':
      case 'gone':
        break;
    }
  }

  /** It is refreshed soon, so that the notifier learns of another stream (RFC 5626 section 4.5). */
  flowClosed(flow: Flow, now: Millis): void {
    if (flow.connectionId === undefined || flow.connectionId !== this.#connection) return;
    this.#connection = undefined;
    const state = this.#state;
    if (state.name !== 'subscribed' || state.timer === undefined) return;
    state.timer.cancel();
    const { timers, identifiers } = this.#scope.agent;
    const timer = timers.arm(now + spread * identifiers.fraction(), (at) => this.#refresh(at));
    this.#state = { ...state, timer };
  }

  matches(request: SipRequest): boolean {
    const event = request.method === 'NOTIFY' ? eventOf(request) : undefined;
    return event !== undefined && isSameEvent(event, this.#event);
  }

  onFirstNotify(transaction: ServerTransaction, now: Millis): void {
    const state = this.#state;
    if (state.name !== 'subscribing') return;
    const { request, flow } = transaction;
    const notification = this.#answer(transaction, now);
    if (notification === undefined) return;
    // A subscription that is over already makes no dialog.
    if (notification.state.state === 'terminated') this.#onNotification(notification, now);
    else {
      const dialog = dialogOfNotify(request, state.attempt.sequence, flow);
      this.#adopt(dialog, state.attempt);
      this.#onFirstNotification(state, dialog, notification, now);
    }
  }

  onRequest(transaction: ServerTransaction, now: Millis): void {
    const dialog = this.#dialog;
    dialog?.seenOn(transaction.flow);
    dialog?.refreshTarget(transaction.request);
    const notification = this.#answer(transaction, now);
    if (notification !== undefined) this.#onNotification(notification, now);
  }

  /** Every NOTIFY is answered at once (RFC 6665 section 4.1.3). */
  #answer(transaction: ServerTransaction, now: Millis): Notification | undefined {
    const notification = readNotification(transaction.request);
    this.#connection = transaction.flow.connectionId;
    answerInDialog(this.#user, transaction, notification === undefined ? 400 : 200, now);
    return notification;
  }

  #onNotification(notification: Notification, now: Millis): void {
    const state = this.#state;
    if (notification.state.state === 'terminated') {
      this.#onTerminated(notification.state, notification.body, now);
      return;
    }
    switch (state.name) {
      case 'subscribing':
        if (state.accepted === undefined) return;
        state.accepted.timerN.cancel();
        this.#onFirstNotification(state, state.accepted.dialog, notification, now);
        break;
      case 'subscribed': {
        const isPending = notification.state.state === 'pending';
        const expiresAt = this.#until(notification.state.expires, state.expiresAt, now);
        this.#standNotified({ ...state, isPending }, expiresAt, notification.body, now);
        break;
      }
      case 'unsubscribing':
        this.#notified(notification.body);
        break;
      case 'failed':
      case 'gone':
        break;
    }
  }

  #onFirstNotification(
    from: Extract<State, { name: 'subscribing' }>,
    dialog: Dialog,
    notification: Notification,
    now: Millis,
  ): void {
    if (from.leaving) {
      from.attempt.abandon();
      this.#leave(dialog, now);
      return;
    }
    // The notifier has said yes: whatever another fork says is not followed.
    from.attempt.stopRetrying();
    const { state: said } = notification;
    const granted = said.state === 'terminated' ? undefined : said.expires;
    const isPending = said.state === 'pending';
    const { attempt, accepted } = from;
    const expiresAt = this.#until(granted, accepted?.expiresAt ?? now + this.#expires * 1_000, now);
    const standing = { name: 'subscribed', dialog, attempt, since: now, isPending, leaving: false } as const;
    const state: State = { ...standing, expiresAt: 0, timer: undefined };
    this.#standNotified(state, expiresAt, notification.body, now, true);
  }

  /** What is said with the end of a subscription comes before that end. */
  #standNotified(
    state: Extract<State, { name: 'subscribed' }>,
    expiresAt: Millis,
    body: Body | undefined,
    now: Millis,
    isNew = false,
  ): void {
    const isOver = expiresAt <= now;
    if (isOver) this.#notified(body);
    this.#stand(state, expiresAt, now, isNew);
    if (!isOver) this.#notified(body);
  }

  /** The notifier's word on the time counts (section 4.1.3), though not for longer than we have asked for. */
  #until(said: number | undefined, otherwise: Millis, now: Millis): Millis {
    return said === undefined ? otherwise : now + Math.min(said, this.#expires) * 1_000;
  }

  /** The subscription stands until `expiresAt`; it is refreshed before, unless a SUBSCRIBE is out. */
  #stand(state: Extract<State, { name: 'subscribed' }>, expiresAt: Millis, now: Millis, isNew = false): void {
    const before = this.#state;
    const isMoved = Math.abs(expiresAt - state.expiresAt) >= 1_000;
    const isOther = before.name !== 'subscribed' || before.isPending !== state.isPending;
    if (expiresAt <= now && !state.leaving) {
      state.timer?.cancel();
      this.#lose(state.dialog, { kind: 'terminated', reason: undefined }, { kind: 'later' }, now);
      return;
    }
    if (isNew || (isMoved && state.timer !== undefined)) {
      state.timer?.cancel();
      this.#state = { ...state, expiresAt, timer: this.#refreshTimer(expiresAt, now) };
    } else this.#state = { ...state, expiresAt: isMoved ? expiresAt : state.expiresAt };
    if (isMoved || isOther) this.#tell({ name: state.isPending ? 'pending' : 'active', expiresAt });
  }

  #refreshTimer(expiresAt: Millis, now: Millis): Timer {
    const { timers, identifiers } = this.#scope.agent;
    const delay = Math.max(leastRefreshDelay, refreshDelay(expiresAt - now, identifiers.fraction()));
    return timers.arm(now + delay, (at) => this.#refresh(at));
  }

  #refresh(now: Millis): void {
    const state = this.#state;
    if (state.name !== 'subscribed') return;
    this.#state = { ...state, timer: undefined };
    const { dialog } = state;
    const headers = this.#headers(this.#expires);
    const done = (result: DialogRequestResult, at: Millis): void => this.#onRefreshed(dialog, result, at);
    sendInDialog(this.#user, dialog, { method: 'SUBSCRIBE', headers }, done, now);
  }

  #onRefreshed(dialog: Dialog, result: DialogRequestResult, now: Millis): void {
    const state = this.#state;
    // A NOTIFY has ended it meanwhile.
    if (state.name !== 'subscribed' || state.dialog !== dialog) return;
    const response = result.kind === 'response' ? result.response : undefined;
    if (state.leaving) {
      if (endsSubscription(result)) this.#end();
      else this.#leave(dialog, now);
    } else if (response !== undefined && response.status < 300) {
      dialog.refreshTarget(response);
      this.#failuresInARow = 0;
      this.#intervalCorrections = 0;
      this.#stand(
        state,
        this.#until(numberHeader(response, 'expires'), now + this.#expires * 1_000, now),
        now,
        true,
      );
    } else if (response !== undefined && this.#correctsInterval(response)) {
      this.#refresh(now);
    } else if (endsSubscription(result) || isChallenge(response)) {
      this.#lose(dialog, result, { kind: 'at_once' }, now);
    } else if (state.expiresAt - now > 2 * leastRefreshDelay) {
      // It stands for as long as was said last (section 4.1.2.2).
      this.#state = { ...state, timer: this.#refreshTimer(state.expiresAt, now) };
    } else this.#lose(dialog, result, { kind: 'later', ...(response && { response }) }, now);
  }

  /** 423 with a longer time than ours: ask for that. */
  #correctsInterval(response: SipResponse): boolean {
    const least = numberHeader(response, 'min-expires');
    if (response.status !== 423 || least === undefined || least <= this.#expires) return false;
    if (this.#intervalCorrections >= maxIntervalCorrections || this.#expires === 0) return false;
    this.#intervalCorrections += 1;
    this.#expires = least;
    return true;
  }

  #onTerminated(
    ended: Extract<Notification['state'], { state: 'terminated' }>,
    body: Body | undefined,
    now: Millis,
  ): void {
    const state = this.#state;
    if (body !== undefined) this.#notified(body);
    const why: SubscriptionFailure = { kind: 'terminated', reason: ended.reason };
    switch (state.name) {
      case 'subscribing':
        state.attempt.abandon();
        state.accepted?.timerN.cancel();
        if (state.leaving) this.#end();
        else this.#fail(why, againAfter(ended), now);
        break;
      case 'subscribed':
        state.timer?.cancel();
        if (state.leaving) this.#end();
        else this.#lose(state.dialog, why, againAfter(ended), now);
        break;
      case 'unsubscribing':
        state.timer?.cancel();
        this.#end();
        break;
      case 'failed':
      case 'gone':
        break;
    }
  }

  #subscribe(now: Millis): void {
    this.#state = this.#subscribing(now);
  }

  #subscribing(now: Millis): State {
    this.#tell({ name: 'subscribing' });
    const attempt = new SubscribeAttempt(
      {
        params: this.#params,
        user: this.#user,
        headers: this.#headers(this.#expires),
        awaited: this.#scope.awaited,
        awaiter: this,
        onResponse: (from, { response, sent, flow }, at) => this.#onResponse(from, response, sent, flow, at),
        onFailure: (from, failure, at) => this.#onFailure(from, failure, at),
      },
      now,
    );
    return { name: 'subscribing', attempt, leaving: false };
  }

  #headers(expires: number): ExtraHeaders {
    const { event, accept, headers = [] } = this.#params;
    const accepted: ExtraHeaders = accept.length === 0 ? [] : [['Accept', accept.join(', ')]];
    return [['Event', event], ...accepted, ['Expires', String(expires)], ...headers];
  }

  #onResponse(
    attempt: SubscribeAttempt,
    response: SipResponse,
    sent: SipRequest,
    flow: Flow,
    now: Millis,
  ): void {
    const state = this.#state;
    if (state.name === 'subscribed' && state.attempt === attempt) {
      // The NOTIFY was faster.
      const said = response.status < 300 ? numberHeader(response, 'expires') : undefined;
      if (said !== undefined) this.#stand(state, this.#until(said, state.expiresAt, now), now);
      return;
    }
    if (state.name !== 'subscribing' || state.attempt !== attempt) return;
    if (response.status >= 300) {
      this.#onRefused(state, response, now);
      return;
    }
    const dialog = dialogOfClient(sent, response, flow);
    this.#adopt(dialog, attempt);
    if (state.leaving) {
      this.#leave(dialog, now);
      return;
    }
    const expiresAt = this.#until(numberHeader(response, 'expires'), now + this.#expires * 1_000, now);
    const { timers, timing } = this.#scope.agent;
    const timerN = timers.arm(now + sixtyFourT1(timing), (at) =>
      this.#lose(dialog, { kind: 'timeout' }, { kind: 'later' }, at),
    );
    this.#state = { ...state, accepted: { dialog, expiresAt, timerN } };
  }

  #onRefused(state: Extract<State, { name: 'subscribing' }>, response: SipResponse, now: Millis): void {
    state.attempt.settle();
    if (state.leaving) this.#end();
    else if (this.#correctsInterval(response)) this.#subscribe(now);
    else this.#fail({ kind: 'response', response }, { kind: 'later', response }, now);
  }

  #onFailure(attempt: SubscribeAttempt, failure: RequestFailure, now: Millis): void {
    const state = this.#state;
    if (state.name !== 'subscribing' || state.attempt !== attempt) return;
    if (state.leaving) this.#end();
    else this.#fail(failure, { kind: 'later' }, now);
  }

  /** Requests of this dialog come to us from now on; another fork's find nobody. */
  #adopt(dialog: Dialog, attempt: SubscribeAttempt): void {
    attempt.settle();
    this.#scope.dialogs.addSubscription(dialog, this);
  }

  #leave(dialog: Dialog, now: Millis): void {
    this.#state = { name: 'unsubscribing', dialog, timer: undefined };
    const { timers, timing } = this.#scope.agent;
    const done = (result: DialogRequestResult, at: Millis): void => {
      if (this.#state.name !== 'unsubscribing') return;
      const isAccepted = result.kind === 'response' && result.response.status < 300;
      if (!isAccepted) this.#end();
      else {
        const timer = timers.arm(at + sixtyFourT1(timing), () => this.#end());
        this.#state = { name: 'unsubscribing', dialog, timer };
      }
    };
    sendInDialog(this.#user, dialog, { method: 'SUBSCRIBE', headers: this.#headers(0) }, done, now);
  }

  /** The subscription is over, and its dialog with it. */
  #lose(dialog: Dialog, why: SubscriptionFailure, again: Again, now: Millis): void {
    const state = this.#state;
    if (state.name === 'subscribed') {
      state.attempt.abandon();
      if (now - state.since >= steadyAfter) this.#failuresInARow = 0;
    }
    this.#scope.dialogs.removeSubscription(dialog, this);
    this.#fail(why, again, now);
  }

  #fail(why: SubscriptionFailure, again: Again, now: Millis): void {
    if (again.kind === 'never' || this.#params.expires === 0) {
      this.#end(why);
      return;
    }
    this.#release();
    this.#failuresInARow += 1;
    this.#intervalCorrections = 0;
    const { timers, identifiers } = this.#scope.agent;
    const retryAt = now + resubscribeDelay(again, this.#failuresInARow, identifiers.fraction());
    this.#state = { name: 'failed', timer: timers.arm(retryAt, (at) => this.#subscribe(at)) };
    this.#tell({ name: 'failed', retryAt, why });
  }

  #end(why?: SubscriptionFailure): void {
    if (this.#state.name === 'gone') return;
    this.#release();
    this.#state = { name: 'gone' };
    this.#onGone();
    this.#tell({ name: 'ended', ...(why !== undefined && { why }) });
  }

  #release(): void {
    const state = this.#state;
    if (state.name === 'subscribing') state.attempt.settle();
    const dialog = this.#dialog;
    if (dialog !== undefined) this.#scope.dialogs.removeSubscription(dialog, this);
  }

  get #dialog(): Dialog | undefined {
    const state = this.#state;
    switch (state.name) {
      case 'subscribing':
        return state.accepted?.dialog;
      case 'subscribed':
      case 'unsubscribing':
        return state.dialog;
      case 'failed':
      case 'gone':
        return undefined;
    }
  }

  #notified(body: Body | undefined): void {
    const subscription = this.id;
    this.#scope.agent.emit({
      type: 'subscription.notified',
      subscription,
      ...(body !== undefined && { body }),
    });
  }

  #tell(state: SubscriptionState): void {
    this.#scope.agent.emit({ type: 'subscription.changed', subscription: this.id, state });
  }
}

/** One that is not answered inside a dialog, because the far end may ask (see `GuardedDigest`), is answered outside. */
function isChallenge(response: SipResponse | undefined): boolean {
  return response !== undefined && [401, 407].includes(response.status);
}
