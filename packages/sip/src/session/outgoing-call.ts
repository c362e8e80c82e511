import { capabilityHeaders } from '../agent/capabilities.ts';
import type { RequestFailure } from '../agent/client-request.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { dialogOfClient } from '../dialog/dialog.ts';
import type { Body, EndReason, ExtraHeaders, Flow, InviteParams, Millis } from '../endpoint/api.ts';
import { createRequest } from '../message/build.ts';
import { toTag } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { answer, answerOrOffer, endedByPeer } from './dialog-server.ts';
import { sendLastBye } from './dialog-request.ts';
import { EstablishedCall } from './established-call.ts';
import { InviteRequest } from './invite-request.ts';
import type { SessionPhase, SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';
import { SuccessAcks } from './success-acks.ts';

type State =
  | { readonly name: 'calling' }
  /** A CANCEL was asked for; the session ends for this reason when the INVITE has its final response. */
  | { readonly name: 'cancelling'; readonly why: EndReason }
  /** Answered and handed on, or over: only retransmitted and forked 2xx still come here. */
  | { readonly name: 'done' };

/**
 * An INVITE of ours until it is answered (RFC 3261 sections 13.2 and 9.1).
 *
 * ```
 *   calling ──2xx──► ACK, the session goes on as EstablishedCall
 *      │  └───3xx–6xx, time-out, transport error──► ended
 *      │
 *      └─end, answerTimeout─► cancelling ──487 or other failure──► ended
 *                                        └─2xx──► ACK, BYE, ended
 *
 *   Every 2xx of another fork, whenever it comes: ACK, BYE.
 * ```
 */
export class OutgoingCall implements SessionPhase {
  readonly name = 'outgoing';
  readonly #scope: SessionScope;
  readonly #params: InviteParams;
  /** Let go of once it was called: the transaction keeps us for half a minute more, and need not keep the session. */
  #onEstablished: ((call: EstablishedCall) => void) | undefined;
  readonly #acks: SuccessAcks;
  readonly #invite: InviteRequest;
  /** Early dialogs by remote tag. */
  readonly #forks = new Map<string, Dialog>();
  readonly #answerTimer: Timer | undefined;
  #state: State = { name: 'calling' };

  constructor(
    scope: SessionScope,
    params: InviteParams,
    identity: { readonly callId: string; readonly localTag: string },
    onEstablished: (call: EstablishedCall) => void,
    now: Millis,
  ) {
    this.#scope = scope;
    this.#onEstablished = onEstablished;
    this.#params = params;
    this.#acks = new SuccessAcks(scope.agent);
    let sequence = 0;
    const [firstRoute] = params.route ?? [];
    const uri = firstRoute === undefined ? params.to : (parseNameAddr(firstRoute)?.uri ?? params.to);
    this.#invite = new InviteRequest(
      scope.agent,
      {
        nextHop: params.target === undefined ? { uri } : { uri, preferred: params.target },
        digest: scope.digest,
        build: (target) => {
          sequence += 1;
          return createInvite(params, identity, sequence, scope.contact(target));
        },
        onResponse: (response, sent, flow, at) => this.#onResponse(response, sent, flow, at),
        onFailure: (failure, at) => this.#onFailure(failure, at),
      },
      now,
    );
    this.#answerTimer =
      params.answerTimeout === undefined
        ? undefined
        : scope.agent.timers.arm(now + params.answerTimeout, (at) =>
            this.#cancel({ by: 'timeout', which: 'no_answer' }, [], at),
          );
  }

  end(headers: ExtraHeaders, now: Millis): void {
    this.#cancel({ by: 'local' }, headers, now);
  }

  onAck(): void {
    // An ACK in an early dialog of ours means nothing.
  }

  onRequest(transaction: ServerTransaction, dialog: Dialog, now: Millis): void {
    const { request } = transaction;
    switch (request.method) {
      case 'BYE':
        // No UAS may send it before its 2xx is acknowledged (section 15), but a 2xx that was lost looks like this.
        answer(this.#scope, transaction, 200, now);
        this.#dropFork(dialog);
        if (this.#forks.size === 0) this.#cancel(endedByPeer(request), [], now);
        break;
      case 'INVITE':
        answer(this.#scope, transaction, 491, now);
        break;
      case 'UPDATE':
        if (request.body.length > 0) answer(this.#scope, transaction, 491, now);
        else {
          dialog.refreshTarget(request);
          const contact = this.#scope.contact(transaction.flow);
          transaction.respond(this.#scope.agent.response(request, 200, { contact }), now);
        }
        break;
      default:
        answerOrOffer(this.#scope, transaction, now);
    }
  }

  #onResponse(response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    if (response.status < 200) this.#progress(response, sent, flow);
    else if (response.status < 300) this.#accepted(response, sent, flow, now);
    else if (this.#state.name === 'calling') this.#finish({ by: 'refused', response }, now);
    else if (this.#state.name === 'cancelling') this.#finish(this.#state.why, now);
  }

  #progress(response: SipResponse, sent: SipRequest, flow: Flow): void {
    if (response.status === 100 || this.#state.name !== 'calling') return;
    const tag = toTag(response);
    const fork = tag === undefined ? undefined : this.#forks.get(tag);
    if (tag !== undefined && fork === undefined) {
      if (this.#forks.size >= this.#scope.agent.limits.forksPerInvite) return;
      const dialog = dialogOfClient(sent, response, flow);
      this.#forks.set(tag, dialog);
      this.#scope.addDialog(dialog);
    } else {
      fork?.refreshTarget(response);
    }
    const body = descriptionOf(response);
    this.#scope.emit({
      type: 'session.progress',
      session: this.#scope.id,
      response,
      ...(body !== undefined && { body }),
    });
  }

  #accepted(response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    const tag = toTag(response) ?? '';
    if (this.#acks.repeat(tag, now)) return;
    const dialog = this.#forks.get(tag) ?? dialogOfClient(sent, response, flow);
    dialog.confirm(response);
    if (this.#state.name === 'calling') {
      this.#handOn(dialog, response, sent, now);
      return;
    }
    // Cancelled too late, or a second phone picked up as well: nobody waits for this dialog.
    this.#acks.send(dialog, sent, undefined, now);
    sendLastBye(this.#scope, dialog, [], now);
    if (this.#state.name === 'cancelling') this.#finish(this.#state.why, now);
  }

  #handOn(dialog: Dialog, response: SipResponse, sent: SipRequest, now: Millis): void {
    const { id: session } = this.#scope;
    const body = descriptionOf(response);
    const needsAnswer = this.#params.offer === undefined && body !== undefined;
    this.#state = { name: 'done' };
    this.#answerTimer?.cancel();
    for (const fork of this.#forks.values()) if (fork !== dialog) this.#scope.removeDialog(fork);
    this.#forks.clear();
    this.#scope.addDialog(dialog);
    const acknowledge = (answer: Body | undefined, at: Millis): void =>
      this.#acks.send(dialog, sent, answer, at);
    if (needsAnswer) this.#acks.postpone(dialog.remoteTag);
    else acknowledge(undefined, now);
    this.#onEstablished?.(
      new EstablishedCall(this.#scope, dialog, {
        role: 'caller',
        ...(needsAnswer && { acknowledge }),
      }),
    );
    this.#onEstablished = undefined;
    const { callId } = dialog;
    this.#scope.emit({
      type: 'session.accepted',
      session,
      response,
      info: { callId, localUri: this.#params.from, remoteUri: this.#params.to },
      ...(body !== undefined && { body }),
      needsAnswer,
    });
  }

  #onFailure(failure: RequestFailure, now: Millis): void {
    if (this.#state.name === 'cancelling') this.#finish(this.#state.why, now);
    else if (this.#state.name === 'calling') this.#finish(endOf(failure), now);
  }

  #cancel(why: EndReason, headers: ExtraHeaders, now: Millis): void {
    if (this.#state.name !== 'calling') return;
    this.#answerTimer?.cancel();
    this.#state = { name: 'cancelling', why };
    if (this.#invite.cancel(headers, now) === 'withdrawn') this.#finish(why, now);
  }

  #finish(why: EndReason, now: Millis): void {
    this.#state = { name: 'done' };
    this.#answerTimer?.cancel();
    this.#forks.clear();
    this.#scope.end(why, now);
  }

  #dropFork(dialog: Dialog): void {
    this.#forks.delete(dialog.remoteTag);
    this.#scope.removeDialog(dialog);
  }
}

function endOf(failure: RequestFailure): EndReason {
  return failure.kind === 'timeout'
    ? { by: 'timeout', which: 'transaction' }
    : { by: 'transport', text: failure.text };
}

function createInvite(
  params: InviteParams,
  identity: { readonly callId: string; readonly localTag: string },
  sequence: number,
  contact: string,
): SipRequest {
  return createRequest({
    method: 'INVITE',
    uri: params.to,
    from: {
      ...(params.fromName !== undefined && { displayName: params.fromName }),
      uri: params.from,
      params: new Map([['tag', identity.localTag]]),
    },
    to: { uri: params.to, params: new Map() },
    callId: identity.callId,
    cseq: sequence,
    contact,
    ...(params.route !== undefined && { route: params.route }),
    headers: [...capabilityHeaders, ...(params.headers ?? [])],
    ...(params.offer !== undefined && { body: params.offer }),
  });
}
