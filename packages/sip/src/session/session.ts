import type { Dialog } from '../dialog/dialog.ts';
import type {
  Body,
  EndReason,
  ExtraHeaders,
  Millis,
  OutgoingRequestId,
  SessionId,
  SessionTimer,
} from '../endpoint/api.ts';
import { assertStatus, SipUsageError } from '../endpoint/errors.ts';
import type { SipRequest } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { EstablishedCall, HeldRequest } from './established-call.ts';
import type { IncomingCall } from './incoming-call.ts';
import type { OutgoingCall } from './outgoing-call.ts';

type Phase = OutgoingCall | IncomingCall | EstablishedCall;

/**
 * One INVITE session through its phases; commands that the phase does not know are usage errors.
 *
 * ```
 *   OutgoingCall ──2xx──► EstablishedCall ◄──accept── IncomingCall
 * ```
 */
export class Session {
  readonly id: SessionId;
  #phase: Phase;

  constructor(
    id: SessionId,
    start: (onEstablished: (call: EstablishedCall) => void) => OutgoingCall | IncomingCall,
  ) {
    this.id = id;
    this.#phase = start((call) => {
      this.#phase = call;
    });
  }

  /** How far it has come. */
  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  /** The dialog of an answered call, for requests that begin another usage of it (REFER). */
  get establishedDialog(): Dialog | undefined {
    return this.#phase.name === 'established' ? this.#phase.openDialog : undefined;
  }

  /** Sends a request of another usage in that dialog at once, or when the other side knows the dialog for certain. */
  whenKnown(request: HeldRequest, now: Millis): void {
    if (this.#phase.name === 'established') this.#phase.whenKnown(request, now);
    else request.done({ kind: 'transport', text: 'the session is not answered' }, now);
  }

  ring(
    options: { status?: number; body?: Body; headers?: ExtraHeaders; reliable?: boolean },
    now: Millis,
  ): void {
    this.#unanswered('ring').ring(options, now);
  }

  accept(
    body: Body | undefined,
    options: { headers?: ExtraHeaders; sessionTimer?: SessionTimer; focus?: string },
    now: Millis,
  ): void {
    this.#unanswered('accept').accept(body, options, now);
  }

  refuse(status: number, options: { reason?: string; headers?: ExtraHeaders }, now: Millis): void {
    this.#unanswered('refuse').refuse(status, options, now);
  }

  acknowledge(answer: Body, now: Millis): void {
    if (this.#phase.name === 'incoming') throw unfit('acknowledge', this.#phase);
    this.#phase.acknowledge(answer, now);
  }

  reoffer(offer: Body, options: { update?: boolean; headers?: ExtraHeaders }, now: Millis): void {
    this.#phase.reoffer(offer, options, now);
  }

  acceptOffer(body: Body, now: Millis): void {
    this.#phase.acceptOffer(body, now);
  }

  refuseOffer(status: number, now: Millis): void {
    assertStatus(status, 300, 699, 'final failure');
    this.#phase.refuseOffer(status, now);
  }

  request(request: { method: string; body?: Body; headers?: ExtraHeaders }, now: Millis): OutgoingRequestId {
    if (this.#phase.name === 'incoming') throw unfit('requestInSession', this.#phase);
    return this.#phase.request(request, now);
  }

  /** @param why what the session is told to have ended by, where it is more than that we wanted it to */
  end(headers: ExtraHeaders, now: Millis, why?: EndReason): void {
    this.#phase.end(headers, now, why);
  }

  /** A CANCEL of the INVITE; it comes too late for an answered call (section 9.2). */
  onCancel(cancel: SipRequest, now: Millis): void {
    if (this.#phase.name === 'incoming') this.#phase.onCancel(cancel, now);
  }

  onAck(ack: SipRequest, now: Millis): void {
    this.#phase.onAck(ack, now);
  }

  onRequest(transaction: ServerTransaction, dialog: Dialog, now: Millis): void {
    this.#phase.onRequest(transaction, dialog, now);
  }

  #unanswered(command: string): IncomingCall {
    if (this.#phase.name !== 'incoming') throw unfit(command, this.#phase);
    return this.#phase;
  }
}

function unfit(command: string, phase: Phase): SipUsageError {
  return new SipUsageError('wrong_state', `${command} does not fit an ${phase.name} call`);
}
