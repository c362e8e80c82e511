import { readAudio, sameCodec } from '@offhook/sdp';
import type { AudioCapabilities, NegotiatedAudio, SessionDescription } from '@offhook/sdp';
import type { Body, Millis } from '@offhook/sip';
import { OUR_CAPABILITIES, capabilitiesOf, holdsUs, readBody, wantsVoice } from '../voice/negotiation.ts';
import { betterFailure, isFinalForAll, statusForCaller } from './failure.ts';
import { Party } from './party.ts';
import type { LocalVoice } from './party.ts';
import { ANSWERED_ELSEWHERE } from './types.ts';
import type { CallEffect, CallInput, Destination, ForkId, Heard, Leg, Service, Side } from './types.ts';

export interface CallSetup {
  readonly destination: Destination;
  /** The caller's offer; absent for a delayed offer (RFC 3264 section 4). */
  readonly offer: Body | undefined;
  /** Our ends. All forks share the callee's; it is unused where a service answers. */
  readonly voices: Readonly<Record<Side, LocalVoice>>;
}

interface Ringing {
  readonly name: 'ringing';
  /** Those that have not answered yet. */
  readonly forks: Set<ForkId>;
  readonly until: Millis;
  readonly caller: Party;
  readonly callee: Party;
  /** The most telling refusal so far. */
  failure: number;
  rang: boolean;
}

interface Talking {
  readonly name: 'talking';
  readonly fork: ForkId;
  readonly caller: Party;
  readonly callee: Party;
  /** A re-INVITE of one side that waits for the other side's answer. */
  passing: { readonly from: Side; readonly offer: SessionDescription } | undefined;
}

interface Served {
  readonly name: 'service';
  readonly service: Service;
  readonly caller: Party;
  /** The caller's ACK is here: nothing of an announcement gets lost. */
  started: boolean;
}

type CallState = Ringing | Talking | Served | { readonly name: 'over' };

/**
 * One call of the PBX as a back-to-back user agent (RFC 3261 section 6): two SIP sessions with the PBX's own media in
 * between. Pure: inputs and time in, effects out. Whoever drives it drains `takeEffects()` after the constructor and
 * after each `handle`, and gives `tick` at `deadline()`.
 *
 * ```
 *            ┌─ service answers ──────────► service ─┐
 *  start ────┤                                       ├─ either side ends ─► over
 *            └─ ringing ─ first 2xx ──────► talking ─┘
 *                  └─ all refused · ring time · CANCEL ───────────────────► over
 * ```
 */
export class CallMachine {
  #state: CallState = { name: 'over' };
  #effects: CallEffect[] = [];
  #heard: Record<Side, Heard> = { caller: 'nothing', callee: 'nothing' };
  /** The caller's first offer. */
  readonly #offer: SessionDescription | undefined;

  constructor(setup: CallSetup, now: Millis) {
    const offer = setup.offer === undefined ? undefined : readBody(setup.offer);
    if (offer !== undefined && 'kind' in offer) {
      this.#refuse(offer.status);
      return;
    }
    this.#offer = offer;
    const capabilities = offer === undefined ? OUR_CAPABILITIES : capabilitiesOf(offer);
    if (capabilities.codecs.length === 0) this.#refuse(488);
    else if (setup.destination.kind === 'service') this.#serve(setup.destination.service, setup);
    else this.#call(setup.destination, capabilities, setup, now);
  }

  get stateName(): CallState['name'] {
    return this.#state.name;
  }

  /** Which sides hold the call. */
  get holding(): readonly Side[] {
    const state = this.#state;
    return state.name === 'talking'
      ? (['caller', 'callee'] as const).filter((side) => holdsUs(state[side].voice))
      : [];
  }

  /** Name of the codec towards the caller, once there is one. */
  get codec(): string | undefined {
    const state = this.#state;
    return state.name === 'over' ? undefined : state.caller.voice?.codec.name;
  }

  deadline(): Millis | undefined {
    return this.#state.name === 'ringing' ? this.#state.until : undefined;
  }

  takeEffects(): readonly CallEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  handle(input: CallInput, now: Millis): void {
    const state = this.#state;
    switch (state.name) {
      case 'ringing':
        this.#whileRinging(state, input, now);
        break;
      case 'talking':
        this.#whileTalking(state, input);
        break;
      case 'service':
        this.#whileServed(state, input);
        break;
      case 'over':
        break;
      default:
        state satisfies never;
    }
  }

  // ── start ──

  #serve(service: Service, setup: CallSetup): void {
    const caller = new Party(setup.voices.caller);
    this.#state = { name: 'service', service, caller, started: false };
    this.#acceptCaller(caller, OUR_CAPABILITIES);
  }

  #call(
    destination: Exclude<Destination, { kind: 'service' }>,
    capabilities: AudioCapabilities,
    setup: CallSetup,
    now: Millis,
  ): void {
    const places = destination.kind === 'extension' ? destination.places : [];
    if (destination.kind === 'extension' && places.length === 0) {
      this.#refuse(480);
      return;
    }
    const state: Ringing = {
      name: 'ringing',
      forks: new Set(places.keys()),
      until: now + destination.ringTime,
      caller: new Party(setup.voices.caller),
      callee: new Party(setup.voices.callee),
      failure: 480,
      rang: false,
    };
    this.#state = state;
    if (destination.kind === 'nobody') this.#ringCaller(state);
    // One offer for all, from one port: only the first that answers will be sent to.
    const offer = state.callee.offer(capabilities);
    for (const [fork, place] of places.entries()) this.#push({ kind: 'invite', fork, place, offer });
  }

  // ── ringing ──

  #whileRinging(state: Ringing, input: CallInput, now: Millis): void {
    switch (input.kind) {
      case 'progress':
        if (input.status > 100 && state.forks.has(input.fork)) this.#ringCaller(state);
        break;
      case 'accepted':
        if (state.forks.has(input.fork)) this.#answered(state, input.fork, input.body);
        break;
      case 'failed':
        this.#forkFailed(state, input.fork, input.status);
        break;
      case 'ended':
        if (input.leg !== 'caller') {
          this.#forkFailed(state, input.leg, 480);
          break;
        }
        this.#endForks(state, input.reason);
        this.#over();
        break;
      case 'tick':
        if (now < state.until) break;
        this.#endForks(state, undefined);
        this.#refuse(480);
        break;
      case 'clear':
        this.#endForks(state, undefined);
        this.#refuse(503);
        break;
      case 'confirmed':
      case 'offered':
      case 'offer_result':
      case 'played':
      case 'silent':
      case 'probed':
        break;
      default:
        input satisfies never;
    }
  }

  #forkFailed(state: Ringing, fork: ForkId, status: number): void {
    if (!state.forks.delete(fork)) return;
    state.failure = betterFailure(statusForCaller(status), state.failure);
    if (isFinalForAll(status)) this.#endForks(state, undefined);
    if (isFinalForAll(status) || state.forks.size === 0) this.#refuse(state.failure);
  }

  #answered(state: Ringing, fork: ForkId, body: Body | undefined): void {
    const { caller, callee } = state;
    const voice = callee.settle(body);
    if (voice === undefined) {
      this.#push({ kind: 'end', leg: fork, reason: undefined });
      this.#forkFailed(state, fork, 488);
      return;
    }
    state.forks.delete(fork);
    this.#endForks(state, ANSWERED_ELSEWHERE);
    this.#state = { name: 'talking', fork, caller, callee, passing: undefined };
    this.#push({ kind: 'agree', side: 'callee', voice });
    this.#acceptCaller(caller, matching(voice));
    this.#updateHearing();
  }

  #endForks(state: Ringing, reason: string | undefined): void {
    for (const leg of state.forks) this.#push({ kind: 'end', leg, reason });
    state.forks.clear();
  }

  #ringCaller(state: Ringing): void {
    if (state.rang) return;
    state.rang = true;
    this.#push({ kind: 'ring' });
  }

  // ── talking ──

  #whileTalking(state: Talking, input: CallInput): void {
    switch (input.kind) {
      case 'ended': {
        const side = sideOf(state, input.leg);
        if (side !== undefined) this.#endTalk(state, [otherSide(side)]);
        break;
      }
      case 'confirmed': {
        const side = sideOf(state, input.leg);
        if (side !== undefined) this.#confirmed(state, side, input.body);
        break;
      }
      case 'offered': {
        const side = sideOf(state, input.leg);
        if (side !== undefined) this.#offered(state, side, input.offer);
        break;
      }
      case 'offer_result':
        this.#passedOn(state, input.leg, input.result);
        break;
      case 'silent':
        this.#push({ kind: 'probe', leg: legOf(state, input.side) });
        break;
      case 'probed':
        if (!input.alive && sideOf(state, input.leg) !== undefined)
          this.#endTalk(state, ['caller', 'callee']);
        break;
      case 'clear':
        this.#endTalk(state, ['caller', 'callee']);
        break;
      case 'progress':
      case 'accepted':
      case 'failed':
      case 'played':
      case 'tick':
        break;
      default:
        input satisfies never;
    }
  }

  /** The ACK, with the answer where the offer was ours: after a delayed offer, or a re-INVITE without one. */
  #confirmed(state: Talking, side: Side, body: Body | undefined): void {
    const party = state[side];
    if (!party.isWaiting || state.passing?.from === otherSide(side)) return;
    const voice = party.settle(body);
    if (voice === undefined) {
      this.#endTalk(state, ['caller', 'callee']);
      return;
    }
    this.#push({ kind: 'agree', side, voice });
    this.#updateHearing();
  }

  /**
   * A re-INVITE. Hold, retrieve and a new address are answered here; the other side is asked only where the codec that
   * it speaks is gone from the offer.
   */
  #offered(state: Talking, side: Side, body: Body | undefined): void {
    const leg = legOf(state, side);
    const other = state[otherSide(side)];
    // One change at a time: the side that is told so tries again (RFC 3261 section 14.2).
    if (state.passing !== undefined) {
      this.#push({ kind: 'refuse_offer', leg, status: 491 });
      return;
    }
    const agreed = other.voice === undefined ? OUR_CAPABILITIES : matching(other.voice);
    if (body === undefined) {
      this.#push({ kind: 'accept_offer', leg, body: state[side].offer(agreed) });
      return;
    }
    const offer = readBody(body);
    if ('kind' in offer) this.#push({ kind: 'refuse_offer', leg, status: offer.status });
    else if (holdsCodecOf(agreed, offer)) this.#answerOffer(state, side, offer, agreed);
    else this.#passOn(state, side, offer);
  }

  #passOn(state: Talking, from: Side, offer: SessionDescription): void {
    const capabilities = capabilitiesOf(offer);
    if (capabilities.codecs.length === 0) {
      this.#push({ kind: 'refuse_offer', leg: legOf(state, from), status: 488 });
      return;
    }
    state.passing = { from, offer };
    const to = otherSide(from);
    this.#push({ kind: 'reoffer', leg: legOf(state, to), offer: state[to].offer(capabilities) });
  }

  #passedOn(state: Talking, leg: Leg, result: Extract<CallInput, { kind: 'offer_result' }>['result']): void {
    const { passing } = state;
    const side = sideOf(state, leg);
    if (passing === undefined || side === undefined || side === passing.from) return;
    state.passing = undefined;
    const party = state[side];
    const voice = result.ok ? party.settle(result.answer) : undefined;
    if (voice === undefined) {
      party.withdraw();
      const status = !result.ok && result.status === 491 ? 491 : 488;
      this.#push({ kind: 'refuse_offer', leg: legOf(state, passing.from), status });
      return;
    }
    this.#push({ kind: 'agree', side, voice });
    this.#answerOffer(state, passing.from, passing.offer, matching(voice));
  }

  #answerOffer(
    state: Talking | Served,
    side: Side,
    offer: SessionDescription,
    capabilities: AudioCapabilities,
  ): void {
    const leg = state.name === 'talking' ? legOf(state, side) : 'caller';
    const party = state.name === 'talking' ? state[side] : state.caller;
    const answer = party.answer(offer, capabilities);
    if (answer === undefined) {
      this.#push({ kind: 'refuse_offer', leg, status: 488 });
      return;
    }
    this.#push({ kind: 'agree', side, voice: answer.voice });
    this.#push({ kind: 'accept_offer', leg, body: answer.body });
    this.#updateHearing();
  }

  #endTalk(state: Talking, sides: readonly Side[]): void {
    for (const side of sides) this.#push({ kind: 'end', leg: legOf(state, side), reason: undefined });
    this.#over();
  }

  // ── service ──

  #whileServed(state: Served, input: CallInput): void {
    switch (input.kind) {
      case 'confirmed':
        this.#serviceConfirmed(state, input.body);
        break;
      case 'offered':
        this.#serviceOffered(state, input.offer);
        break;
      case 'silent':
        this.#push({ kind: 'probe', leg: 'caller' });
        break;
      case 'ended':
        this.#over();
        break;
      case 'probed':
        if (!input.alive) this.#hangUpOnCaller();
        break;
      case 'played':
      case 'clear':
        this.#hangUpOnCaller();
        break;
      case 'progress':
      case 'accepted':
      case 'failed':
      case 'offer_result':
      case 'tick':
        break;
      default:
        input satisfies never;
    }
  }

  #serviceConfirmed(state: Served, body: Body | undefined): void {
    if (state.caller.isWaiting) {
      const voice = state.caller.settle(body);
      if (voice === undefined) {
        this.#hangUpOnCaller();
        return;
      }
      this.#push({ kind: 'agree', side: 'caller', voice });
    }
    state.started = true;
    this.#updateHearing();
  }

  #serviceOffered(state: Served, body: Body | undefined): void {
    if (body === undefined) {
      this.#push({ kind: 'accept_offer', leg: 'caller', body: state.caller.offer(OUR_CAPABILITIES) });
      return;
    }
    const offer = readBody(body);
    if ('kind' in offer) this.#push({ kind: 'refuse_offer', leg: 'caller', status: offer.status });
    else this.#answerOffer(state, 'caller', offer, OUR_CAPABILITIES);
  }

  #hangUpOnCaller(): void {
    this.#push({ kind: 'end', leg: 'caller', reason: undefined });
    this.#over();
  }

  // ── shared ──

  /** 200 to the caller, with what the other end speaks. */
  #acceptCaller(caller: Party, capabilities: AudioCapabilities): void {
    if (this.#offer === undefined) {
      this.#push({ kind: 'accept', body: caller.offer(capabilities) });
      return;
    }
    const answer = caller.answer(this.#offer, capabilities);
    // The offer was read before, and the callee chose from it.
    if (answer === undefined) throw new Error('the caller’s offer has lost its codecs');
    this.#push({ kind: 'agree', side: 'caller', voice: answer.voice });
    this.#push({ kind: 'accept', body: answer.body });
  }

  /** Tells who hears what, where it has changed. */
  #updateHearing(): void {
    const state = this.#state;
    if (state.name === 'talking') {
      for (const side of ['caller', 'callee'] as const) {
        const source = holdsUs(state[otherSide(side)].voice) ? 'music' : 'other';
        this.#hear(side, wantsVoice(state[side].voice) ? source : 'nothing');
      }
    } else if (state.name === 'service' && state.started) {
      this.#hear('caller', wantsVoice(state.caller.voice) ? state.service : 'nothing');
    }
  }

  #hear(side: Side, heard: Heard): void {
    if (this.#heard[side] === heard) return;
    this.#heard[side] = heard;
    this.#push({ kind: 'hear', side, heard });
  }

  #refuse(status: number): void {
    this.#push({ kind: 'refuse', status });
    this.#over();
  }

  #over(): void {
    this.#state = { name: 'over' };
    this.#push({ kind: 'over' });
  }

  #push(effect: CallEffect): void {
    this.#effects.push(effect);
  }
}

function otherSide(side: Side): Side {
  return side === 'caller' ? 'callee' : 'caller';
}

function legOf(state: Talking, side: Side): Leg {
  return side === 'caller' ? 'caller' : state.fork;
}

function sideOf(state: Talking, leg: Leg): Side | undefined {
  if (leg === 'caller') return 'caller';
  return leg === state.fork ? 'callee' : undefined;
}

/** What one side may be told so that it speaks exactly as the other does: the media goes through unchanged. */
function matching(voice: NegotiatedAudio): AudioCapabilities {
  const events = voice.telephoneEvent === undefined ? [] : OUR_CAPABILITIES.telephoneEvents;
  return { codecs: [voice.codec], telephoneEvents: events };
}

function holdsCodecOf(capabilities: AudioCapabilities, offer: SessionDescription): boolean {
  const offered = readAudio(offer)?.codecs ?? [];
  return capabilities.codecs.some((codec) => offered.some((other) => sameCodec(codec, other)));
}
