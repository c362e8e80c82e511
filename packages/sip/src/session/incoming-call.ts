import { capabilityHeaders } from '../agent/capabilities.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { dialogOfServer } from '../dialog/dialog.ts';
import type { Body, EndReason, ExtraHeaders, Millis, SessionTimer } from '../endpoint/api.ts';
import { assertStatus, SipUsageError } from '../endpoint/errors.ts';
import { hasToken, numberHeader } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { answer, answerOrOffer, endedByPeer, retrySoon } from './dialog-server.ts';
import { EstablishedCall } from './established-call.ts';
import type { ExchangeHost } from './exchange.ts';
import { OfferExchange } from './exchange.ts';
import type { OfferMethod } from './local-reoffer.ts';
import { ReliableProvisionals } from './reliable-provisionals.ts';
import { longestRinging } from './ringing.ts';
import type { SessionPhase, SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';

/** A proxy gives up after three minutes without a word (section 13.3.1.1), so one comes every minute. */
const provisionalInterval: Millis = 60_000;

interface RingOptions {
  readonly status?: number;
  readonly body?: Body;
  readonly headers?: ExtraHeaders;
  readonly reliable?: boolean;
}

interface AcceptOptions {
  readonly headers?: ExtraHeaders;
  readonly sessionTimer?: SessionTimer;
  readonly focus?: string;
}

/** Whether offer and answer of the INVITE itself were exchanged before the 2xx (RFC 3262 section 5). */
type EarlyExchange =
  | 'none'
  /** Our answer, or our offer, is out in a reliable provisional response. */
  | 'sent'
  | 'done';

export interface IncomingCallOptions {
  readonly scope: SessionScope;
  readonly transaction: ServerTransaction;
  readonly localTag: string;
  readonly hasOffer: boolean;
  readonly onEstablished: (call: EstablishedCall) => void;
  /** Just before the 2xx goes: what this call takes the place of ends now (RFC 3891). */
  readonly onAccepted: (now: Millis) => void;
  readonly now: Millis;
}

/**
 * An INVITE from the other side until it is answered (RFC 3261 section 13.3).
 *
 * ```
 *   waiting ──ring: 1xx (again every minute; reliable ones until their PRACK)──► waiting
 *      │  └──accept: 2xx──► the session goes on as EstablishedCall
 *      │       └─ while a reliable 1xx with a description waits for its PRACK: after that
 *      ├──refuse, end: 3xx–6xx──► ended
 *      ├──CANCEL, BYE: 487──────► ended
 *      ├──Expires passed: 487───► ended
 *      ├──no PRACK: 504─────────► ended
 *      └──ten minutes: 480──────► ended
 * ```
 */
export class IncomingCall implements SessionPhase, ExchangeHost {
  readonly name = 'incoming';
  readonly #options: IncomingCallOptions;
  readonly #scope: SessionScope;
  readonly #transaction: ServerTransaction;
  /** From the first response with our tag. */
  #exchange: OfferExchange | undefined;
  #provisionals: ReliableProvisionals | undefined;
  #early: EarlyExchange = 'none';
  /** `accept` has to wait for a PRACK. */
  #accepting: ((now: Millis) => void) | undefined;
  #repeat: Timer | undefined;
  readonly #expiry: Timer;

  constructor(options: IncomingCallOptions) {
    const { scope, transaction, now } = options;
    this.#options = options;
    this.#scope = scope;
    this.#transaction = transaction;
    const expires = numberHeader(transaction.request, 'expires');
    const ringing = expires === undefined ? longestRinging : Math.min(expires * 1_000, longestRinging);
    const status = ringing === longestRinging ? 480 : 487;
    this.#expiry = scope.agent.timers.arm(now + ringing, (at) =>
      this.#refuse(status, {}, { by: 'timeout', which: 'no_answer' }, at),
    );
  }

  ring(options: RingOptions, now: Millis): void {
    const status = options.status ?? 180;
    assertStatus(status, 101, 199, 'provisional response with a dialog');
    this.#assertNotAccepting();
    const { request } = this.#transaction;
    const isDemanded = hasToken(request, 'require', '100rel');
    const isPossible = isDemanded || hasToken(request, 'supported', '100rel');
    const isWanted = isDemanded || (options.reliable ?? options.body !== undefined);
    if (isPossible && isWanted) this.#ringReliably({ ...options, status }, now);
    else {
      this.#openDialog();
      const response = this.#response(status, this.#provisionalParts(options));
      this.#transaction.respond(response, now);
      this.#repeatLater((at) => this.#transaction.respond(response, at), now);
    }
  }

  accept(body: Body | undefined, options: AcceptOptions, now: Millis): void {
    this.#assertNotAccepting();
    if (body === undefined && this.#early === 'none') {
      throw new SipUsageError('bad_argument', 'the other side has no description of ours yet');
    }
    const exchange = this.#openDialog();
    const accept = (at: Millis): void => this.#accept(exchange, body, options, at);
    if (this.#provisionals?.holdsAnswer === true) this.#accepting = accept;
    else accept(now);
  }

  refuse(status: number, options: { reason?: string; headers?: ExtraHeaders }, now: Millis): void {
    assertStatus(status, 300, 699, 'final failure');
    this.#refuse(status, options, { by: 'local' }, now);
  }

  /** UPDATE, when offer and answer of the INVITE are exchanged (RFC 3311 section 5.1). */
  reoffer(offer: Body, _options: { update?: boolean }, now: Millis): void {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#early !== 'done' || this.#accepting !== undefined) {
      throw new SipUsageError(
        'wrong_state',
        'before the answer an offer has to follow one that was answered reliably',
      );
    }
    if (!exchange.local.mayStart) throw new SipUsageError('wrong_state', 'an offer is under way already');
    exchange.local.start('UPDATE', offer, now);
  }

  acceptOffer(body: Body, now: Millis): void {
    this.#asked().remote.accept(body, now);
  }

  refuseOffer(status: number, now: Millis): void {
    this.#asked().remote.refuse(status, now);
  }

  end(headers: ExtraHeaders, now: Millis, why: EndReason = { by: 'local' }): void {
    this.#refuse(603, { headers }, why, now);
  }

  /** The CANCEL itself is answered already (section 9.2). */
  onCancel(cancel: SipRequest, now: Millis): void {
    this.#refuse(487, {}, endedByPeer(cancel), now);
  }

  onAck(): void {
    // No 2xx of ours is out.
  }

  onRequest(transaction: ServerTransaction, dialog: Dialog, now: Millis): void {
    const { request } = transaction;
    switch (request.method) {
      case 'BYE':
        answer(this.#scope, transaction, 200, now);
        this.#refuse(487, {}, endedByPeer(request), now);
        break;
      case 'INVITE':
        // The first one has no final response yet (section 14.2).
        answer(this.#scope, transaction, 500, now, [retrySoon(this.#scope)]);
        break;
      case 'PRACK':
        this.#onPrack(transaction, now);
        break;
      case 'UPDATE':
        if (this.#exchange?.dialog === dialog) this.#exchange.remote.onUpdate(transaction, now);
        else answer(this.#scope, transaction, 481, now);
        break;
      default:
        answerOrOffer(this.#scope, transaction, now);
    }
  }

  mayOffer(method: OfferMethod): boolean {
    return method === 'UPDATE' && this.#early === 'done';
  }

  onDescribed(): void {
    // The application was asked, or told the result.
  }

  onReinviteAccepted(): void {
    // A re-INVITE before the first one has its final response is answered 500 and never comes so far.
  }

  onDialogLost(): void {
    // The caller's own INVITE tells how the call goes on.
  }

  onSessionExpired(): void {
    // Session timers begin with the 2xx.
  }

  #ringReliably(options: RingOptions & { readonly status: number }, now: Millis): void {
    const { agent } = this.#scope;
    const { request } = this.#transaction;
    const exchange = this.#openDialog();
    this.#provisionals ??= new ReliableProvisionals({
      agent,
      invite: request,
      send: (response, at) => this.#transaction.respond(response, at),
      onGivenUp: (at) => this.#refuse(504, {}, { by: 'timeout', which: 'no_prack' }, at),
    });
    const { body, ...rest } = options;
    // What is described once is described for good: a second one would be a new offer without a question.
    const described = body !== undefined && this.#early === 'none' ? body : undefined;
    this.#provisionals.push(
      {
        carriesDescription: described !== undefined,
        make: (sequence) => {
          const parts = this.#provisionalParts({ ...rest, ...(described && { body: described }) });
          const reliability = [
            ['Require', '100rel'],
            ['RSeq', String(sequence)],
          ] as const;
          return this.#response(options.status, {
            ...parts,
            headers: [...capabilityHeaders, ...reliability, ...(rest.headers ?? [])],
          });
        },
      },
      now,
    );
    if (described !== undefined) {
      this.#early = 'sent';
      exchange.described = described;
      exchange.negotiation.apply(this.#options.hasOffer ? 'settled' : 'offer_sent');
    }
    // RFC 3262 section 3: a new one now and then, so that no proxy gives up.
    this.#repeatLater((at) => this.#ringReliably({ ...rest, reliable: true }, at), now);
  }

  #onPrack(transaction: ServerTransaction, now: Millis): void {
    const provisionals = this.#provisionals;
    const exchange = this.#exchange;
    if (provisionals?.acknowledges(transaction.request) !== true || exchange === undefined) {
      answer(this.#scope, transaction, 481, now);
      return;
    }
    const body = descriptionOf(transaction.request);
    const isDescribed = this.#early === 'sent' && provisionals.waitsWithDescription;
    const isAnswer = isDescribed && !this.#options.hasOffer;
    if (isAnswer && body === undefined) {
      // Our offer was in it: without an answer nothing is acknowledged (RFC 3262 section 5).
      answer(this.#scope, transaction, 400, now);
      return;
    }
    if (isAnswer) exchange.negotiation.apply('settled');
    if (isDescribed) {
      this.#early = 'done';
      const { id: session } = this.#scope;
      this.#scope.emit({
        type: 'session.early_confirmed',
        session,
        ...(isAnswer && body !== undefined && { body }),
      });
    }
    if (body === undefined || isAnswer) answer(this.#scope, transaction, 200, now);
    else exchange.remote.onPrackOffer(transaction, body, now);
    provisionals.onAcknowledged(now);
    exchange.local.proceed(now);
    if (this.#accepting !== undefined && !provisionals.holdsAnswer) this.#accepting(now);
  }

  #accept(
    exchange: OfferExchange,
    body: Body | undefined,
    { headers = [], sessionTimer, focus }: AcceptOptions,
    now: Millis,
  ): void {
    const { hasOffer, onEstablished, onAccepted } = this.#options;
    const described = this.#early === 'none' ? body : undefined;
    if (described !== undefined) {
      exchange.negotiation.apply(hasOffer ? 'settled' : 'offer_sent');
      exchange.described = described;
    }
    exchange.dialog.state = 'confirmed';
    exchange.timer.want(sessionTimer);
    onAccepted(now);
    const { flow } = this.#transaction;
    const response = this.#response(200, {
      contact:
        focus === undefined
          ? this.#scope.contact(flow)
          : `${this.#scope.agent.local.contact(flow, focus)};isfocus`,
      headers: [...capabilityHeaders, ...exchange.timer.answer(this.#transaction.request, now), ...headers],
      ...(described !== undefined && { body: described }),
    });
    this.#stopTimers();
    const provisionals = this.#provisionals;
    provisionals?.onAnswered();
    onEstablished(
      new EstablishedCall(this.#scope, exchange, {
        role: 'callee',
        transaction: this.#transaction,
        response,
        awaitsAnswer: described !== undefined && !hasOffer,
        provisionals,
        now,
      }),
    );
  }

  #refuse(
    status: number,
    options: { reason?: string; headers?: ExtraHeaders },
    end: EndReason,
    now: Millis,
  ): void {
    this.#stopTimers();
    this.#provisionals?.stop();
    this.#exchange?.stop(now);
    this.#transaction.respond(this.#response(status, options), now);
    this.#scope.end(end, now);
  }

  #provisionalParts({ headers, body }: RingOptions) {
    return {
      contact: this.#scope.contact(this.#transaction.flow),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    };
  }

  #response(
    status: number,
    options: {
      reason?: string;
      headers?: ExtraHeaders;
      body?: Body;
      contact?: string;
    },
  ): SipResponse {
    const { request } = this.#transaction;
    return this.#scope.agent.response(request, status, { ...options, toTag: this.#options.localTag });
  }

  #openDialog(): OfferExchange {
    if (this.#exchange === undefined) {
      const { request, flow } = this.#transaction;
      const { localTag, hasOffer } = this.#options;
      this.#exchange = new OfferExchange({
        scope: this.#scope,
        dialog: dialogOfServer(request, localTag, flow),
        state: hasOffer ? 'remote_offer' : 'remote_request',
        ownsCallId: false,
        host: this,
      });
      this.#scope.addDialog(this.#exchange.dialog);
    }
    return this.#exchange;
  }

  #repeatLater(send: (now: Millis) => void, now: Millis): void {
    this.#repeat?.cancel();
    this.#repeat = this.#scope.agent.timers.arm(now + provisionalInterval, (at) => {
      send(at);
      this.#repeatLater(send, at);
    });
  }

  #stopTimers(): void {
    this.#repeat?.cancel();
    this.#expiry.cancel();
  }

  #asked(): OfferExchange {
    if (this.#exchange?.remote.isPending !== true) {
      throw new SipUsageError('wrong_state', 'no offer of the other side waits for an answer');
    }
    return this.#exchange;
  }

  #assertNotAccepting(): void {
    if (this.#accepting !== undefined) {
      throw new SipUsageError('wrong_state', 'the call is accepted already, and waits for a PRACK');
    }
  }
}
