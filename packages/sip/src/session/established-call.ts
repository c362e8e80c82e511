import type { Dialog } from '../dialog/dialog.ts';
import type { Body, EndReason, ExtraHeaders, Millis, OutgoingRequestId } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { cseq } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { AcceptedInvite } from './accepted-invite.ts';
import type { DialogRequestResult } from './dialog-request.ts';
import { endsDialog, sendBye, sendInDialog, sendLastBye } from './dialog-request.ts';
import { answer, answerOrOffer, endedByPeer } from './dialog-server.ts';
import type { ExchangeHost, OfferExchange } from './exchange.ts';
import type { ReliableProvisionals } from './reliable-provisionals.ts';
import type { SessionPhase, SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';

/** How the call came about, and what of that is still open. */
export type Establishment =
  | {
      readonly role: 'caller';
      /** Sends the ACK, or a PRACK, where it waits for our answer to a delayed offer. */
      readonly acknowledge?: (answer: Body | undefined, now: Millis) => void;
    }
  | {
      readonly role: 'callee';
      readonly transaction: ServerTransaction;
      readonly response: SipResponse;
      /** Our 2xx carried the offer. */
      readonly awaitsAnswer: boolean;
      /** A provisional response may still wait for its PRACK. */
      readonly provisionals: ReliableProvisionals | undefined;
      readonly now: Millis;
    };

interface Unacknowledged {
  readonly accepted: AcceptedInvite;
  readonly isFirst: boolean;
  readonly awaitsAnswer: boolean;
}

/** A request that waits until the other side knows the dialog for certain. */
export interface HeldRequest {
  readonly send: (now: Millis) => void;
  readonly done: (result: DialogRequestResult, now: Millis) => void;
}

const mostHeldRequests = 32;

type Closing =
  | { readonly name: 'open' }
  /** A callee must not send BYE before the ACK has come (section 15). */
  | { readonly name: 'after_ack'; readonly headers: ExtraHeaders }
  | { readonly name: 'bye_sent' }
  | { readonly name: 'over' };

/**
 * A call after the 2xx (RFC 3261 sections 12.2, 14, 15).
 *
 * ```
 *   open ──end──► bye_sent ──final response or time-out──► over
 *    │ │              ▲ └──────BYE from the other side: 200──► over
 *    │ └─end, our 2xx is not acknowledged─► after_ack ──ACK──┘
 *    │
 *    ├─BYE from the other side: 200────────────────────────► over
 *    ├─no ACK for 64·T1, session expired: BYE──────────────► over
 *    └─408, 481 or silence to a request of ours────────────► over
 * ```
 */
export class EstablishedCall implements SessionPhase, ExchangeHost {
  readonly name = 'established';
  readonly #scope: SessionScope;
  readonly #dialog: Dialog;
  readonly #exchange: OfferExchange;
  readonly #provisionals: ReliableProvisionals | undefined;
  /** 2xx of ours without an ACK, by CSeq number. */
  readonly #unacknowledged = new Map<number, Unacknowledged>();
  /**
   * Requests until the first ACK comes: the 2xx may be lost, and then the caller does not know the dialog and would answer
   * 481, which ends the session.
   */
  readonly #held: HeldRequest[] = [];
  #acknowledge: ((answer: Body | undefined, now: Millis) => void) | undefined;
  #closing: Closing = { name: 'open' };
  /** What the end that we began is told as. */
  #why: EndReason = { by: 'local' };

  constructor(scope: SessionScope, exchange: OfferExchange, how: Establishment) {
    this.#scope = scope;
    this.#dialog = exchange.dialog;
    this.#exchange = exchange;
    this.#provisionals = how.role === 'callee' ? how.provisionals : undefined;
    exchange.host = this;
    if (how.role === 'caller') this.#acknowledge = how.acknowledge;
    else {
      const kind = { isFirst: true, awaitsAnswer: how.awaitsAnswer };
      this.#sendUntilAck(how.transaction, how.response, kind, how.now);
    }
  }

  /** `undefined` where the call is ending: nothing new begins in its dialog then. */
  get openDialog(): Dialog | undefined {
    return this.#closing.name === 'open' ? this.#dialog : undefined;
  }

  acknowledge(body: Body, now: Millis): void {
    if (this.#acknowledge === undefined) {
      throw new SipUsageError('wrong_state', 'the session does not wait for an answer to acknowledge with');
    }
    this.#exchange.negotiation.apply('settled');
    this.#acknowledge(body, now);
    this.#acknowledge = undefined;
    this.#exchange.local.proceed(now);
  }

  reoffer(offer: Body, options: { update?: boolean; headers?: ExtraHeaders }, now: Millis): void {
    this.#assertOpen();
    const { local } = this.#exchange;
    if (!local.mayStart) throw new SipUsageError('wrong_state', 'an offer is under way already');
    local.start(options.update === true ? 'UPDATE' : 'INVITE', offer, now, options.headers);
  }

  acceptOffer(body: Body, now: Millis): void {
    this.#assertAsked();
    this.#exchange.remote.accept(body, now);
  }

  refuseOffer(status: number, now: Millis): void {
    this.#assertAsked();
    this.#exchange.remote.refuse(status, now);
  }

  request(request: { method: string; body?: Body; headers?: ExtraHeaders }, now: Millis): OutgoingRequestId {
    this.#assertOpen();
    const outgoing = this.#scope.agent.newOutgoingRequestId();
    const done = (result: DialogRequestResult, at: Millis): void => {
      this.#scope.agent.emit({ type: 'response', outgoing, result });
      if (endsDialog(result)) this.#lost(result, at);
    };
    const send = (at: Millis): void => sendInDialog(this.#scope, this.#dialog, request, done, at);
    this.whenKnown({ send, done }, now);
    return outgoing;
  }

  /** Sends it at once, or when the first ACK has come. */
  whenKnown(request: HeldRequest, now: Millis): void {
    if (!this.#awaitsFirstAck) {
      request.send(now);
      return;
    }
    if (this.#held.length >= mostHeldRequests) {
      throw new SipUsageError('limit', 'too many requests wait for the ACK of the call');
    }
    this.#held.push(request);
  }

  /** Both kinds of offer wait until the caller has our 2xx for certain. */
  mayOffer(): boolean {
    return this.#unacknowledged.size === 0;
  }

  onDescribed(): void {
    // The application was asked, or told the result.
  }

  onReinviteAccepted(
    transaction: ServerTransaction,
    response: SipResponse,
    awaitsAnswer: boolean,
    now: Millis,
  ): void {
    this.#sendUntilAck(transaction, response, { isFirst: false, awaitsAnswer }, now);
  }

  onDialogLost(result: DialogRequestResult, now: Millis): void {
    this.#lost(result, now);
  }

  onSessionExpired(now: Millis): void {
    this.end([['Reason', 'SIP;cause=408;text="Session expired"']], now, {
      by: 'timeout',
      which: 'session_expired',
    });
  }

  end(headers: ExtraHeaders, now: Millis, why: EndReason = { by: 'local' }): void {
    if (this.#closing.name !== 'open') return;
    this.#why = why;
    if (this.#awaitsFirstAck) {
      this.#closing = { name: 'after_ack', headers };
      this.#exchange.stop(now);
    } else {
      this.#sendBye(headers, now);
    }
  }

  onAck(ack: SipRequest, now: Millis): void {
    const number = cseq(ack)?.number ?? 0;
    const waiting = this.#unacknowledged.get(number);
    if (waiting === undefined) return;
    waiting.accepted.stop();
    this.#unacknowledged.delete(number);
    if (waiting.awaitsAnswer) this.#exchange.negotiation.apply('settled');
    if (this.#closing.name === 'after_ack') {
      this.#sendBye(this.#closing.headers, now);
      return;
    }
    if (this.#closing.name !== 'open') return;
    if (waiting.isFirst || waiting.awaitsAnswer) {
      const body = descriptionOf(ack);
      const { id: session } = this.#scope;
      this.#scope.emit({ type: 'session.confirmed', session, ...(body !== undefined && { body }) });
    }
    for (const { send } of this.#held.splice(0)) send(now);
    this.#exchange.local.proceed(now);
  }

  onRequest(transaction: ServerTransaction, _dialog: Dialog, now: Millis): void {
    const { request, flow } = transaction;
    this.#dialog.seenOn(flow);
    if (request.method === 'BYE') {
      answer(this.#scope, transaction, 200, now);
      const isOurs = this.#closing.name !== 'open';
      this.#finish(isOurs ? this.#why : endedByPeer(request), now);
      return;
    }
    if (this.#closing.name !== 'open') {
      answer(this.#scope, transaction, 481, now);
      return;
    }
    if (request.method === 'INVITE') this.#exchange.remote.onInvite(transaction, now);
    else if (request.method === 'UPDATE') this.#exchange.remote.onUpdate(transaction, now);
    else if (request.method === 'PRACK' && this.#provisionals?.acknowledges(request) === true) {
      // It has crossed our 2xx.
      const offer = descriptionOf(request);
      if (offer === undefined) answer(this.#scope, transaction, 200, now);
      else this.#exchange.remote.onPrackOffer(transaction, offer, now);
      this.#provisionals.onAcknowledged(now);
    } else answerOrOffer(this.#scope, transaction, now);
  }

  #sendUntilAck(
    transaction: ServerTransaction,
    response: SipResponse,
    kind: Omit<Unacknowledged, 'accepted'>,
    now: Millis,
  ): void {
    const { agent } = this.#scope;
    const number = cseq(transaction.request)?.number ?? 0;
    // An ACK with the INVITE's own branch reaches the transaction instead of the dialog.
    transaction.user = { onAck: (ack, at) => this.onAck(ack, at) };
    const onUnacknowledged = (at: Millis): void => {
      this.#unacknowledged.delete(number);
      const isOurs = this.#closing.name !== 'open';
      if (this.#closing.name !== 'bye_sent') sendLastBye(this.#scope, this.#dialog, [], at);
      this.#finish(isOurs ? this.#why : { by: 'timeout', which: 'no_ack' }, at);
    };
    const accepted = new AcceptedInvite(agent, transaction, response, onUnacknowledged, now);
    this.#unacknowledged.set(number, { ...kind, accepted });
  }

  #sendBye(headers: ExtraHeaders, now: Millis): void {
    this.#closing = { name: 'bye_sent' };
    this.#exchange.stop(now);
    this.#acknowledge?.(undefined, now);
    this.#acknowledge = undefined;
    sendBye(this.#scope, this.#dialog, headers, (at) => this.#finish(this.#why, at), now);
  }

  /** The other side does not know the dialog any more, or is silent. */
  #lost(result: DialogRequestResult, now: Millis): void {
    if (this.#closing.name !== 'open') return;
    if (result.kind === 'response' && result.response.status === 481) {
      this.#finish({ by: 'remote', reason: 'SIP;cause=481;text="Call/Transaction Does Not Exist"' }, now);
      return;
    }
    sendLastBye(this.#scope, this.#dialog, [], now);
    this.#finish({ by: 'timeout', which: 'transaction' }, now);
  }

  #finish(reason: EndReason, now: Millis): void {
    if (this.#closing.name === 'over') return;
    this.#closing = { name: 'over' };
    this.#exchange.stop(now);
    this.#acknowledge?.(undefined, now);
    this.#acknowledge = undefined;
    for (const { accepted } of this.#unacknowledged.values()) accepted.stop();
    this.#unacknowledged.clear();
    const unsent: DialogRequestResult = { kind: 'transport', text: 'the session has ended' };
    for (const { done } of this.#held.splice(0)) done(unsent, now);
    this.#scope.end(reason, now);
  }

  get #awaitsFirstAck(): boolean {
    return this.#unacknowledged.values().some(({ isFirst }) => isFirst);
  }

  #assertOpen(): void {
    if (this.#closing.name !== 'open') {
      throw new SipUsageError('wrong_state', 'the session is ending');
    }
  }

  #assertAsked(): void {
    if (!this.#exchange.remote.isPending) {
      throw new SipUsageError('wrong_state', 'no offer of the other side waits for an answer');
    }
  }
}
