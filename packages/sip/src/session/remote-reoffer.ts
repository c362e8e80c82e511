import { acceptSdp, capabilityHeaders } from '../agent/capabilities.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { Body, Millis } from '../endpoint/api.ts';
import type { SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { answer, retrySoon } from './dialog-server.ts';
import type { Negotiation } from './negotiation.ts';
import { refusalOfOffer } from './offer-answer.ts';
import type { SessionScope } from './scope.ts';
import { sessionBodyOf } from './session-body.ts';
import type { SessionTimerKeeper } from './session-timer.ts';
import { isIntervalTooSmall, leastInterval } from './session-timer.ts';

export interface RemoteReofferOptions {
  readonly scope: SessionScope;
  readonly dialog: Dialog;
  readonly negotiation: Negotiation;
  readonly timer: SessionTimerKeeper;
  /** An INVITE of ours is outstanding. */
  readonly isInviting: () => boolean;
  /** A 2xx to a re-INVITE is to be sent until its ACK comes. */
  readonly onAccepted: (
    transaction: ServerTransaction,
    response: SipResponse,
    awaitsAnswer: boolean,
    now: Millis,
  ) => void;
  /** Our description counts from now on, and the offer that it answers. */
  readonly onAgreed: (ours: Body, theirs: Body | undefined) => void;
  readonly onSettled: (now: Millis) => void;
}

interface Pending {
  readonly transaction: ServerTransaction;
  /** A re-INVITE without one asks for ours. */
  readonly offer: Body | undefined;
  readonly patience: Timer;
}

/**
 * Re-INVITE, UPDATE and PRACK with an offer from the other side (RFC 3261 section 14.2, RFC 3311 section 5.2, RFC 3262
 * section 5): at most one at a time waits for the application; for one that comes out of turn the rules of glare give the
 * answer. The target is refreshed when the request is accepted (RFC 6141 section 4.2).
 */
export class RemoteReoffer {
  readonly #options: RemoteReofferOptions;
  #pending: Pending | undefined;

  constructor(options: RemoteReofferOptions) {
    this.#options = options;
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  onInvite(transaction: ServerTransaction, now: Millis): void {
    const { scope, negotiation, isInviting } = this.#options;
    const body = sessionBodyOf(transaction.request);
    const refusal = isInviting() ? 491 : refusalOfOffer(negotiation.state);
    if (refusal !== undefined) this.#refuseOutOfTurn(transaction, refusal, now);
    else if (body.kind === 'unsupported') answer(scope, transaction, 415, now, [acceptSdp]);
    else if (!this.#refusesInterval(transaction, now)) {
      this.#ask(transaction, body.kind === 'description' ? body.body : undefined, now);
    }
  }

  onUpdate(transaction: ServerTransaction, now: Millis): void {
    const { scope, negotiation } = this.#options;
    const body = sessionBodyOf(transaction.request);
    if (body.kind === 'unsupported') answer(scope, transaction, 415, now, [acceptSdp]);
    else if (this.#refusesInterval(transaction, now)) return;
    else if (body.kind === 'none') this.#accept(transaction, undefined, now);
    else {
      const refusal = refusalOfOffer(negotiation.state);
      if (refusal === undefined) this.#ask(transaction, body.body, now);
      else this.#refuseOutOfTurn(transaction, refusal, now);
    }
  }

  /** A PRACK that acknowledges and brings an offer besides. */
  onPrackOffer(transaction: ServerTransaction, offer: Body, now: Millis): void {
    const refusal = refusalOfOffer(this.#options.negotiation.state);
    if (refusal === undefined) this.#ask(transaction, offer, now);
    else this.#refuseOutOfTurn(transaction, refusal, now);
  }

  /** The application's answer, or its offer where it was asked for one. */
  accept(body: Body, now: Millis): void {
    const pending = this.#take();
    if (pending === undefined) return;
    const { negotiation, onAccepted, onSettled } = this.#options;
    const { transaction, offer } = pending;
    const hasOffer = offer !== undefined;
    this.#options.onAgreed(body, offer);
    negotiation.apply(hasOffer ? 'settled' : 'offer_sent');
    if (transaction.request.method === 'INVITE') {
      this.#options.dialog.refreshTarget(transaction.request);
      onAccepted(transaction, this.#success(transaction, body, now), !hasOffer, now);
    } else {
      this.#accept(transaction, body, now);
    }
    onSettled(now);
  }

  refuse(status: number, now: Millis): void {
    const pending = this.#take();
    if (pending === undefined) return;
    this.#options.negotiation.apply('settled');
    answer(this.#options.scope, pending.transaction, status, now);
    this.#options.onSettled(now);
  }

  /** The session is over: what waits is answered 487 (section 15.1.2). */
  stop(now: Millis): void {
    const pending = this.#take();
    if (pending !== undefined) answer(this.#options.scope, pending.transaction, 487, now);
  }

  #ask(transaction: ServerTransaction, offer: Body | undefined, now: Millis): void {
    const { scope, negotiation } = this.#options;
    negotiation.apply(offer === undefined ? 'offer_requested' : 'offer_received');
    const patience = scope.agent.timers.arm(now + sixtyFourT1(scope.agent.timing), (at) =>
      this.refuse(500, at),
    );
    this.#pending = { transaction, offer, patience };
    scope.emit({
      type: 'session.reoffer',
      session: scope.id,
      request: transaction.request,
      ...(offer !== undefined && { offer }),
    });
  }

  #accept(transaction: ServerTransaction, body: Body | undefined, now: Millis): void {
    // PRACK is no target refresh request (RFC 3262 section 6).
    if (transaction.request.method !== 'PRACK') this.#options.dialog.refreshTarget(transaction.request);
    transaction.respond(this.#success(transaction, body, now), now);
  }

  #success(transaction: ServerTransaction, body: Body | undefined, now: Millis): SipResponse {
    const { scope, dialog, timer } = this.#options;
    const { request } = transaction;
    // Before the 2xx to the first INVITE there is no session to keep.
    const isRefresh = request.method !== 'PRACK' && dialog.state === 'confirmed';
    const refreshes = isRefresh ? timer.answer(request, now) : [];
    return scope.agent.response(request, 200, {
      contact: scope.contact(transaction.flow),
      headers: [...capabilityHeaders, ...refreshes],
      ...(body !== undefined && { body }),
    });
  }

  /** The session timer that they ask for is shorter than we bear (RFC 4028 section 9). */
  #refusesInterval(transaction: ServerTransaction, now: Millis): boolean {
    if (!isIntervalTooSmall(transaction.request)) return false;
    answer(this.#options.scope, transaction, 422, now, [leastInterval]);
    return true;
  }

  #refuseOutOfTurn(transaction: ServerTransaction, status: 491 | 500, now: Millis): void {
    const { scope } = this.#options;
    answer(scope, transaction, status, now, status === 500 ? [retrySoon(scope)] : []);
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    pending?.patience.cancel();
    this.#pending = undefined;
    return pending;
  }
}
