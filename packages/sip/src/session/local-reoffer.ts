import type { Dialog } from '../dialog/dialog.ts';
import type { Body, Flow, Millis } from '../endpoint/api.ts';
import { capabilityHeaders } from '../agent/capabilities.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { DialogRequestResult } from './dialog-request.ts';
import { endsDialog } from './dialog-request.ts';
import { glareDelay } from './glare.ts';
import { InviteRequest } from './invite-request.ts';
import type { Negotiation } from './negotiation.ts';
import type { SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';
import { SuccessAcks } from './success-acks.ts';

export interface LocalReofferOptions {
  readonly scope: SessionScope;
  readonly dialog: Dialog;
  readonly negotiation: Negotiation;
  readonly ownsCallId: boolean;
  /** No INVITE transaction of the dialog is under way in either direction (section 14.1). */
  readonly mayInvite: () => boolean;
  readonly onSettled: (now: Millis) => void;
  readonly onDialogLost: (result: DialogRequestResult, now: Millis) => void;
}

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'queued'; readonly offer: Body; readonly refusals: number }
  | {
      readonly name: 'inviting';
      readonly offer: Body;
      readonly refusals: number;
      readonly request: InviteRequest;
      readonly patience: Timer;
    }
  | { readonly name: 'waiting'; readonly timer: Timer }
  | { readonly name: 'stopped' };

const maxGlareRefusals = 5;

/**
 * Our re-INVITE (RFC 3261 section 14.1).
 *
 * ```
 *   idle ──reoffer──► queued ──no INVITE under way──► inviting ──2xx: ACK, result────► idle
 *                        ▲                             │   │ └──other failure: result──► idle
 *                        │                             │   └────408, 481, time-out────► session over
 *                        └──── waiting ◄──────491──────┘
 *                           2.1–4 s or 0–2 s
 * ```
 */
export class LocalReoffer {
  readonly #options: LocalReofferOptions;
  #state: State = { name: 'idle' };

  constructor(options: LocalReofferOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#state.name === 'idle';
  }

  /** Our INVITE is outstanding: one from the other side meets it with 491. */
  get isInviting(): boolean {
    return this.#state.name === 'inviting';
  }

  start(offer: Body, now: Millis): void {
    this.#state = { name: 'queued', offer, refusals: 0 };
    this.proceed(now);
  }

  /** Something has been settled: what is queued may go now. */
  proceed(now: Millis): void {
    const { negotiation, mayInvite } = this.#options;
    if (this.#state.name !== 'queued' || negotiation.state !== 'stable' || !mayInvite()) return;
    this.#invite(this.#state.offer, this.#state.refusals, now);
  }

  /** The session is over; a 2xx that still comes is acknowledged. */
  stop(now: Millis): void {
    if (this.#state.name === 'inviting') {
      this.#state.patience.cancel();
      this.#state.request.letGo(now);
    }
    if (this.#state.name === 'waiting') this.#state.timer.cancel();
    this.#state = { name: 'stopped' };
  }

  #invite(offer: Body, refusals: number, now: Millis): void {
    const { scope, dialog, negotiation } = this.#options;
    negotiation.apply('offer_sent');
    const acks = new SuccessAcks(scope.agent);
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
            headers: capabilityHeaders,
            body: offer,
          }),
        onResponse: (response, sent, flow, at) => this.#onResponse(acks, response, sent, flow, at),
        onFailure: (failure, at) => this.#onFinal(failure, at),
      },
      now,
    );
    const patience = scope.agent.timers.arm(now + 2 * sixtyFourT1(scope.agent.timing), (at) => {
      request.cancel([], at);
    });
    this.#state = { name: 'inviting', offer, refusals, request, patience };
  }

  #onResponse(acks: SuccessAcks, response: SipResponse, sent: SipRequest, flow: Flow, now: Millis): void {
    const { dialog } = this.#options;
    if (response.status < 200) return;
    if (response.status < 300) {
      dialog.seenOn(flow);
      if (acks.repeat(dialog.remoteTag, now)) return;
      dialog.refreshTarget(response);
      acks.send(dialog, sent, undefined, now);
    }
    this.#onFinal({ kind: 'response', response }, now);
  }

  #onFinal(result: DialogRequestResult, now: Millis): void {
    const state = this.#state;
    if (state.name !== 'inviting') return;
    const { scope, negotiation, onSettled, onDialogLost } = this.#options;
    state.patience.cancel();
    negotiation.apply('settled');
    if (isGlare(result) && state.refusals < maxGlareRefusals) {
      const { offer, refusals } = state;
      const delay = glareDelay(this.#options.ownsCallId, scope.agent.identifiers);
      const timer = scope.agent.timers.arm(now + delay, (at) => {
        this.#state = { name: 'queued', offer, refusals: refusals + 1 };
        this.proceed(at);
      });
      this.#state = { name: 'waiting', timer };
      onSettled(now);
      return;
    }
    this.#state = { name: 'idle' };
    const response = result.kind === 'response' ? result.response : undefined;
    const answer = response === undefined ? undefined : descriptionOf(response);
    scope.emit({
      type: 'session.reoffer_result',
      session: scope.id,
      ok: response !== undefined && response.status < 300,
      ...(answer !== undefined && { answer }),
      ...(response !== undefined && { status: response.status }),
    });
    if (endsDialog(result)) onDialogLost(result, now);
    else onSettled(now);
  }
}

const isGlare = (result: DialogRequestResult): boolean =>
  result.kind === 'response' && result.response.status === 491;
