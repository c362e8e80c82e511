import type { Millis } from '@offhook/sip';
import type { LocalVoice } from '../voice/party.ts';
import { frontOf, permitted, situationOf } from './display.ts';
import type { CallOfPhone } from './display.ts';
import { PhoneCall } from './phone-call.ts';
import type {
  PhoneAction,
  PhoneCallId,
  PhoneCallInput,
  PhoneEffect,
  PhoneInput,
  PhoneOptions,
  PhoneSituation,
} from './types.ts';

/** Calls that ring or are held beside the one in front; more are answered busy. */
export const MOST_CALLS = 2;

/**
 * A desk phone with two calls, without its sockets: one is in front, the other is held or knocks. Pure: `handle`, then
 * `takeEffects`; `tick` at `deadline()`. What each call does is {@link PhoneCall}'s; here is what the keys mean.
 *
 * Transfer is REFER (blind) or REFER with Replaces (attended, RFC 5589); a conference is a room of the PBX to which the phone goes
 * itself and then refers both others (RFC 4579 section 5.5).
 */
export class PhoneMachine {
  readonly #local: LocalVoice;
  readonly #options: PhoneOptions;
  #calls: CallOfPhone[] = [];
  #effects: PhoneEffect[] = [];
  #said = 'Ready';
  #lastDialled: string | undefined;
  #lastId = 0;
  /** The room that is being called, and who shall come there. */
  #conference: { readonly room: PhoneCallId; readonly others: readonly PhoneCallId[] } | undefined;

  constructor(local: LocalVoice, options: PhoneOptions) {
    this.#local = local;
    this.#options = options;
  }

  get situation(): PhoneSituation {
    return situationOf(this.#calls, this.#said, this.#lastDialled !== undefined);
  }

  may(action: PhoneAction): boolean {
    return permitted(this.#calls, this.#lastDialled !== undefined).includes(action);
  }

  /** The call in front: who the keys mean, and who is heard. */
  get front(): PhoneCallId | undefined {
    return frontOf(this.#calls)?.id;
  }

  /** Another call may ring. */
  get hasRoom(): boolean {
    return this.#calls.length < MOST_CALLS;
  }

  newCallId(): PhoneCallId {
    this.#lastId += 1;
    return this.#lastId as PhoneCallId;
  }

  deadline(): Millis | undefined {
    const times = this.#calls.flatMap(({ call }) => call.deadline() ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  takeEffects(): readonly PhoneEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** What does not fit the state changes nothing: ask {@link may} first where somebody waits for an answer. */
  handle(input: PhoneInput, now: Millis): void {
    switch (input.kind) {
      case 'incoming':
        this.#incoming(input, now);
        break;
      case 'of_call':
        this.#ofCall(input.call, input.input);
        break;
      case 'tick':
        for (const each of this.#calls) {
          const at = each.call.deadline();
          if (at !== undefined && at <= now) this.#answer(each);
        }
        break;
      case 'call':
      case 'consult':
      case 'blindTransfer':
      case 'answer':
      case 'reject':
      case 'hangup':
      case 'hold':
      case 'retrieve':
      case 'swap':
      case 'transfer':
      case 'conference':
      case 'redial':
        if (this.may(input.kind)) this.#press(input);
        break;
      default:
        input satisfies never;
    }
    this.#forgetEnded();
  }

  #press(input: Exclude<PhoneInput, { kind: 'incoming' | 'of_call' | 'tick' }>): void {
    const call = frontOf(this.#calls)?.call;
    switch (input.kind) {
      case 'call':
      case 'consult':
        call?.hold(true);
        this.#dial(input.to);
        break;
      case 'redial':
        if (this.#lastDialled !== undefined) this.#dial(this.#lastDialled);
        break;
      case 'answer':
      case 'reject': {
        const ringing = this.#calls.find((each) => each.call.state === 'ringing');
        if (ringing === undefined) break;
        if (input.kind === 'answer') this.#answer(ringing);
        else ringing.call.reject();
        break;
      }
      case 'hangup':
        call?.hangUp();
        break;
      case 'hold':
        call?.hold(true);
        break;
      case 'retrieve':
        call?.hold(false);
        break;
      case 'swap':
        this.#swap();
        break;
      case 'blindTransfer':
        this.#refer(frontOf(this.#calls)?.id, { kind: 'refer', to: input.to });
        break;
      case 'transfer':
        this.#transfer();
        break;
      case 'conference':
        this.#startConference();
        break;
      default:
        input satisfies never;
    }
  }

  #incoming(input: Extract<PhoneInput, { kind: 'incoming' }>, now: Millis): void {
    const { autoAnswer } = this.#options;
    const isAlone = this.#calls.length === 0;
    const answerAt = isAlone && autoAnswer !== undefined ? now + autoAnswer : undefined;
    const { call: id, from: peer, offer } = input;
    const push = this.#pushFor(id);
    const each = { id, call: PhoneCall.ringing(this.#local, { peer, offer, answerAt }, push) };
    this.#calls.push(each);
    if (input.autoAnswer) this.#answer(each);
  }

  /** Whoever is in front is held. */
  #answer(ringing: CallOfPhone): void {
    for (const each of this.#calls) if (each !== ringing) each.call.hold(true);
    ringing.call.answer();
  }

  #dial(to: string): PhoneCallId {
    const id = this.newCallId();
    this.#lastDialled = to;
    this.#calls.push({ id, call: PhoneCall.calling(this.#local, to, this.#pushFor(id)) });
    return id;
  }

  #swap(): void {
    const held = this.#calls.find(({ call }) => call.state === 'holding');
    for (const each of this.#calls) each.call.hold(each !== held);
  }

  /** The one on hold and the one in front talk to each other. */
  #transfer(): void {
    const held = this.#calls.find(({ call }) => call.state === 'holding');
    const other = this.#calls.find((each) => each !== held);
    if (held !== undefined && other !== undefined) {
      this.#refer(held.id, { kind: 'refer_to_call', other: other.id });
    }
  }

  #refer(id: PhoneCallId | undefined, effect: PhoneEffect['effect']): void {
    if (id !== undefined) this.#effects.push({ call: id, effect });
  }

  #startConference(): void {
    const others = this.#calls.map(({ id }) => id);
    for (const { call } of this.#calls) call.hold(true);
    this.#conference = { room: this.#dial(this.#options.conference), others };
  }

  #ofCall(id: PhoneCallId, input: PhoneCallInput): void {
    const each = this.#calls.find((other) => other.id === id);
    if (each === undefined) return;
    if (input.kind === 'order') this.#obey(each, input.order);
    else if (input.kind === 'referred') this.#referred(each, input.ok);
    else each.call.handle(input);
    if (input.kind === 'accepted') this.#callIntoRoom(each);
    // The room cannot be had: the call in front comes back.
    if (input.kind === 'ended' && this.#conference?.room === id) this.#conference = undefined;
  }

  /** The PBX commands the phone as a hand would. */
  #obey(each: CallOfPhone, order: 'talk' | 'hold'): void {
    if (order === 'hold') each.call.hold(true);
    else if (each.call.state === 'ringing') this.#answer(each);
    else {
      for (const other of this.#calls) other.call.hold(other !== each);
    }
  }

  #referred(each: CallOfPhone, ok: boolean): void {
    if (ok) each.call.hangUp();
    else this.#said = 'Transfer failed';
  }

  /** The room has told its own number: the others are sent there. */
  #callIntoRoom({ id, call }: CallOfPhone): void {
    const conference = this.#conference;
    const room = call.peer?.number;
    if (conference?.room !== id || room === undefined) return;
    this.#conference = undefined;
    for (const other of conference.others) this.#refer(other, { kind: 'refer', to: room });
  }

  #forgetEnded(): void {
    for (const { call } of this.#calls) this.#said = call.said ?? this.#said;
    this.#calls = this.#calls.filter(({ call }) => call.state !== 'over');
  }

  #pushFor(call: PhoneCallId) {
    return (effect: PhoneEffect['effect']): void => {
      this.#effects.push({ call, effect });
    };
  }
}
