import type { Dialog } from '../dialog/dialog.ts';
import { dialogOfClient } from '../dialog/dialog.ts';
import type {
  Body,
  EndReason,
  ExtraHeaders,
  Flow,
  InviteParams,
  Millis,
  OutgoingRequestId,
  RequestFailure,
} from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { toTag } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { answer, answerOrOffer, endedByPeer } from './dialog-server.ts';
import type { DialogRequestResult } from './dialog-request.ts';
import { sendInDialog, sendLastBye } from './dialog-request.ts';
import { EarlyFork } from './early-fork.ts';
import { EstablishedCall } from './established-call.ts';
import type { CallIdentity } from './invite-message.ts';
import { createInvite } from './invite-message.ts';
import { InviteRequest } from './invite-request.ts';
import { redirectTargets } from './redirects.ts';
import { longestRinging } from './ringing.ts';
import type { SessionPhase, SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';
import { SessionTimerKeeper } from './session-timer.ts';
import { SuccessAcks } from './success-acks.ts';

type State =
  | { readonly name: 'calling'; readonly invite: InviteRequest; readonly uri: string }
  /** A CANCEL was asked for; the session ends for this reason when the INVITE has its final response. */
  | { readonly name: 'cancelling'; readonly why: EndReason }
  /** Answered and handed on, or over: only retransmitted and forked 2xx still come here. */
  | { readonly name: 'done' };

/**
 * An INVITE of ours until it is answered (RFC 3261 sections 13.2 and 9.1).
 *
 * ```
 *   calling ──2xx──► ACK, the session goes on as EstablishedCall
 *    │ ▲ └───3xx–6xx, time-out, transport error──► ended
 *    │ └─────3xx with contacts that may be tried, 422: INVITE again
 *    │
 *    └─end, answerTimeout─► cancelling ──487 or other failure──► ended
 *                                      └─2xx──► ACK, BYE, ended
 *
 *   Every 2xx of another fork, whenever it comes: ACK, BYE.
 * ```
 */
export class OutgoingCall implements SessionPhase {
  readonly name = 'outgoing';
  readonly #scope: SessionScope;
  readonly #params: InviteParams;
  readonly #identity: CallIdentity;
  /** Let go of once it was called: the transaction keeps us for half a minute more, and need not keep the session. */
  #onEstablished: ((call: EstablishedCall) => void) | undefined;
  readonly #acks: SuccessAcks;
  /** Only asks; the dialogs have timers of their own. */
  readonly #timer: SessionTimerKeeper;
  /** Early dialogs by remote tag. */
  readonly #forks = new Map<string, EarlyFork>();
  /** Those that were let go of: the BYE of one that answers all the same counts on from its PRACKs. */
  readonly #past = new Map<string, Dialog>();
  readonly #answerTimer: Timer;
  /** Contacts of redirections that are still to be tried, and all that were called so far. */
  readonly #contacts: string[] = [];
  readonly #called = new Set<string>();
  #sequence = 0;
  #state: State;

  constructor(
    scope: SessionScope,
    params: InviteParams,
    identity: CallIdentity,
    onEstablished: (call: EstablishedCall) => void,
    now: Millis,
  ) {
    this.#scope = scope;
    this.#onEstablished = onEstablished;
    this.#params = params;
    this.#identity = identity;
    this.#acks = new SuccessAcks(scope.agent, scope.digest);
    this.#timer = new SessionTimerKeeper({
      agent: scope.agent,
      wish: params.sessionTimer,
      refresh: nothing,
      expire: nothing,
    });
    this.#state = this.#call(params.to, now);
    this.#answerTimer = scope.agent.timers.arm(now + (params.answerTimeout ?? longestRinging), (at) =>
      this.#cancel({ by: 'timeout', which: 'no_answer' }, [], at),
    );
  }

  end(headers: ExtraHeaders, now: Millis, why: EndReason = { by: 'local' }): void {
    this.#cancel(why, headers, now);
  }

  /** PRACK with the answer to the oldest offer that came reliably. */
  acknowledge(body: Body, now: Millis): void {
    const fork = this.#forks.values().find(({ owesAnswer }) => owesAnswer);
    if (fork === undefined) throw new SipUsageError('wrong_state', 'no offer waits for an answer');
    fork.acknowledge(body, now);
  }

  /** UPDATE in the newest early dialog that has agreed on something. */
  reoffer(offer: Body, _options: { update?: boolean }, now: Millis): void {
    if (this.#state.name !== 'calling') throw new SipUsageError('wrong_state', 'the call is ending');
    const fork = [...this.#forks.values()].findLast(({ takesOffers }) => takesOffers);
    if (fork === undefined) {
      throw new SipUsageError(
        'wrong_state',
        'before the answer an offer has to follow one that was answered reliably',
      );
    }
    if (!fork.exchange.local.mayStart)
      throw new SipUsageError('wrong_state', 'an offer is under way already');
    fork.exchange.local.start('UPDATE', offer, now);
  }

  /** In the newest early dialog, as phones know it: NOTIFY with the event `talk` to have a ringing one answer. */
  request(request: { method: string; body?: Body; headers?: ExtraHeaders }, now: Millis): OutgoingRequestId {
    const fork = [...this.#forks.values()].at(-1);
    if (this.#state.name !== 'calling' || fork === undefined) {
      throw new SipUsageError('wrong_state', 'the other side has not answered in any way yet');
    }
    const { agent } = this.#scope;
    const outgoing = agent.newOutgoingRequestId();
    const done = (result: DialogRequestResult): void => agent.emit({ type: 'response', outgoing, result });
    sendInDialog(this.#scope, fork.dialog, request, done, now);
    return outgoing;
  }

  acceptOffer(body: Body, now: Millis): void {
    this.#askedFork().exchange.remote.accept(body, now);
  }

  refuseOffer(status: number, now: Millis): void {
    this.#askedFork().exchange.remote.refuse(status, now);
  }

  onAck(): void {
    // An ACK in an early dialog of ours means nothing.
  }

  onRequest(transaction: ServerTransaction, dialog: Dialog, now: Millis): void {
    const { request } = transaction;
    const fork = this.#forks.get(dialog.remoteTag);
    switch (request.method) {
      case 'BYE':
        // No UAS may send it before its 2xx is acknowledged (section 15), but a 2xx that was lost looks like this.
        answer(this.#scope, transaction, 200, now);
        this.#dropFork(dialog, now);
        if (this.#forks.size === 0) this.#cancel(endedByPeer(request), [], now);
        break;
      case 'INVITE':
        answer(this.#scope, transaction, 491, now);
        break;
      case 'UPDATE':
        if (fork === undefined) answer(this.#scope, transaction, 481, now);
        else fork.exchange.remote.onUpdate(transaction, now);
        break;
      default:
        answerOrOffer(this.#scope, transaction, now);
    }
  }

  #call(uri: string, now: Millis): State {
    const { agent, digest } = this.#scope;
    const { to, target, route } = this.#params;
    this.#called.add(uri);
    const [firstRoute] = uri === to ? (route ?? []) : [];
    const hop = firstRoute === undefined ? uri : (parseNameAddr(firstRoute)?.uri ?? uri);
    const invite = new InviteRequest(
      agent,
      {
        nextHop: target !== undefined && uri === to ? { uri: hop, preferred: target } : { uri: hop },
        digest,
        // Whoever a redirection leads to is not our own trunk.
        purpose: uri === to ? 'trunk' : 'far_end',
        build: (towards) => {
          this.#sequence += 1;
          return createInvite(this.#params, this.#identity, {
            uri,
            sequence: this.#sequence,
            contact: this.#scope.contact(towards),
            timer: this.#timer.requestHeaders(),
          });
        },
        onResponse: (response, sent, flow, at) => this.#onResponse(response, sent, flow, at),
        onFailure: (failure, at) => this.#onFailure(failure, at),
      },
      now,
    );
    return { name: 'calling', invite, uri };
  }

  #onResponse(response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    if (response.status < 200) this.#progress(response, sent, flow, now);
    else if (response.status < 300) this.#accepted(response, sent, flow, now);
    else if (this.#state.name === 'calling') this.#refused(response, now);
    else if (this.#state.name === 'cancelling') this.#finish(this.#state.why, now);
  }

  #progress(response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    if (response.status === 100 || this.#state.name !== 'calling') return;
    const tag = toTag(response);
    const fork =
      tag === undefined ? undefined : (this.#forks.get(tag) ?? this.#fork(tag, response, sent, flow));
    if (tag !== undefined && fork === undefined) return;
    fork?.dialog.refreshTarget(response);
    const progress = fork?.onProvisional(response, now) ?? unreliable(response, fork);
    if (progress === undefined) return;
    const { body, reliable, needsAnswer } = progress;
    this.#scope.emit({
      type: 'session.progress',
      session: this.#scope.id,
      response,
      ...(body !== undefined && { body }),
      reliable,
      needsAnswer,
    });
  }

  /** `undefined`: there are too many already. */
  #fork(tag: string, response: SipResponse, sent: SipRequest, flow: Flow): EarlyFork | undefined {
    const { agent } = this.#scope;
    if (this.#forks.size + this.#past.size >= agent.limits.forksPerInvite) {
      agent.limited('forks');
      return undefined;
    }
    const fork = this.#newFork(dialogOfClient(sent, response, flow));
    this.#forks.set(tag, fork);
    this.#scope.addDialog(fork.dialog);
    return fork;
  }

  #newFork(dialog: Dialog): EarlyFork {
    const { offer } = this.#params;
    const { wish, least } = this.#timer;
    return new EarlyFork({ scope: this.#scope, dialog, offer, sessionTimer: wish, leastInterval: least });
  }

  #accepted(response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    const tag = toTag(response) ?? '';
    if (this.#acks.repeat(tag, flow, now)) return;
    const fork = this.#forks.get(tag);
    const known = fork?.dialog ?? this.#past.get(tag);
    const { agent } = this.#scope;
    const isExtra = this.#state.name !== 'calling' && known === undefined;
    if (isExtra && this.#acks.size >= agent.limits.forksPerInvite) {
      agent.limited('forks');
      return;
    }
    const dialog = known ?? dialogOfClient(sent, response, flow);
    dialog.confirm(response);
    dialog.seenOn(flow);
    // What has said BYE already is not answered, though its 2xx was slower.
    if (this.#state.name === 'calling' && !this.#past.has(tag)) {
      this.#handOn(fork ?? this.#newFork(dialog), response, sent, now);
      return;
    }
    // Cancelled too late, or a second phone picked up as well: nobody waits for this dialog.
    this.#acks.send(dialog, sent, undefined, now);
    sendLastBye(this.#scope, dialog, [], now);
    if (this.#state.name === 'cancelling') this.#finish(this.#state.why, now);
  }

  #handOn(fork: EarlyFork, response: SipResponse, sent: SipRequest, now: Millis): void {
    const { id: session } = this.#scope;
    const { dialog, exchange } = fork;
    const described = descriptionOf(response);
    const body = fork.agreed ?? described;
    const needsAnswer = exchange.negotiation.state === 'local_request' && described !== undefined;
    this.#state = { name: 'done' };
    this.#answerTimer.cancel();
    for (const other of this.#forks.values()) if (other !== fork) this.#dropFork(other.dialog, now);
    this.#forks.clear();
    this.#scope.addDialog(dialog);
    const acknowledge = (answer: Body | undefined, at: Millis): void => {
      if (answer !== undefined) exchange.described = answer;
      this.#acks.send(dialog, sent, answer, at);
    };
    if (needsAnswer) {
      exchange.negotiation.apply('offer_received');
      this.#acks.postpone(dialog);
    } else {
      const isOpen = fork.agreed === undefined && !fork.owesAnswer;
      if (isOpen) exchange.negotiation.apply('settled');
      acknowledge(undefined, now);
    }
    // A 2xx that has overtaken our PRACK: the answer still goes with that.
    const owed = (answer: Body | undefined, at: Millis): void => {
      if (answer !== undefined) fork.acknowledge(answer, at);
    };
    const onAcknowledge = needsAnswer ? acknowledge : fork.owesAnswer ? owed : undefined;
    this.#onEstablished?.(
      new EstablishedCall(this.#scope, exchange, {
        role: 'caller',
        ...(onAcknowledge !== undefined && { acknowledge: onAcknowledge }),
      }),
    );
    exchange.timer.onSuccess(response, now);
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

  /** A final failure: perhaps the call goes on all the same. */
  #refused(response: SipResponse, now: Millis): void {
    if (this.#state.name !== 'calling') return;
    if (response.status === 422 && this.#timer.onTooSmall(response)) {
      this.#callAgain(this.#state.uri, now);
      return;
    }
    for (const uri of redirectTargets(response, /^sips:/i.test(this.#params.to))) {
      const isNew = !this.#called.has(uri) && !this.#contacts.includes(uri);
      if (isNew && this.#called.size + this.#contacts.length <= (this.#params.redirects ?? 0)) {
        this.#contacts.push(uri);
      }
    }
    if (response.status >= 600 || !this.#callNext(now)) this.#finish({ by: 'refused', response }, now);
  }

  #onFailure(failure: RequestFailure, now: Millis): void {
    if (this.#state.name === 'cancelling') this.#finish(this.#state.why, now);
    else if (this.#state.name === 'calling' && !this.#callNext(now)) this.#finish(endOf(failure), now);
  }

  /** The next contact of a redirection, if there is one left. */
  #callNext(now: Millis): boolean {
    const next = this.#contacts.shift();
    if (next === undefined) return false;
    this.#callAgain(next, now);
    this.#scope.emit({ type: 'session.redirected', session: this.#scope.id, to: next });
    return true;
  }

  #callAgain(uri: string, now: Millis): void {
    for (const { dialog } of this.#forks.values()) this.#dropFork(dialog, now);
    // The next INVITE makes dialogs of its own, with the same tags perhaps.
    this.#past.clear();
    this.#state = this.#call(uri, now);
  }

  #cancel(why: EndReason, headers: ExtraHeaders, now: Millis): void {
    if (this.#state.name !== 'calling') return;
    const { invite } = this.#state;
    this.#answerTimer.cancel();
    this.#state = { name: 'cancelling', why };
    for (const { exchange } of this.#forks.values()) exchange.stop(now);
    if (invite.cancel(headers, now) === 'withdrawn') this.#finish(why, now);
  }

  #finish(why: EndReason, now: Millis): void {
    this.#state = { name: 'done' };
    this.#answerTimer.cancel();
    for (const { dialog } of this.#forks.values()) this.#dropFork(dialog, now);
    this.#scope.end(why, now);
  }

  #dropFork(dialog: Dialog, now: Millis): void {
    this.#forks.get(dialog.remoteTag)?.exchange.stop(now);
    this.#forks.delete(dialog.remoteTag);
    this.#past.set(dialog.remoteTag, dialog);
    this.#scope.removeDialog(dialog);
  }

  #askedFork(): EarlyFork {
    const fork = this.#forks.values().find(({ exchange }) => exchange.remote.isPending);
    if (fork === undefined) {
      throw new SipUsageError('wrong_state', 'no offer of the other side waits for an answer');
    }
    return fork;
  }
}

const nothing = (): void => undefined;

/** Without a tag there is no dialog, and nothing to acknowledge in (RFC 2543). */
function unreliable(response: SipResponse, fork: EarlyFork | undefined) {
  return fork === undefined
    ? { body: descriptionOf(response), reliable: false, needsAnswer: false }
    : undefined;
}

function endOf(failure: RequestFailure): EndReason {
  return failure.kind === 'timeout'
    ? { by: 'timeout', which: 'transaction' }
    : { by: 'transport', text: failure.text };
}
