import { capabilityHeaders } from '../agent/capabilities.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { dialogOfServer } from '../dialog/dialog.ts';
import type { Body, EndReason, ExtraHeaders, Millis } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { numberHeader } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { answer, answerOrOffer, endedByPeer, retrySoon } from './dialog-server.ts';
import { EstablishedCall } from './established-call.ts';
import type { SessionPhase, SessionScope } from './scope.ts';

/** A proxy gives up after three minutes without a word (section 13.3.1.1), so one comes every minute. */
const provisionalInterval: Millis = 60_000;

/** Nobody lets a phone ring for longer; so an application that forgets a call does not keep it for ever. */
const longestRinging: Millis = 600_000;

/**
 * An INVITE from the other side until it is answered (RFC 3261 section 13.3).
 *
 * ```
 *   waiting ──ring: 1xx (again every minute)──► waiting
 *      │  └──accept: 2xx──► the session goes on as EstablishedCall
 *      ├──refuse, end: 3xx–6xx──► ended
 *      ├──CANCEL, BYE: 487──────► ended
 *      ├──Expires passed: 487───► ended
 *      └──ten minutes: 480──────► ended
 * ```
 */
export class IncomingCall implements SessionPhase {
  readonly name = 'incoming';
  readonly #scope: SessionScope;
  readonly #onEstablished: (call: EstablishedCall) => void;
  readonly #transaction: ServerTransaction;
  readonly #localTag: string;
  readonly #hasOffer: boolean;
  /** From the first response with our tag. */
  #dialog: Dialog | undefined;
  #repeat: Timer | undefined;
  readonly #expiry: Timer;

  constructor(
    scope: SessionScope,
    transaction: ServerTransaction,
    localTag: string,
    hasOffer: boolean,
    onEstablished: (call: EstablishedCall) => void,
    now: Millis,
  ) {
    this.#scope = scope;
    this.#onEstablished = onEstablished;
    this.#transaction = transaction;
    this.#localTag = localTag;
    this.#hasOffer = hasOffer;
    const expires = numberHeader(transaction.request, 'expires');
    const ringing = expires === undefined ? longestRinging : Math.min(expires * 1_000, longestRinging);
    const status = ringing === longestRinging ? 480 : 487;
    this.#expiry = scope.agent.timers.arm(now + ringing, (at) =>
      this.#refuse(status, {}, { by: 'timeout', which: 'no_answer' }, at),
    );
  }

  ring(options: { status?: number; body?: Body; headers?: ExtraHeaders }, now: Millis): void {
    const status = options.status ?? 180;
    if (status <= 100 || status >= 200) {
      throw new SipUsageError('bad_argument', `${status} is no provisional response with a dialog`);
    }
    this.#openDialog();
    const response = this.#response(status, {
      contact: this.#scope.contact(this.#transaction.flow),
      ...(options.headers !== undefined && { headers: options.headers }),
      ...(options.body !== undefined && { body: options.body }),
    });
    this.#transaction.respond(response, now);
    this.#repeatLater(response, now);
  }

  accept(body: Body | undefined, { headers = [] }: { headers?: ExtraHeaders }, now: Millis): void {
    const dialog = this.#openDialog();
    dialog.state = 'confirmed';
    const response = this.#response(200, {
      contact: this.#scope.contact(this.#transaction.flow),
      headers: [...capabilityHeaders, ...headers],
      ...(body !== undefined && { body }),
    });
    this.#stopTimers();
    this.#onEstablished(
      new EstablishedCall(this.#scope, dialog, {
        role: 'callee',
        transaction: this.#transaction,
        response,
        awaitsAnswer: !this.#hasOffer,
        now,
      }),
    );
  }

  refuse(status: number, options: { reason?: string; headers?: ExtraHeaders }, now: Millis): void {
    if (status < 300 || status > 699) {
      throw new SipUsageError('bad_argument', `${status} is no final failure`);
    }
    this.#refuse(status, options, { by: 'local' }, now);
  }

  end(headers: ExtraHeaders, now: Millis): void {
    this.#refuse(603, { headers }, { by: 'local' }, now);
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
      case 'UPDATE':
        if (request.body.length > 0) {
          // Their offer is unanswered, or ours is due in the 2xx (RFC 3311 section 5.2).
          answer(this.#scope, transaction, 500, now, [retrySoon(this.#scope)]);
        } else {
          dialog.refreshTarget(request);
          const contact = this.#scope.contact(transaction.flow);
          transaction.respond(this.#scope.agent.response(request, 200, { contact }), now);
        }
        break;
      default:
        answerOrOffer(this.#scope, transaction, now);
    }
  }

  #refuse(
    status: number,
    options: { reason?: string; headers?: ExtraHeaders },
    end: EndReason,
    now: Millis,
  ): void {
    this.#stopTimers();
    this.#transaction.respond(this.#response(status, options), now);
    this.#scope.end(end, now);
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
    return this.#scope.agent.response(request, status, { ...options, toTag: this.#localTag });
  }

  #openDialog(): Dialog {
    if (this.#dialog === undefined) {
      const { request, flow } = this.#transaction;
      this.#dialog = dialogOfServer(request, this.#localTag, flow);
      this.#scope.addDialog(this.#dialog);
    }
    return this.#dialog;
  }

  #repeatLater(response: SipResponse, now: Millis): void {
    this.#repeat?.cancel();
    this.#repeat = this.#scope.agent.timers.arm(now + provisionalInterval, (at) => {
      this.#transaction.respond(response, at);
      this.#repeatLater(response, at);
    });
  }

  #stopTimers(): void {
    this.#repeat?.cancel();
    this.#expiry.cancel();
  }
}
