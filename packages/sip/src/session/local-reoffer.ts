import { capabilitiesWithout, capabilityHeaders } from '../agent/capabilities.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { Body, ExtraHeaders, Flow, Millis } from '../endpoint/api.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { DialogRequestResult } from './dialog-request.ts';
import { endsDialog, sendInDialog } from './dialog-request.ts';
import { glareDelay } from './glare.ts';
import { InviteRequest } from './invite-request.ts';
import type { Negotiation } from './negotiation.ts';
import type { SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';
import type { SessionTimerKeeper } from './session-timer.ts';
import { SuccessAcks } from './success-acks.ts';

export type OfferMethod = 'INVITE' | 'UPDATE';

export interface LocalReofferOptions {
  readonly scope: SessionScope;
  readonly dialog: Dialog;
  readonly negotiation: Negotiation;
  readonly timer: SessionTimerKeeper;
  readonly ownsCallId: boolean;
  /** Nothing of the other side, and no INVITE transaction of the dialog, is under way (section 14.1, RFC 3311 section 5.1). */
  readonly mayOffer: (method: OfferMethod) => boolean;
  /** Our description counts from now on, and theirs, where the answer brought one. */
  readonly onAgreed: (ours: Body, theirs: Body | undefined) => void;
  readonly onSettled: (now: Millis) => void;
  readonly onDialogLost: (result: DialogRequestResult, now: Millis) => void;
}

type Wish = {
  /** The session timer wants no result. */
  readonly isRefresh: boolean;
  readonly refusals: number;
  /** Of the application, e.g. who is at our side from now on. */
  readonly headers: ExtraHeaders;
} & (
  | { readonly method: 'INVITE'; readonly offer: Body }
  /** Without an offer in a refresh (RFC 4028 section 7.4), which may go at any time. */
  | { readonly method: 'UPDATE'; readonly offer: Body | undefined }
);

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'queued'; readonly wish: Wish }
  | {
      readonly name: 'inviting';
      readonly wish: Wish;
      readonly request: InviteRequest;
      readonly patience: Timer;
      /** When it was sent. */
      readonly since: Millis;
    }
  /** `early`: before the 2xx to the first INVITE, with which session timers begin. */
  | { readonly name: 'updating'; readonly wish: Wish; readonly early: boolean; readonly since: Millis }
  | { readonly name: 'waiting'; readonly wish: Wish; readonly timer: Timer }
  | { readonly name: 'stopped' };

const maxGlareRefusals = 5;

/**
 * Our re-INVITE (RFC 3261 section 14.1) or UPDATE (RFC 3311 section 5.1), with a new offer or to refresh the session.
 *
 * ```
 *   idle ──reoffer, refresh──► queued ──nothing under way──► inviting ──2xx: ACK, result────────► idle
 *                               ▲ ▲                          updating ─2xx: result─────────────► idle
 *                               │ └────422: longer interval────┤ │ └───other failure: result──► idle
 *                               │                              │ └─────408, 481, time-out────► session over
 *                               └──── waiting ◄──────491───────┘
 *                                 2.1–4 s or 0–2 s
 * ```
 *
 * An UPDATE with an offer that the other side does not know (405, 501) is tried again as re-INVITE, where that may be. An offer of the
 * application takes the place of a refresh that waits, and follows one that is out.
 */
export class LocalReoffer {
  readonly #options: LocalReofferOptions;
  #state: State = { name: 'idle' };
  /** The application's, while a refresh is out. */
  #next: Wish | undefined;

  constructor(options: LocalReofferOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#state.name === 'idle';
  }

  /** Nothing of the application is under way; of a refresh it knows nothing. */
  get mayStart(): boolean {
    const state = this.#state;
    if (state.name === 'idle') return true;
    return state.name !== 'stopped' && state.wish.isRefresh && this.#next === undefined;
  }

  /** Our INVITE is outstanding: one from the other side meets it with 491. */
  get isInviting(): boolean {
    return this.#state.name === 'inviting';
  }

  start(method: OfferMethod, offer: Body, now: Millis, headers: ExtraHeaders = []): void {
    const wish: Wish = { method, offer, isRefresh: false, refusals: 0, headers };
    const state = this.#state;
    if (state.name === 'inviting' || state.name === 'updating') this.#next = wish;
    else if (state.name === 'waiting') this.#state = { ...state, wish };
    else this.#queue(wish, now);
  }

  /** By UPDATE, or by a re-INVITE that repeats this description. */
  refresh(description: Body | undefined, now: Millis): void {
    const common = { isRefresh: true, refusals: 0, headers: [] };
    const wish: Wish =
      description === undefined
        ? { ...common, method: 'UPDATE', offer: undefined }
        : { ...common, method: 'INVITE', offer: description };
    this.#queue(wish, now);
  }

  /** Something has been settled: what is queued may go now. */
  proceed(now: Millis): void {
    if (this.#state.name !== 'queued') return;
    const { wish } = this.#state;
    const { negotiation, mayOffer } = this.#options;
    if (wish.offer !== undefined && (negotiation.state !== 'stable' || !mayOffer(wish.method))) return;
    if (wish.method === 'INVITE') this.#invite(wish, now);
    else this.#update(wish, now);
  }

  /** The session is over; a 2xx that still comes is acknowledged. */
  stop(now: Millis): void {
    if (this.#state.name === 'inviting') {
      this.#state.patience.cancel();
      this.#state.request.letGo(now);
    }
    if (this.#state.name === 'waiting') this.#state.timer.cancel();
    this.#next = undefined;
    this.#state = { name: 'stopped' };
  }

  #queue(wish: Wish, now: Millis): void {
    this.#state = { name: 'queued', wish };
    this.proceed(now);
  }

  #invite(wish: Extract<Wish, { method: 'INVITE' }>, now: Millis): void {
    const { scope, dialog, negotiation, timer } = this.#options;
    negotiation.apply('offer_sent');
    const acks = new SuccessAcks(scope.agent, scope.digest);
    const request = new InviteRequest(
      scope.agent,
      {
        nextHop: dialog.nextHop(),
        digest: scope.digest,
        build: (target) =>
          dialog.createRequest({
            method: 'INVITE',
            sequence: dialog.nextSequence(),
            contact: scope.contact(target),
            // Its provisional responses are passed over, so they must not wait for a PRACK (RFC 3262 section 4).
            headers: [...capabilitiesWithout('100rel'), ...timer.requestHeaders(), ...wish.headers],
            body: wish.offer,
          }),
        onResponse: (response, sent, flow, at) => this.#onInviteResponse(acks, response, sent, flow, at),
        onFailure: (failure, at) => this.#onFinal(failure, at),
      },
      now,
    );
    const patience = scope.agent.timers.arm(now + 2 * sixtyFourT1(scope.agent.timing), (at) => {
      request.cancel([], at);
    });
    this.#state = { name: 'inviting', wish, request, patience, since: now };
  }

  #update(wish: Extract<Wish, { method: 'UPDATE' }>, now: Millis): void {
    const { scope, dialog, negotiation, timer } = this.#options;
    if (wish.offer !== undefined) negotiation.apply('offer_sent');
    const early = dialog.state === 'early';
    this.#state = { name: 'updating', wish, early, since: now };
    const request = {
      method: 'UPDATE',
      headers: [...capabilityHeaders, ...(early ? [] : timer.requestHeaders()), ...wish.headers],
      ...(wish.offer !== undefined && { body: wish.offer }),
    };
    const done = (result: DialogRequestResult, at: Millis): void => {
      const response = result.kind === 'response' ? result.response : undefined;
      if (response !== undefined && response.status < 300) dialog.refreshTarget(response);
      // What it allows, then: the next refresh goes by re-INVITE.
      if (response?.status === 405 || response?.status === 501) dialog.learn(response);
      this.#onFinal(result, at);
    };
    sendInDialog(scope, dialog, request, done, now);
  }

  #onInviteResponse(
    acks: SuccessAcks,
    response: SipResponse,
    sent: SipRequest,
    flow: Flow,
    now: Millis,
  ): void {
    const { dialog } = this.#options;
    if (response.status < 200) return;
    if (response.status < 300) {
      if (acks.repeat(dialog.remoteTag, flow, now)) return;
      dialog.seenOn(flow);
      dialog.refreshTarget(response);
      acks.send(dialog, sent, undefined, now);
    }
    this.#onFinal({ kind: 'response', response }, now);
  }

  #onFinal(result: DialogRequestResult, now: Millis): void {
    const state = this.#state;
    if (state.name !== 'inviting' && state.name !== 'updating') return;
    if (state.name === 'inviting') state.patience.cancel();
    const { wish } = state;
    const { negotiation, timer, onSettled, onAgreed } = this.#options;
    if (wish.offer !== undefined) negotiation.apply('settled');
    const response = result.kind === 'response' ? result.response : undefined;
    if (this.#triesAgain(wish, response, now)) return;
    const next = this.#takeNext();
    this.#state = next === undefined ? { name: 'idle' } : { name: 'queued', wish: next };
    const ok = response !== undefined && response.status < 300;
    if (ok) {
      if (wish.offer !== undefined) onAgreed(wish.offer, descriptionOf(response));
      if (state.name === 'inviting' || !state.early) timer.onSuccess(response, now, state.since);
    }
    if (!wish.isRefresh) this.#tell(ok, response);
    if (endsDialog(result)) this.#options.onDialogLost(result, now);
    else onSettled(now);
  }

  /** After glare, a 422 with a longer interval, or an UPDATE that the other side does not know. */
  #triesAgain(wish: Wish, response: SipResponse | undefined, now: Millis): boolean {
    const { scope, timer, ownsCallId, onSettled, mayOffer } = this.#options;
    if (response === undefined) return false;
    switch (response.status) {
      case 491: {
        if (wish.refusals >= maxGlareRefusals) return false;
        const again = this.#takeNext() ?? { ...wish, refusals: wish.refusals + 1 };
        const at = now + glareDelay(ownsCallId, scope.agent.identifiers);
        const timer = scope.agent.timers.arm(at, (due) => {
          if (this.#state.name === 'waiting') this.#queue(this.#state.wish, due);
        });
        this.#state = { name: 'waiting', wish: again, timer };
        onSettled(now);
        return true;
      }
      case 422:
        if (!timer.onTooSmall(response)) return false;
        this.#queue(this.#takeNext() ?? wish, now);
        return true;
      case 405:
      case 501: {
        const { offer } = wish;
        if (wish.method !== 'UPDATE' || offer === undefined || !mayOffer('INVITE')) return false;
        this.#queue({ ...wish, offer, method: 'INVITE' }, now);
        return true;
      }
      default:
        return false;
    }
  }

  #takeNext(): Wish | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }

  #tell(ok: boolean, response: SipResponse | undefined): void {
    const { scope } = this.#options;
    const answer = response === undefined ? undefined : descriptionOf(response);
    scope.emit({
      type: 'session.reoffer_result',
      session: scope.id,
      ok,
      ...(answer !== undefined && { answer }),
      ...(response !== undefined && { status: response.status }),
    });
  }
}
