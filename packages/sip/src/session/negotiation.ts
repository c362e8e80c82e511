import type { OfferAnswerEvent, OfferAnswerState } from './offer-answer.ts';
import { stepOfferAnswer } from './offer-answer.ts';

/** The offer/answer state of one dialog, shared by those who may change it. */
export class Negotiation {
  #state: OfferAnswerState;

  constructor(state: OfferAnswerState) {
    this.#state = state;
  }

  get state(): OfferAnswerState {
    return this.#state;
  }

  /** Callers ask before they act, so an event out of turn is a defect of ours. */
  apply(event: OfferAnswerEvent): void {
    const next = stepOfferAnswer(this.#state, event);
    if (next === undefined) throw new Error(`${event} in state ${this.#state}`);
    this.#state = next;
  }
}
