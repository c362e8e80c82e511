import type { Dialog } from '../dialog/dialog.ts';
import type { Body, Millis } from '../endpoint/api.ts';
import type { DialogTable, SubscriptionUsage } from '../endpoint/dialog-table.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type { EventValue } from '../headers/subscription.ts';
import { eventOf, formatEvent } from '../headers/subscription.ts';
import { numberHeader, retryAfter } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import type { DialogRequestResult, DialogUser } from '../session/dialog-request.ts';
import { sendInDialog } from '../session/dialog-request.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { answerInDialog, endsSubscription } from './usage.ts';

/** Seconds that a subscription may last; `least` is not more than `most`. */
export interface Lifetimes {
  readonly most: number;
  readonly least: number;
}

/** What a SUBSCRIBE gets: seconds (0 ends it or only fetches), or 423 because that is too brief (RFC 6665 section 4.2.1.1). */
export function grantedLifetime(subscribe: SipRequest, { most, least }: Lifetimes): number | 'too_brief' {
  const asked = numberHeader(subscribe, 'expires') ?? most;
  return asked > 0 && asked < least ? 'too_brief' : Math.min(asked, most);
}

export interface NotifierOptions {
  readonly user: DialogUser;
  readonly dialogs: DialogTable;
  readonly dialog: Dialog;
  readonly event: Pick<EventValue, 'package' | 'id'>;
  /** Whether a SUBSCRIBE in the dialog means this subscription. */
  readonly isOurs: (event: EventValue) => boolean;
  /** Nobody has decided yet. */
  readonly isPending: boolean;
  readonly lifetimes: Lifetimes;
  /** The subscriber has asked, and shall be told the whole state. */
  readonly onWanted: (now: Millis) => void;
  readonly onEnded: (now: Millis) => void;
}

type State =
  | { readonly name: 'pending' | 'active'; readonly expiresAt: Millis; readonly expiry: Timer }
  /** Expires was 0 from the start: the state is asked for once. */
  | { readonly name: 'fetching'; readonly patience: Timer }
  /** The last NOTIFY waits for the one that is under way, or is under way itself. */
  | { readonly name: 'closing' }
  | { readonly name: 'gone' };

/** A NOTIFY to be sent; the time that is left is written into it when it goes. */
interface Notice {
  readonly body: Body | undefined;
  readonly terminated?: { readonly reason?: string; readonly retryAfter?: number };
}

type Sending =
  | { readonly name: 'idle' }
  | { readonly name: 'under_way' }
  /** The subscriber could not take the last one; the newest follows. */
  | { readonly name: 'resting'; readonly timer: Timer };

const mostFailuresInARow = 3;
/** Milliseconds between a NOTIFY that was refused for the moment and the next. */
const rest = { least: 2_000, most: 60_000 } as const;

/**
 * A subscription of somebody else (RFC 6665 section 4.2), after its 2xx.
 *
 * ```
 *   pending ──notify──► active ◄──SUBSCRIBE: 200, wanted──┐
 *      │                  │  └────────────────────────────┘
 *      │                  │
 *      ├──────────────────┤ its time is over, SUBSCRIBE with Expires 0, `end`:
 *      │                  ▼ the last NOTIFY, once no other is under way
 *      │               closing ◄──notify, or nothing for 64·T1── fetching
 *      │                  │ any outcome
 *      ▼                  ▼
 *     gone ◄── 481 and its like, silence, 3 failures in a row to a NOTIFY
 * ```
 *
 * One NOTIFY is under way at a time; the newest state waits for its end, and those between are left out (section 4.2.2).
 */
export class Notifier implements SubscriptionUsage {
  readonly #options: NotifierOptions;
  #state: State;
  #sending: Sending = { name: 'idle' };
  #waiting: Notice | undefined;
  #failuresInARow = 0;

  /** @param granted seconds; 0 for a subscription that only fetches the state */
  constructor(options: NotifierOptions, granted: number, now: Millis) {
    const { user, dialog, dialogs, isPending } = options;
    this.#options = options;
    dialogs.addSubscription(dialog, this);
    if (granted === 0) {
      const { timers, timing } = user.agent;
      const patience = timers.arm(now + sixtyFourT1(timing), (at) => this.#close({}, undefined, at));
      this.#state = { name: 'fetching', patience };
    } else this.#state = this.#open(isPending ? 'pending' : 'active', granted, now);
  }

  /** Tells the state that was asked for; of a pending subscription only that it pends (section 4.2.2). */
  begin(now: Millis): void {
    if (this.#state.name === 'pending') this.#queue({ body: undefined }, now);
    else this.#options.onWanted(now);
  }

  get isOpen(): boolean {
    return this.#state.name !== 'closing' && this.#state.name !== 'gone';
  }

  notify(body: Body | undefined, now: Millis): void {
    switch (this.#state.name) {
      case 'pending':
        this.#state = { ...this.#state, name: 'active' };
        this.#queue({ body }, now);
        break;
      case 'active':
        this.#queue({ body }, now);
        break;
      case 'fetching':
        this.#close({}, body, now);
        break;
      case 'closing':
      case 'gone':
        throw new SipUsageError('wrong_state', 'the subscription is ending');
    }
  }

  end(
    how: { readonly reason?: string; readonly retryAfter?: number },
    body: Body | undefined,
    now: Millis,
  ): void {
    if (!this.isOpen) throw new SipUsageError('wrong_state', 'the subscription is ending');
    this.#close(how, body, now);
  }

  matches(request: SipRequest): boolean {
    const event = request.method === 'SUBSCRIBE' ? eventOf(request) : undefined;
    return event !== undefined && this.#options.isOurs(event);
  }

  onRequest(transaction: ServerTransaction, now: Millis): void {
    const { user, dialog, lifetimes } = this.#options;
    const state = this.#state;
    if (state.name !== 'pending' && state.name !== 'active') {
      answerInDialog(user, transaction, 481, now);
      return;
    }
    dialog.seenOn(transaction.flow);
    dialog.refreshTarget(transaction.request);
    const granted = grantedLifetime(transaction.request, lifetimes);
    if (granted === 'too_brief') {
      answerInDialog(user, transaction, 423, now, [['Min-Expires', String(lifetimes.least)]]);
      return;
    }
    answerInDialog(user, transaction, 200, now, [['Expires', String(granted)]]);
    if (granted === 0) {
      this.#close({ reason: 'timeout' }, undefined, now);
      return;
    }
    state.expiry.cancel();
    this.#state = this.#open(state.name, granted, now);
    this.begin(now);
  }

  #open(name: 'pending' | 'active', granted: number, now: Millis): State {
    const expiresAt = now + granted * 1_000;
    const expiry = this.#options.user.agent.timers.arm(expiresAt, (at) =>
      this.#close({ reason: 'timeout' }, undefined, at),
    );
    return { name, expiresAt, expiry };
  }

  #close(terminated: Notice['terminated'], body: Body | undefined, now: Millis): void {
    const state = this.#state;
    if (state.name === 'pending' || state.name === 'active') state.expiry.cancel();
    const isFetch = state.name === 'fetching';
    if (isFetch) state.patience.cancel();
    this.#state = { name: 'closing' };
    if (this.#sending.name === 'resting') {
      this.#sending.timer.cancel();
      this.#sending = { name: 'idle' };
    }
    this.#queue({ body, terminated: { ...(isFetch && { reason: 'timeout' }), ...terminated } }, now);
  }

  #queue(notice: Notice, now: Millis): void {
    this.#waiting = notice;
    this.#proceed(now);
  }

  #proceed(now: Millis): void {
    const notice = this.#waiting;
    if (notice === undefined || this.#sending.name !== 'idle') return;
    this.#waiting = undefined;
    this.#sending = { name: 'under_way' };
    const { user, dialog, event } = this.#options;
    const { body } = notice;
    const request = {
      method: 'NOTIFY',
      headers: [
        ['Event', formatEvent(event)],
        ['Subscription-State', this.#stateText(notice, now)],
      ],
      ...(body !== undefined && { body }),
    } as const;
    const done = (result: DialogRequestResult, at: Millis): void => this.#onSent(notice, result, at);
    sendInDialog(user, dialog, request, done, now);
  }

  #stateText({ terminated }: Notice, now: Millis): string {
    const state = this.#state;
    if (terminated === undefined && (state.name === 'pending' || state.name === 'active')) {
      return `${state.name};expires=${Math.max(0, Math.round((state.expiresAt - now) / 1_000))}`;
    }
    const reason = terminated?.reason === undefined ? '' : `;reason=${terminated.reason}`;
    const after = terminated?.retryAfter === undefined ? '' : `;retry-after=${terminated.retryAfter}`;
    return `terminated${reason}${after}`;
  }

  #onSent(notice: Notice, result: DialogRequestResult, now: Millis): void {
    this.#sending = { name: 'idle' };
    const isTaken = result.kind === 'response' && result.response.status < 300;
    if (notice.terminated !== undefined || result.kind === 'timeout' || endsSubscription(result)) {
      this.#gone(now);
      return;
    }
    this.#failuresInARow = isTaken ? 0 : this.#failuresInARow + 1;
    if (this.#failuresInARow >= mostFailuresInARow) {
      this.#gone(now);
    } else if (isTaken || this.#state.name === 'closing') this.#proceed(now);
    else {
      this.#waiting ??= notice;
      const asked = result.kind === 'response' ? (retryAfter(result.response) ?? 0) * 1_000 : 0;
      const wait = Math.min(Math.max(asked, rest.least * 2 ** this.#failuresInARow), rest.most);
      const timer = this.#options.user.agent.timers.arm(now + wait, (at) => {
        this.#sending = { name: 'idle' };
        this.#proceed(at);
      });
      this.#sending = { name: 'resting', timer };
    }
  }

  #gone(now: Millis): void {
    const state = this.#state;
    if (state.name === 'gone') return;
    if (state.name === 'pending' || state.name === 'active') state.expiry.cancel();
    if (state.name === 'fetching') state.patience.cancel();
    this.#state = { name: 'gone' };
    const { dialogs, dialog, onEnded } = this.#options;
    dialogs.removeSubscription(dialog, this);
    onEnded(now);
  }
}
