import type { Dialog } from '../dialog/dialog.ts';
import type { Body, Millis, SessionTimer } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import { formatRAck, rseq } from '../headers/index.ts';
import { cseq, hasToken } from '../message/headers.ts';
import type { SipResponse } from '../message/types.ts';
import type { DialogRequestResult } from './dialog-request.ts';
import { sendInDialog } from './dialog-request.ts';
import { OfferExchange } from './exchange.ts';
import type { ExchangeHost } from './exchange.ts';
import type { OfferMethod } from './local-reoffer.ts';
import type { SessionScope } from './scope.ts';
import { descriptionOf } from './session-body.ts';

/** What a provisional response brings. */
export interface Progress {
  readonly body: Body | undefined;
  readonly reliable: boolean;
  readonly needsAnswer: boolean;
}

/** PRACKs of one fork that have no answer: each goes out eleven times to wherever the fork says that it is. */
const mostPracks = 8;

/** Our last PRACK. */
type Prack =
  | { readonly name: 'none' }
  | { readonly name: 'sent' }
  /** It acknowledged nothing, e.g. because a later request has overtaken it: it is due again when its response comes again. */
  | { readonly name: 'refused'; readonly again: (now: Millis) => void };

export interface EarlyForkOptions {
  readonly scope: SessionScope;
  readonly dialog: Dialog;
  /** Ours; `undefined` for a delayed offer. */
  readonly offer: Body | undefined;
  readonly sessionTimer: SessionTimer | undefined;
  /** Seconds that a session interval has at least, for whoever was asked so far. */
  readonly leastInterval: number;
}

/** Where a fork stands with the description of the INVITE itself. */
type InviteExchange =
  /** Neither offer nor answer of theirs has come reliably: the 2xx will bring it. */
  | { readonly name: 'open' }
  /** Their offer has come; our answer goes with this PRACK. */
  | { readonly name: 'owed'; readonly rack: string; readonly theirs: Body }
  /** Done before the 2xx (RFC 3262 section 5): what that one describes means nothing any more. UPDATE may change it again. */
  | { readonly name: 'done'; readonly theirs: Body };

/**
 * One early dialog of our INVITE (RFC 3261 section 13.2.2.1): each fork acknowledges its own reliable provisional responses
 * (RFC 3262 section 4) and has an exchange of offers of its own.
 */
export class EarlyFork implements ExchangeHost {
  readonly exchange: OfferExchange;
  readonly #scope: SessionScope;
  #invite: InviteExchange = { name: 'open' };
  /** RSeq of the last response that was taken; they come one by one. */
  #lastSequence: number | undefined;
  #prack: Prack = { name: 'none' };
  #unanswered = 0;

  constructor({ scope, dialog, offer, ...timer }: EarlyForkOptions) {
    this.#scope = scope;
    const state = offer === undefined ? 'local_request' : 'local_offer';
    this.exchange = new OfferExchange({ scope, dialog, state, ownsCallId: true, host: this, ...timer });
    this.exchange.described = offer;
  }

  get dialog(): Dialog {
    return this.exchange.dialog;
  }

  /** Their offer waits for `acknowledge`. */
  get owesAnswer(): boolean {
    return this.#invite.name === 'owed';
  }

  /** Offer and answer were exchanged before the 2xx: theirs, the newest. */
  get agreed(): Body | undefined {
    return this.#invite.name === 'done' ? this.#invite.theirs : undefined;
  }

  /** A further offer may be made, by UPDATE (RFC 3311 section 5.1). */
  get takesOffers(): boolean {
    return this.#invite.name === 'done';
  }

  /** One that overtakes our PRACK would have it refused for its CSeq (RFC 3261 section 12.2.2). */
  mayOffer(method: OfferMethod): boolean {
    return method === 'UPDATE' && this.takesOffers && this.#prack.name !== 'sent';
  }

  onDescribed(theirs: Body): void {
    this.#invite = { name: 'done', theirs };
  }

  onReinviteAccepted(): void {
    // A re-INVITE before the first one has its final response is answered 491 and never comes so far.
  }

  onDialogLost(): void {
    // The final response to the INVITE tells how the call goes on.
  }

  onSessionExpired(): void {
    // Session timers begin with the 2xx.
  }

  /** `undefined`: a repetition, out of order (RFC 3262 section 4), or one too many; it is as if it had not come. */
  onProvisional(response: SipResponse, now: Millis): Progress | undefined {
    const body = descriptionOf(response);
    const sequence = hasToken(response, 'require', '100rel') ? rseq(response) : undefined;
    if (sequence === undefined) return { body, reliable: false, needsAnswer: false };
    if (this.#lastSequence !== undefined && sequence !== this.#lastSequence + 1) {
      if (sequence === this.#lastSequence && this.#prack.name === 'refused') this.#prack.again(now);
      return undefined;
    }
    // It will come again.
    if (this.#unanswered >= mostPracks) {
      this.#scope.agent.limited('pracks');
      return undefined;
    }
    this.#lastSequence = sequence;
    const invite = cseq(response);
    const rack = formatRAck({
      rseq: sequence,
      cseq: invite?.number ?? 0,
      method: invite?.method ?? 'INVITE',
    });
    const { negotiation } = this.exchange;
    const takes = body !== undefined && this.#invite.name === 'open';
    if (takes && negotiation.state === 'local_request') {
      negotiation.apply('offer_received');
      this.#invite = { name: 'owed', rack, theirs: body };
      return { body, reliable: true, needsAnswer: true };
    }
    if (takes) {
      negotiation.apply('settled');
      this.#invite = { name: 'done', theirs: body };
    }
    this.#acknowledge(rack, undefined, now);
    return { body: takes ? body : undefined, reliable: true, needsAnswer: false };
  }

  /** PRACK with our answer to their offer. */
  acknowledge(answer: Body, now: Millis): void {
    if (this.#invite.name !== 'owed') throw new SipUsageError('wrong_state', 'no offer waits for an answer');
    const { rack, theirs } = this.#invite;
    this.#invite = { name: 'done', theirs };
    this.exchange.negotiation.apply('settled');
    this.exchange.described = answer;
    this.#acknowledge(rack, answer, now);
  }

  #acknowledge(rack: string, body: Body | undefined, now: Millis): void {
    const request = {
      method: 'PRACK',
      headers: [['RAck', rack]] as const,
      ...(body !== undefined && { body }),
    };
    const isLast = { name: 'sent' } as const;
    this.#prack = isLast;
    this.#unanswered += 1;
    // Otherwise, whatever becomes of it: the INVITE's own final response tells how the call goes on.
    const done = (result: DialogRequestResult, at: Millis): void => {
      this.#unanswered -= 1;
      if (this.#prack !== isLast) return;
      const isRefused = result.kind === 'response' && result.response.status === 500;
      this.#prack = isRefused
        ? { name: 'refused', again: (then) => this.#acknowledge(rack, body, then) }
        : { name: 'none' };
      this.exchange.local.proceed(at);
    };
    sendInDialog(this.#scope, this.dialog, request, done, now);
  }
}
