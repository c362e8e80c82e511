import type { Body, Millis } from '@offhook/sip';
import { Party } from '../calls/party.ts';
import type { LocalVoice } from '../calls/party.ts';
import type { Person } from '../calls/types.ts';
import { OUR_CAPABILITIES, holdsUs, readBody } from '../voice/negotiation.ts';
import { outcomeText } from './outcome.ts';
import type { PhoneAction, PhoneEffect, PhoneInput, PhoneOptions, PhoneSituation } from './types.ts';

type PhoneState =
  | { readonly name: 'idle'; readonly said: string }
  | { readonly name: 'calling'; peer: Person; readonly party: Party; alerting: boolean }
  | {
      readonly name: 'ringing';
      readonly peer: Person;
      readonly offer: Body | undefined;
      readonly answerAt: Millis | undefined;
    }
  | {
      readonly name: 'talking';
      readonly peer: Person;
      readonly party: Party;
      /** This phone holds. */
      holds: boolean;
      /** A re-INVITE of ours is under way, to hold or to retrieve. */
      changing: 'hold' | 'retrieve' | undefined;
    };

/**
 * A desk phone with one line, without its sockets. Pure, like the call machine of the PBX: `handle`, then
 * `takeEffects`; `tick` at `deadline()`.
 *
 * ```
 *   idle ── call ──► calling ── 200 ──► talking ── BYE, hangup ──► idle
 *   idle ◄── refused, hangup ──┘          ▲
 *   idle ── INVITE ──► ringing ── answer ─┘
 *   idle ◄── reject, CANCEL ──┘
 * ```
 */
export class PhoneMachine {
  readonly #local: LocalVoice;
  readonly #options: PhoneOptions;
  #state: PhoneState = { name: 'idle', said: 'Ready' };
  #effects: PhoneEffect[] = [];

  constructor(local: LocalVoice, options: PhoneOptions) {
    this.#local = local;
    this.#options = options;
  }

  get situation(): PhoneSituation {
    const state = this.#state;
    return { ...describe(state), may: permitted(state) };
  }

  may(action: PhoneAction): boolean {
    return permitted(this.#state).includes(action);
  }

  deadline(): Millis | undefined {
    return this.#state.name === 'ringing' ? this.#state.answerAt : undefined;
  }

  takeEffects(): readonly PhoneEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** What does not fit the state changes nothing: ask {@link may} first where somebody waits for an answer. */
  handle(input: PhoneInput, now: Millis): void {
    const state = this.#state;
    switch (input.kind) {
      case 'call':
        if (state.name === 'idle') this.#call(input.to);
        break;
      case 'incoming':
        if (state.name === 'idle') this.#ring(input.from, input.offer, now);
        break;
      case 'alerting':
        if (state.name !== 'calling') break;
        state.alerting = true;
        state.peer = input.peer ?? state.peer;
        break;
      case 'answer':
        if (state.name === 'ringing') this.#answer(state.peer, state.offer);
        break;
      case 'tick':
        if (state.name === 'ringing' && state.answerAt !== undefined && now >= state.answerAt) {
          this.#answer(state.peer, state.offer);
        }
        break;
      case 'reject':
        if (state.name !== 'ringing') break;
        this.#push({ kind: 'refuse', status: 603 });
        this.#idle('Rejected');
        break;
      case 'hangup':
        if (state.name === 'idle' || state.name === 'ringing') break;
        this.#push({ kind: 'end' });
        this.#idle('Ended');
        break;
      case 'accepted':
        if (state.name === 'calling') this.#accepted(input.peer ?? state.peer, state.party, input.body);
        break;
      case 'confirmed':
        if (state.name === 'talking' && state.party.isWaiting && state.changing === undefined) {
          this.#settled(state.party, input.body);
        }
        break;
      case 'hold':
        if (state.name === 'talking' && !state.holds) this.#change(state, 'hold');
        break;
      case 'retrieve':
        if (state.name === 'talking' && state.holds) this.#change(state, 'retrieve');
        break;
      case 'offer_result':
        if (state.name === 'talking') this.#changed(state, input.ok, input.answer);
        break;
      case 'offered':
        if (state.name === 'talking') this.#offered(state, input.offer);
        break;
      case 'ended':
        this.#ended(state, input);
        break;
      default:
        input satisfies never;
    }
  }

  #call(to: string): void {
    const party = new Party(this.#local);
    this.#state = { name: 'calling', peer: { number: to }, party, alerting: false };
    this.#push({ kind: 'invite', to, offer: party.offer(OUR_CAPABILITIES) });
  }

  #ring(peer: Person, offer: Body | undefined, now: Millis): void {
    const { autoAnswer } = this.#options;
    const answerAt = autoAnswer === undefined ? undefined : now + autoAnswer;
    this.#state = { name: 'ringing', peer, offer, answerAt };
    this.#push({ kind: 'ring' });
  }

  #answer(peer: Person, body: Body | undefined): void {
    const party = new Party(this.#local);
    if (body === undefined) {
      this.#talk(peer, party);
      this.#push({ kind: 'accept', body: party.offer(OUR_CAPABILITIES) });
      return;
    }
    const offer = readBody(body);
    const answer = 'kind' in offer ? undefined : party.answer(offer, OUR_CAPABILITIES);
    if (answer === undefined) {
      this.#push({ kind: 'refuse', status: 488 });
      this.#idle(outcomeText(488));
      return;
    }
    this.#talk(peer, party);
    this.#push({ kind: 'agree', voice: answer.voice });
    this.#push({ kind: 'accept', body: answer.body });
    this.#push({ kind: 'speak', on: true });
  }

  #accepted(peer: Person, party: Party, body: Body | undefined): void {
    this.#talk(peer, party);
    this.#settled(party, body);
  }

  #settled(party: Party, body: Body | undefined): void {
    const voice = party.settle(body);
    if (voice === undefined) {
      this.#push({ kind: 'end' });
      this.#idle(outcomeText(488));
      return;
    }
    this.#push({ kind: 'agree', voice });
    this.#push({ kind: 'speak', on: true });
  }

  #change(state: Extract<PhoneState, { name: 'talking' }>, changing: 'hold' | 'retrieve'): void {
    if (state.changing !== undefined) return;
    state.changing = changing;
    const offer = state.party.offer(OUR_CAPABILITIES, changing === 'hold' ? 'sendonly' : 'sendrecv');
    this.#push({ kind: 'reoffer', offer });
  }

  #changed(state: Extract<PhoneState, { name: 'talking' }>, ok: boolean, answer: Body | undefined): void {
    const { changing, party } = state;
    if (changing === undefined) return;
    state.changing = undefined;
    const voice = ok ? party.settle(answer) : undefined;
    if (voice === undefined) {
      // The call stands as it stood (RFC 3261 section 14.1).
      party.withdraw();
      return;
    }
    state.holds = changing === 'hold';
    this.#push({ kind: 'agree', voice });
    this.#push({ kind: 'speak', on: !state.holds });
  }

  #offered(state: Extract<PhoneState, { name: 'talking' }>, body: Body | undefined): void {
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

  #ended(state: PhoneState, input: Extract<PhoneInput, { kind: 'ended' }>): void {
    switch (state.name) {
      case 'idle':
        break;
      case 'calling':
        this.#idle(outcomeText(input.status ?? 480));
        break;
      case 'ringing':
        this.#idle(input.elsewhere ? 'Answered elsewhere' : `Missed: ${nameOf(state.peer)}`);
        break;
      case 'talking':
        this.#idle('Ended');
        break;
      default:
        state satisfies never;
    }
  }

  #talk(peer: Person, party: Party): void {
    this.#state = { name: 'talking', peer, party, holds: false, changing: undefined };
  }

  #idle(said: string): void {
    this.#state = { name: 'idle', said };
    this.#push({ kind: 'over' });
  }

  #push(effect: PhoneEffect): void {
    this.#effects.push(effect);
  }
}

function permitted(state: PhoneState): readonly PhoneAction[] {
  switch (state.name) {
    case 'idle':
      return ['call'];
    case 'calling':
      return ['hangup'];
    case 'ringing':
      return ['answer', 'reject'];
    case 'talking':
      if (state.changing !== undefined) return ['hangup'];
      return state.holds ? ['hangup', 'retrieve'] : ['hangup', 'hold', 'dtmf'];
    default:
      return state satisfies never;
  }
}

function describe(state: PhoneState): Omit<PhoneSituation, 'may'> {
  switch (state.name) {
    case 'idle':
      return { state: 'idle', peer: null, display: state.said };
    case 'calling': {
      const [name, word] = state.alerting
        ? (['alerting', 'Ringing'] as const)
        : (['calling', 'Calling'] as const);
      return { state: name, peer: state.peer, display: `${word} ${nameOf(state.peer)}…` };
    }
    case 'ringing':
      return { state: 'ringing', peer: state.peer, display: `Call from ${nameOf(state.peer)}` };
    case 'talking':
      return {
        state: state.holds ? 'holding' : 'talking',
        peer: state.peer,
        display: talkText(nameOf(state.peer), state.holds, holdsUs(state.party.voice)),
      };
    default:
      return state satisfies never;
  }
}

function talkText(name: string, holds: boolean, isHeld: boolean): string {
  if (holds) return `On hold: ${name}`;
  return isHeld ? `Held by ${name}` : `Connected: ${name}`;
}

function nameOf(person: Person): string {
  return person.name === undefined ? person.number : `${person.name} (${person.number})`;
}
