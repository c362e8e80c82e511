import { readAudio } from '@offhook/sdp';
import type { AudioCapabilities, Direction, NegotiatedAudio, SessionDescription } from '@offhook/sdp';
import type { Body } from '@offhook/sip';
import type { Person } from '../person.ts';
import { OUR_CAPABILITIES, capabilitiesOf, holdsUs, readBody, wantsVoice } from '../voice/negotiation.ts';
import { Party } from '../voice/party.ts';
import type { LocalVoice } from '../voice/party.ts';
import type { Diverted, Heard, LegId, Onward, Place, SwitchEffect } from './model.ts';
import { NOTHING } from './model.ts';

/** How the other legs of its call want the answer to be: so that nothing needs to be transcoded, where that can be. */
export interface Preference {
  readonly codec: string | undefined;
  readonly events: boolean;
}

export const NO_PREFERENCE: Preference = { codec: undefined, events: true };

/** What the INVITE of a leg of ours has to say. */
export interface Invitation {
  readonly place: Place;
  readonly from: Person;
  /** What the call's other side speaks, the best first: offered before what we would transcode. */
  readonly wanted: AudioCapabilities | undefined;
  readonly onward: Onward | undefined;
  readonly branch: number;
  readonly diverted: readonly Diverted[];
  readonly autoAnswer: boolean;
}

type LegState =
  /** The port is being opened. */
  | { readonly name: 'opening'; readonly offer: SessionDescription | undefined }
  | {
      readonly name: 'incoming';
      readonly party: Party;
      readonly offer: SessionDescription | undefined;
      rang: boolean;
    }
  | { readonly name: 'calling'; readonly invitation: Invitation; readonly party: Party | undefined }
  | { readonly name: 'answered'; readonly party: Party; confirmed: boolean }
  | { readonly name: 'ended' };

/**
 * One SIP session with the voice of the PBX in it: offer and answer (RFC 3264) with this device alone, whatever the others of the
 * call speak. What does not fit the state changes nothing.
 *
 * ```
 *   incoming call:  opening ─opened─► incoming ─accept─► answered ─┐
 *   call of ours:   calling ─opened: INVITE─► calling ─2xx─► answered ─┴─ end, BYE ─► ended
 *                      └─ refusal, end: CANCEL ──────────────────────────────────────► ended
 * ```
 */
export class Leg {
  readonly id: LegId;
  /** Who is at the other side, as this device was told last. */
  shown: Person | undefined;
  /** Obeys NOTIFY with the events talk and hold. */
  obeys = false;
  #state: LegState;
  #heard: Heard = NOTHING;
  #wantsToShow: Person | undefined;
  #reoffering = false;
  /** Everybody at the other side holds, and the device has yet to be told of the change. */
  #isHeld = false;
  #wantsToHold = false;
  readonly #push: (effect: SwitchEffect) => void;

  private constructor(id: LegId, state: LegState, push: (effect: SwitchEffect) => void) {
    this.id = id;
    this.#state = state;
    this.#push = push;
  }

  /** Of an INVITE that came; a status where its offer cannot be taken. */
  static incoming(
    id: LegId,
    body: Body | undefined,
    push: (effect: SwitchEffect) => void,
  ): Leg | { readonly status: number } {
    const offer = body === undefined ? undefined : readBody(body);
    if (offer !== undefined && 'kind' in offer) return { status: offer.status };
    if (offer !== undefined && capabilitiesOf(offer).codecs.length === 0) return { status: 488 };
    push({ kind: 'open', leg: id });
    return new Leg(id, { name: 'opening', offer }, push);
  }

  static calling(id: LegId, invitation: Invitation, push: (effect: SwitchEffect) => void): Leg {
    push({ kind: 'open', leg: id });
    return new Leg(id, { name: 'calling', invitation, party: undefined }, push);
  }

  get isAnswered(): boolean {
    return this.#state.name === 'answered';
  }

  /** Came as an INVITE and waits for our answer. */
  get isWaiting(): boolean {
    return this.#state.name === 'incoming' || this.#state.name === 'opening';
  }

  get isEnded(): boolean {
    return this.#state.name === 'ended';
  }

  /** The ACK is here: nothing of an announcement gets lost. */
  get isConfirmed(): boolean {
    return this.#state.name === 'answered' && this.#state.confirmed;
  }

  get voice(): NegotiatedAudio | undefined {
    return this.#state.name === 'answered' ? this.#state.party.voice : undefined;
  }

  /** The device has put us on hold. */
  get holds(): boolean {
    return holdsUs(this.voice);
  }

  /** The device wants to hear us. */
  get listens(): boolean {
    return wantsVoice(this.voice);
  }

  /** What it speaks, the best first; undefined while it has not said so. */
  get speaks(): AudioCapabilities | undefined {
    const state = this.#state;
    switch (state.name) {
      case 'opening':
      case 'incoming':
        return state.offer === undefined ? undefined : capabilitiesOf(state.offer);
      case 'answered': {
        const { voice } = state.party;
        if (voice === undefined) return undefined;
        const events = voice.telephoneEvent === undefined ? [] : OUR_CAPABILITIES.telephoneEvents;
        return { codecs: voice.codecs, telephoneEvents: events };
      }
      case 'calling':
      case 'ended':
        return undefined;
      default:
        return state satisfies never;
    }
  }

  /** What others should speak so that it can be passed on to this device as it is. */
  get preference(): Preference {
    const { voice } = this;
    if (voice === undefined) return NO_PREFERENCE;
    return { codec: voice.codec.name, events: voice.telephoneEvent !== undefined };
  }

  /** False where the leg came to nothing for want of a port. */
  opened(local: LocalVoice | undefined): boolean {
    const state = this.#state;
    if (local === undefined) return false;
    if (state.name === 'opening') {
      this.#state = { name: 'incoming', party: new Party(local), offer: state.offer, rang: false };
    } else if (state.name === 'calling' && state.party === undefined) {
      const { invitation } = state;
      const { wanted, ...rest } = invitation;
      const party = new Party(local);
      this.#state = { name: 'calling', invitation, party };
      this.shown = invitation.from;
      this.#push({ kind: 'invite', leg: this.id, ...rest, offer: party.offer(offerable(wanted)) });
    }
    return true;
  }

  ring(peer: Person): void {
    if (this.#state.name !== 'incoming' || this.#state.rang) return;
    this.#state.rang = true;
    this.#push({ kind: 'ring', leg: this.id, peer });
  }

  accept(peer: Person, preference: Preference, focus?: string): void {
    const state = this.#state;
    if (state.name !== 'incoming') return;
    const { party, offer } = state;
    const events = preference.events ? OUR_CAPABILITIES.telephoneEvents : [];
    const capabilities = { codecs: OUR_CAPABILITIES.codecs, telephoneEvents: events };
    this.#state = { name: 'answered', party, confirmed: false };
    this.shown = peer;
    if (offer === undefined) {
      this.#push({ kind: 'accept', leg: this.id, body: party.offer(capabilities), peer, focus });
      return;
    }
    const answer = party.answer(offer, preferring(capabilities, offer, preference.codec));
    // The offer was read before, and has a codec of ours.
    if (answer === undefined) throw new Error('the caller’s offer has lost its codecs');
    this.#push({ kind: 'agree', leg: this.id, voice: answer.voice });
    this.#push({ kind: 'accept', leg: this.id, body: answer.body, peer, focus });
  }

  refuse(status: number): void {
    if (!this.isWaiting) return;
    this.#push({ kind: 'refuse', leg: this.id, status });
    this.#over();
  }

  /** The 2xx to our INVITE. False where its answer cannot be used: the leg is hung up then. */
  accepted(body: Body | undefined): boolean {
    const state = this.#state;
    if (state.name !== 'calling' || state.party === undefined) return false;
    const voice = state.party.settle(body);
    if (voice === undefined) {
      this.end(undefined);
      return false;
    }
    this.#state = { name: 'answered', party: state.party, confirmed: true };
    this.#push({ kind: 'agree', leg: this.id, voice });
    return true;
  }

  /** The ACK, with the answer where the offer was ours. False where that cannot be used. */
  confirmed(body: Body | undefined): boolean {
    const state = this.#state;
    if (state.name !== 'answered') return true;
    state.confirmed = true;
    if (state.party.isWaiting && !this.#reoffering) {
      const voice = state.party.settle(body);
      if (voice === undefined) return false;
      this.#push({ kind: 'agree', leg: this.id, voice });
    }
    this.#tell();
    return true;
  }

  /** A re-INVITE or UPDATE: hold, retrieve, another codec or address are all answered here. */
  offered(body: Body | undefined): void {
    const state = this.#state;
    if (state.name !== 'answered') return;
    if (body === undefined) {
      const offer = state.party.offer(offerable(this.speaks), this.#wanted);
      this.#push({ kind: 'accept_offer', leg: this.id, body: offer });
      return;
    }
    const offer = readBody(body);
    const answer =
      'kind' in offer
        ? undefined
        : state.party.answer(
            offer,
            preferring(OUR_CAPABILITIES, offer, state.party.voice?.codec.name),
            this.#wanted,
          );
    if (answer === undefined) {
      const status = 'kind' in offer ? offer.status : 488;
      this.#push({ kind: 'refuse_offer', leg: this.id, status });
      return;
    }
    this.#push({ kind: 'agree', leg: this.id, voice: answer.voice });
    this.#push({ kind: 'accept_offer', leg: this.id, body: answer.body });
  }

  /** Tells the device who is at the other side from now on. */
  show(peer: Person): void {
    if (this.#state.name !== 'answered' || isSame(this.shown, peer)) return;
    this.shown = peer;
    this.#wantsToShow = peer;
    this.#tell();
  }

  /**
   * Whether everybody at the other side holds. A telephone of ours (one that {@link obeys}) is told, so that its display can say it:
   * by a description that only sends, as the music does (RFC 3264 section 8.4). Others hear the music and are not asked anything.
   */
  holdUp(isHeld: boolean): void {
    if (!this.obeys || this.#state.name !== 'answered' || this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#wantsToHold = true;
    this.#tell();
  }

  offerResult(ok: boolean, body: Body | undefined): void {
    const state = this.#state;
    if (!this.#reoffering || state.name !== 'answered') return;
    this.#reoffering = false;
    const voice = ok ? state.party.settle(body) : undefined;
    if (voice === undefined) state.party.withdraw();
    else this.#push({ kind: 'agree', leg: this.id, voice });
    this.#tell();
  }

  hear(heard: Heard): void {
    if (this.#state.name === 'ended' || sameHeard(this.#heard, heard)) return;
    this.#heard = heard;
    this.#push({ kind: 'hear', leg: this.id, heard });
  }

  order(order: 'talk' | 'hold'): void {
    if (this.#state.name !== 'ended') this.#push({ kind: 'order', leg: this.id, order });
  }

  probe(): void {
    if (this.#state.name === 'answered') this.#push({ kind: 'probe', leg: this.id });
  }

  /** CANCEL, BYE, or a refusal of an INVITE that waits. */
  end(reason: string | undefined): void {
    if (this.#state.name === 'ended') return;
    if (this.isWaiting) {
      this.refuse(480);
      return;
    }
    const isOut =
      this.#state.name === 'answered' || (this.#state.name === 'calling' && this.#state.party !== undefined);
    if (isOut) this.#push({ kind: 'end', leg: this.id, reason });
    this.#over();
  }

  /** The other side has ended it. */
  gone(): void {
    if (this.#state.name !== 'ended') this.#over();
  }

  get #wanted(): Direction {
    return this.#isHeld ? 'sendonly' : 'sendrecv';
  }

  #tell(): void {
    const state = this.#state;
    const peer = this.#wantsToShow ?? this.shown;
    const isNew = this.#wantsToShow !== undefined || (this.#wantsToHold && this.isConfirmed);
    if (state.name !== 'answered' || !isNew || peer === undefined) return;
    if (this.#reoffering || state.party.isWaiting) return;
    const direction = this.#wantsToHold ? this.#wanted : (state.party.voice?.direction ?? 'sendrecv');
    this.#wantsToShow = undefined;
    this.#wantsToHold = false;
    this.#reoffering = true;
    const offer = state.party.offer(offerable(this.speaks), direction);
    this.#push({ kind: 'reoffer', leg: this.id, offer, peer });
  }

  #over(): void {
    this.#state = { name: 'ended' };
    this.#push({ kind: 'close', leg: this.id });
  }
}

/** What the call's other side speaks comes first; the rest we can transcode. */
function offerable(wanted: AudioCapabilities | undefined): AudioCapabilities {
  if (wanted === undefined) return OUR_CAPABILITIES;
  const rest = OUR_CAPABILITIES.codecs.filter(
    ({ name }) => !wanted.codecs.some((codec) => codec.name === name),
  );
  return {
    codecs: [...wanted.codecs, ...rest],
    telephoneEvents:
      wanted.telephoneEvents.length > 0 ? wanted.telephoneEvents : OUR_CAPABILITIES.telephoneEvents,
  };
}

/** The capabilities cut to the one codec that is preferred, where the offer has it. */
function preferring(
  capabilities: AudioCapabilities,
  offer: SessionDescription,
  codec: string | undefined,
): AudioCapabilities {
  const isOffered = readAudio(offer)?.codecs.some(({ name }) => name === codec) ?? false;
  if (!isOffered) return capabilities;
  return { ...capabilities, codecs: capabilities.codecs.filter(({ name }) => name === codec) };
}

function isSame(one: Person | undefined, other: Person): boolean {
  return one?.number === other.number && one.name === other.name;
}

function sameHeard(one: Heard, other: Heard): boolean {
  if (one.kind === 'legs' && other.kind === 'legs') {
    return one.legs.length === other.legs.length && one.legs.every((leg, at) => other.legs[at] === leg);
  }
  if (one.kind === 'sound' && other.kind === 'sound') return one.sound === other.sound;
  return one.kind === other.kind;
}
