import { ClientRequest } from '../agent/client-request.ts';
import type { NextHop } from '../agent/next-hop.ts';
import { dialogOfClient, dialogOfNotify } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { ExtraHeaders, Flow, Millis, Target } from '../endpoint/api.ts';
import type { SubscriptionUsage } from '../endpoint/dialog-table.ts';
import type { ReferralId, ReferralOutcome, ReferralState } from '../endpoint/subscription-api.ts';
import { referSub } from '../headers/refer.ts';
import { eventOf } from '../headers/subscription.ts';
import { createRequest } from '../message/build.ts';
import { cseq } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { DialogRequestResult, DialogUser } from '../session/dialog-request.ts';
import type { HeldRequest } from '../session/established-call.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { DialogAwaiter } from './awaited-dialogs.ts';
import { parseSipfrag } from './sipfrag.ts';
import type { Notification, SubscriptionScope } from './usage.ts';
import { answerInDialog, readNotification } from './usage.ts';

/** Where a REFER goes: inside the dialog of a call, or to somebody with whom there is none. */
export type ReferralPath =
  /** `whenKnown` sends it when the other side knows the dialog for certain. */
  | {
      readonly kind: 'inside';
      readonly dialog: Dialog;
      readonly whenKnown: (request: HeldRequest, now: Millis) => void;
    }
  | {
      readonly kind: 'outside';
      readonly to: string;
      readonly from: string;
      readonly target: Target | undefined;
      readonly callId: string;
      readonly localTag: string;
    };

export interface ReferralOptions {
  readonly scope: SubscriptionScope;
  readonly id: ReferralId;
  readonly user: DialogUser;
  readonly path: ReferralPath;
  readonly headers: ExtraHeaders;
  readonly onGone: () => void;
}

type State =
  /** REFER is out, or waits for the ACK of the call. */
  | { readonly name: 'referring' }
  /** Accepted, by a 2xx or by a NOTIFY that was faster; reports come until the timer. */
  | { readonly name: 'accepted'; readonly timer: Timer }
  /** The outcome is told; a NOTIFY that ends the subscription is still answered. */
  | { readonly name: 'reported'; readonly timer: Timer }
  | { readonly name: 'gone' };

/** Seconds for which reports are waited for where the other side does not say how long they may take. */
const usualLifetime = 180;
const longestLifetime = 3_600;

/**
 * A REFER of ours and its implicit subscription (RFC 3515 section 2.4, RFC 6665).
 *
 * ```
 *   referring ──2xx, or the first NOTIFY──► accepted ──final status in an active NOTIFY──► reported
 *      │ │                                   │   │                                           │ terminated,
 *      │ └─2xx with Refer-Sub: false──► gone │   │ terminated                                │ 64·T1
 *      │ 3xx–6xx, silence                    │   ▼                                           ▼
 *      └────────────► gone                   │  gone ◄─────────────────────────────────────────
 *                                            └─its time and 64·T1 are over──► gone
 * ```
 *
 * The Event id is the CSeq number of the REFER (section 2.4.6); a NOTIFY without id means the oldest REFER of the dialog
 * that still lives, because not every peer writes the id of the later ones.
 */
export class Referral implements SubscriptionUsage, DialogAwaiter {
  readonly #options: ReferralOptions;
  /** CSeq numbers of the attempts: the first may be challenged. */
  readonly #sequences = new Set<number>();
  #request: ClientRequest | undefined;
  #state: State = { name: 'referring' };
  #dialog: Dialog | undefined;

  constructor(options: ReferralOptions, now: Millis) {
    const { scope, path } = options;
    this.#options = options;
    if (path.kind === 'inside') {
      const send = (at: Millis): void => this.#refer(at);
      const done = (result: DialogRequestResult): void => {
        if (this.#state.name === 'referring' && result.kind !== 'response') this.#end(result);
      };
      path.whenKnown({ send, done }, now);
      this.#use(path.dialog);
    } else {
      scope.awaited.add(path, this);
      this.#refer(now);
    }
  }

  #refer(now: Millis): void {
    const { scope, path, user } = this.#options;
    this.#request = new ClientRequest(
      scope.agent,
      {
        nextHop: nextHopOf(path),
        digest: user.digest,
        purpose: path.kind === 'outside' ? 'trunk' : 'far_end',
        build: (towards) => this.#build(user.contact(towards)),
        onResponse: (response, sent, flow, at) => this.#onResponse(response, sent, flow, at),
        onFailure: (failure) => {
          if (this.#state.name === 'referring') this.#end(failure);
        },
      },
      now,
    );
  }

  matches(request: SipRequest): boolean {
    const event = request.method === 'NOTIFY' ? eventOf(request) : undefined;
    if (event?.package !== 'refer' || this.#sequences.size === 0) return false;
    return event.id === undefined || this.#sequences.has(Number(event.id));
  }

  onFirstNotify(transaction: ServerTransaction, now: Millis): void {
    const notification = this.#answer(transaction, now);
    if (notification === undefined) return;
    // A subscription that is over already makes no dialog.
    if (notification.state.state !== 'terminated') {
      this.#use(dialogOfNotify(transaction.request, Math.max(...this.#sequences), transaction.flow));
    }
    this.#onNotification(notification, now);
  }

  onRequest(transaction: ServerTransaction, now: Millis): void {
    this.#dialog?.seenOn(transaction.flow);
    this.#dialog?.refreshTarget(transaction.request);
    const notification = this.#answer(transaction, now);
    if (notification !== undefined) this.#onNotification(notification, now);
  }

  #answer(transaction: ServerTransaction, now: Millis): Notification | undefined {
    const notification = readNotification(transaction.request);
    answerInDialog(this.#options.user, transaction, notification === undefined ? 400 : 200, now);
    return notification;
  }

  #onNotification({ state: said, body }: Notification, now: Millis): void {
    if (this.#state.name === 'gone') return;
    const expires = said.state === 'terminated' ? undefined : said.expires;
    if (this.#state.name === 'referring') {
      this.#request?.stopRetrying();
      this.#accept(expires ?? usualLifetime, now);
    } else if (this.#state.name === 'accepted' && expires !== undefined) {
      this.#state.timer.cancel();
      this.#state = { name: 'accepted', timer: this.#patience(expires, now) };
    }
    const report = parseSipfrag(body);
    const isFinal = report !== undefined && report.status >= 200;
    if (this.#state.name === 'accepted') {
      if (isFinal) this.#report({ kind: 'reported', ...report }, now);
      else if (said.state === 'terminated') this.#end({ kind: 'unreported' });
      else if (report !== undefined) this.#tell({ name: 'progress', ...report });
    }
    if (said.state === 'terminated') this.#gone();
  }

  #onResponse(response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    // Whatever it is: where a NOTIFY was faster, the REFER was accepted.
    if (response.status < 200 || this.#state.name === 'gone') return;
    if (response.status >= 300) {
      if (this.#state.name === 'referring') this.#end({ kind: 'refused', response });
      return;
    }
    if (this.#state.name !== 'referring') return;
    if (referSub(response) === false) {
      this.#tell({ name: 'accepted', reports: false });
      this.#gone();
      return;
    }
    if (this.#options.path.kind === 'outside') this.#use(dialogOfClient(sent, response, flow));
    else this.#dialog?.refreshTarget(response);
    this.#accept(usualLifetime, now);
  }

  #accept(lifetime: number, now: Millis): void {
    this.#state = { name: 'accepted', timer: this.#patience(lifetime, now) };
    this.#tell({ name: 'accepted', reports: true });
  }

  /** The last NOTIFY, sent when the time is over, may take 64·T1. */
  #patience(lifetime: number, now: Millis): Timer {
    const { timers, timing } = this.#options.scope.agent;
    const until = now + Math.min(lifetime, longestLifetime) * 1_000 + sixtyFourT1(timing);
    return timers.arm(until, () => this.#end({ kind: 'unreported' }));
  }

  #report(outcome: ReferralOutcome, now: Millis): void {
    this.#cancelTimer();
    const { timers, timing } = this.#options.scope.agent;
    const timer = timers.arm(now + sixtyFourT1(timing), () => this.#gone());
    this.#state = { name: 'reported', timer };
    this.#tell({ name: 'ended', outcome });
  }

  #end(outcome: ReferralOutcome): void {
    this.#tell({ name: 'ended', outcome });
    this.#gone();
  }

  #gone(): void {
    if (this.#state.name === 'gone') return;
    this.#cancelTimer();
    this.#state = { name: 'gone' };
    const { scope, path, onGone } = this.#options;
    if (path.kind === 'outside') scope.awaited.remove(path);
    if (this.#dialog !== undefined) scope.dialogs.removeSubscription(this.#dialog, this);
    onGone();
  }

  #cancelTimer(): void {
    if (this.#state.name === 'accepted' || this.#state.name === 'reported') this.#state.timer.cancel();
  }

  #use(dialog: Dialog): void {
    const { scope, path } = this.#options;
    if (path.kind === 'outside') scope.awaited.remove(path);
    this.#dialog = dialog;
    scope.dialogs.addSubscription(dialog, this);
  }

  #build(contact: string): SipRequest {
    const { path, headers } = this.#options;
    const request = { method: 'REFER', contact, headers } as const;
    const built =
      path.kind === 'inside'
        ? path.dialog.createRequest({ ...request, sequence: path.dialog.nextSequence() })
        : createRequest({
            ...request,
            uri: path.to,
            from: { uri: path.from, params: new Map([['tag', path.localTag]]) },
            to: { uri: path.to, params: new Map() },
            callId: path.callId,
            cseq: this.#sequences.size + 1,
          });
    this.#sequences.add(cseq(built)?.number ?? 0);
    return built;
  }

  #tell(state: ReferralState): void {
    const { scope, id } = this.#options;
    scope.agent.emit({ type: 'referral.changed', referral: id, state });
  }
}

function nextHopOf(path: ReferralPath): NextHop {
  if (path.kind === 'inside') return path.dialog.nextHop();
  return path.target === undefined ? { uri: path.to } : { uri: path.to, preferred: path.target };
}
