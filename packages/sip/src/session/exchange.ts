import type { Dialog } from '../dialog/dialog.ts';
import type { Body, Millis, SessionTimer } from '../endpoint/api.ts';
import type { SipResponse } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { DialogRequestResult } from './dialog-request.ts';
import { LocalReoffer } from './local-reoffer.ts';
import type { OfferMethod } from './local-reoffer.ts';
import { Negotiation } from './negotiation.ts';
import type { OfferAnswerState } from './offer-answer.ts';
import { RemoteReoffer } from './remote-reoffer.ts';
import type { SessionScope } from './scope.ts';
import { SessionTimerKeeper } from './session-timer.ts';

/** What the phase of the call that a dialog is in has to say to its offers. */
export interface ExchangeHost {
  /** Nothing of the call's own INVITE stands against an offer of ours by this method. */
  mayOffer(method: OfferMethod): boolean;
  /** The other side has described itself anew, after the exchange of the INVITE itself. */
  onDescribed(theirs: Body): void;
  /** A 2xx to a re-INVITE is to be sent until its ACK comes. */
  onReinviteAccepted(
    transaction: ServerTransaction,
    response: SipResponse,
    awaitsAnswer: boolean,
    now: Millis,
  ): void;
  /** The other side does not know the dialog any more, or is silent. */
  onDialogLost(result: DialogRequestResult, now: Millis): void;
  /** Nobody has refreshed the session in time (RFC 4028 section 10). */
  onSessionExpired(now: Millis): void;
}

export interface ExchangeOptions {
  readonly scope: SessionScope;
  readonly dialog: Dialog;
  readonly state: OfferAnswerState;
  /** We made the call: whose Call-ID it is decides who waits longer after glare (RFC 3261 section 14.1). */
  readonly ownsCallId: boolean;
  readonly host: ExchangeHost;
  readonly sessionTimer?: SessionTimer | undefined;
  /** Seconds that a session interval has at least. */
  readonly leastInterval?: number;
}

/**
 * Offers, answers and the session timer of one dialog, from its first response to its end: what an early dialog has agreed
 * (RFC 3262, RFC 3311) goes on in the call that is answered.
 */
export class OfferExchange {
  readonly dialog: Dialog;
  readonly negotiation: Negotiation;
  readonly local: LocalReoffer;
  readonly remote: RemoteReoffer;
  readonly timer: SessionTimerKeeper;
  /** The phase that the call is in now. */
  host: ExchangeHost;
  /** Our description that counts now: a refresh by re-INVITE repeats it (RFC 4028 section 7.4). */
  described: Body | undefined;

  constructor({ scope, dialog, state, ownsCallId, host, sessionTimer, leastInterval }: ExchangeOptions) {
    this.dialog = dialog;
    this.host = host;
    this.negotiation = new Negotiation(state);
    this.timer = new SessionTimerKeeper({
      agent: scope.agent,
      wish: sessionTimer,
      least: leastInterval,
      refresh: (now) => this.#refresh(now),
      expire: (now) => this.host.onSessionExpired(now),
    });
    const shared = { scope, dialog, negotiation: this.negotiation, timer: this.timer };
    const onAgreed = (ours: Body, theirs: Body | undefined): void => {
      this.described = ours;
      if (theirs !== undefined) this.host.onDescribed(theirs);
    };
    const onSettled = (now: Millis): void => this.local.proceed(now);
    this.local = new LocalReoffer({
      ...shared,
      ownsCallId,
      mayOffer: (method) => !this.remote.isPending && this.host.mayOffer(method),
      onAgreed,
      onSettled,
      onDialogLost: (result, now) => this.host.onDialogLost(result, now),
    });
    this.remote = new RemoteReoffer({
      ...shared,
      isInviting: () => this.local.isInviting,
      onAccepted: (transaction, response, awaitsAnswer, now) =>
        this.host.onReinviteAccepted(transaction, response, awaitsAnswer, now),
      onAgreed,
      onSettled,
    });
  }

  /** The call is over, or this dialog of it. */
  stop(now: Millis): void {
    this.local.stop(now);
    this.remote.stop(now);
    this.timer.stop();
  }

  #refresh(now: Millis): void {
    // An offer that is under way refreshes the session as well.
    if (!this.local.isIdle) return;
    this.local.refresh(this.dialog.takesUpdate ? undefined : this.described, now);
  }
}
