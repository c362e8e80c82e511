import type { Body, Millis } from '@offhook/sip';
import type { Person } from '../person.ts';
import { OUR_CAPABILITIES, holdsUs, readBody } from '../voice/negotiation.ts';
import { Party } from '../voice/party.ts';
import type { LocalVoice } from '../voice/party.ts';
import { outcomeText } from './outcome.ts';
import type { PhoneCallEffect, PhoneCallInput, PhoneStateName } from './types.ts';

type State =
  | { readonly name: 'calling'; peer: Person; readonly party: Party; alerting: boolean }
  | {
      readonly name: 'ringing';
      readonly peer: Person;
      readonly offer: Body | undefined;
      readonly answerAt: Millis | undefined;
    }
  | {
      readonly name: 'talking';
      peer: Person;
      readonly party: Party;
      /** This phone holds. */
      holds: boolean;
      /** What it shall come to, once the re-INVITE under way is done. */
      wantsHold: boolean;
      changing: boolean;
    }
  | { readonly name: 'over'; readonly said: string };

/**
 * One call of a desk phone, without its sockets. Pure, like the calls of the PBX; what does not fit the state changes nothing.
 *
 * ```
 *   calling ── 200 ──► talking ── BYE, hangup ──► over
 *      └── refused, hangup ─────────────────────► over
 *   ringing ── answer ─► talking
 *      └── reject, CANCEL ──────────────────────► over
 * ```
 */
export class PhoneCall {
  readonly #local: LocalVoice;
  readonly #push: (effect: PhoneCallEffect) => void;
  #state: State;

  private constructor(local: LocalVoice, state: State, push: (effect: PhoneCallEffect) => void) {
    this.#local = local;
    this.#state = state;
    this.#push = push;
  }

  static calling(local: LocalVoice, to: string, push: (effect: PhoneCallEffect) => void): PhoneCall {
    const party = new Party(local);
    push({ kind: 'invite', to, offer: party.offer(OUR_CAPABILITIES) });
    return new PhoneCall(local, { name: 'calling', peer: { number: to }, party, alerting: false }, push);
  }

  static ringing(
    local: LocalVoice,
    call: { readonly peer: Person; readonly offer: Body | undefined; readonly answerAt: Millis | undefined },
    push: (effect: PhoneCallEffect) => void,
  ): PhoneCall {
    push({ kind: 'ring' });
    return new PhoneCall(local, { name: 'ringing', ...call }, push);
  }

  get state(): Exclude<PhoneStateName, 'idle'> | 'over' {
    const state = this.#state;
    switch (state.name) {
      case 'calling':
        return state.alerting ? 'alerting' : 'calling';
      case 'talking':
        return state.holds ? 'holding' : 'talking';
      case 'ringing':
      case 'over':
        return state.name;
      default:
        return state satisfies never;
    }
  }

  get peer(): Person | undefined {
    return this.#state.name === 'over' ? undefined : this.#state.peer;
  }

  /** Hold or retrieve is under way. */
  get isChanging(): boolean {
    return this.#state.name === 'talking' && this.#state.changing;
  }

  /** The other side holds. */
  get isHeld(): boolean {
    return this.#state.name === 'talking' && holdsUs(this.#state.party.voice);
  }

  /** How it ended, in the words of a display. */
  get said(): string | undefined {
    return this.#state.name === 'over' ? this.#state.said : undefined;
  }

  deadline(): Millis | undefined {
    return this.#state.name === 'ringing' ? this.#state.answerAt : undefined;
  }

  answer(): void {
    const state = this.#state;
    if (state.name !== 'ringing') return;
    const party = new Party(this.#local);
    if (state.offer === undefined) {
      this.#talk(state.peer, party);
      this.#push({ kind: 'accept', body: party.offer(OUR_CAPABILITIES) });
      return;
    }
    const offer = readBody(state.offer);
    const answer = 'kind' in offer ? undefined : party.answer(offer, OUR_CAPABILITIES);
    if (answer === undefined) {
      this.#push({ kind: 'refuse', status: 488 });
      this.#over(outcomeText(488));
      return;
    }
    this.#talk(state.peer, party);
    this.#push({ kind: 'agree', voice: answer.voice });
    this.#push({ kind: 'accept', body: answer.body });
    this.#push({ kind: 'speak', on: true });
  }

  reject(): void {
    if (this.#state.name !== 'ringing') return;
    this.#push({ kind: 'refuse', status: 603 });
    this.#over('Rejected');
  }

  hangUp(): void {
    if (this.#state.name === 'ringing' || this.#state.name === 'over') return;
    this.#push({ kind: 'end' });
    this.#over('Ended');
  }

  /** Hold and retrieve: the last wish counts, also while the one before is under way. */
  hold(on: boolean): void {
    const state = this.#state;
    if (state.name !== 'talking') return;
    state.wantsHold = on;
    this.#change();
  }

  handle(input: PhoneCallInput): void {
    const state = this.#state;
    switch (input.kind) {
      case 'alerting':
        if (state.name !== 'calling') break;
        state.alerting = true;
        state.peer = input.peer ?? state.peer;
        break;
      case 'accepted':
        if (state.name !== 'calling') break;
        this.#talk(input.peer ?? state.peer, state.party);
        this.#settled(state.party, input.body);
        break;
      case 'confirmed':
        if (state.name === 'talking' && state.party.isWaiting && !state.changing) {
          this.#settled(state.party, input.body);
        }
        break;
      case 'offered':
        if (state.name !== 'talking') break;
        state.peer = input.peer ?? state.peer;
        this.#offered(state, input.offer);
        break;
      case 'offer_result':
        if (state.name === 'talking') this.#changed(state, input.ok, input.answer);
        break;
      case 'ended':
        this.#ended(state, input);
        break;
      case 'order':
      case 'referred':
        // For the phone as a whole.
        break;
      default:
        input satisfies never;
    }
  }

  #settled(party: Party, body: Body | undefined): void {
    const voice = party.settle(body);
    if (voice === undefined) {
      this.#push({ kind: 'end' });
      this.#over(outcomeText(488));
      return;
    }
    this.#push({ kind: 'agree', voice });
    this.#push({ kind: 'speak', on: true });
  }

  #change(): void {
    const state = this.#state;
    if (state.name !== 'talking' || state.changing || state.holds === state.wantsHold) return;
    if (state.party.isWaiting) return;
    state.changing = true;
    const offer = state.party.offer(OUR_CAPABILITIES, state.wantsHold ? 'sendonly' : 'sendrecv');
    // What is held is not talked to any more, whatever becomes of the offer.
    if (state.wantsHold) this.#push({ kind: 'speak', on: false });
    this.#push({ kind: 'reoffer', offer });
  }

  #changed(state: Extract<State, { name: 'talking' }>, ok: boolean, answer: Body | undefined): void {
    if (!state.changing) return;
    state.changing = false;
    const voice = ok ? state.party.settle(answer) : undefined;
    if (voice === undefined) {
      // The call stands as it stood (RFC 3261 section 14.1).
      state.party.withdraw();
      state.wantsHold = state.holds;
    } else {
      state.holds = !state.holds;
      this.#push({ kind: 'agree', voice });
    }
    this.#push({ kind: 'speak', on: !state.holds });
    this.#change();
  }

  #offered(state: Extract<State, { name: 'talking' }>, body: Body | undefined): void {
    const wanted = state.holds ? 'sendonly' : 'sendrecv';
    if (body === undefined) {
      this.#push({ kind: 'accept_offer', body: state.party.offer(OUR_CAPABILITIES, wanted) });
      return;
    }
    const offer = readBody(body);
    const answer = 'kind' in offer ? undefined : state.party.answer(offer, OUR_CAPABILITIES, wanted);
    if (answer === undefined) {
      this.#push({ kind: 'refuse_offer', status: 488 });
      return;
    }
    this.#push({ kind: 'agree', voice: answer.voice });
    this.#push({ kind: 'accept_offer', body: answer.body });
  }

  #ended(state: State, input: Extract<PhoneCallInput, { kind: 'ended' }>): void {
    switch (state.name) {
      case 'calling':
        this.#over(outcomeText(input.status ?? 480));
        break;
      case 'ringing':
        this.#over(input.elsewhere ? 'Answered elsewhere' : `Missed: ${nameOf(state.peer)}`);
        break;
      case 'talking':
        this.#over('Ended');
        break;
      case 'over':
        break;
      default:
        state satisfies never;
    }
  }

  #talk(peer: Person, party: Party): void {
    this.#state = { name: 'talking', peer, party, holds: false, wantsHold: false, changing: false };
  }

  #over(said: string): void {
    this.#state = { name: 'over', said };
    this.#push({ kind: 'over' });
  }
}

export function nameOf(person: Person): string {
  return person.name === undefined ? person.number : `${person.name} (${person.number})`;
}
