import type { Ability, CallService, Presence, UserId } from '@offhook/contract';
import type { KnownCall, PhoneState } from './state.ts';

export function permits(call: KnownCall, service: CallService): boolean {
  return call.permitted.includes(service);
}

export function canDo(state: PhoneState, ability: Ability): boolean {
  return state.abilities.includes(ability);
}

/** What ends the ringing here at the click, before anybody has confirmed it. */
const endsRinging: ReadonlySet<CallService> = new Set<CallService>([
  'answer',
  'answerAtDesk',
  'reject',
  'deflect',
  'toVoicemail',
  'pushToDesk',
  'pushToAlternative',
]);

export function isIncomingRinging(call: KnownCall): boolean {
  return call.direction === 'incoming' && call.state.name === 'ringing';
}

/** Incoming, unanswered, ringing at the clients too, and this window has not just taken it or sent it away. */
export function isRingingHere(state: PhoneState, call: KnownCall): boolean {
  if (!isIncomingRinging(call) || !call.rings.includes('clients')) return false;
  const pending = state.activities[call.callId]?.pending;
  return pending === undefined || !endsRinging.has(pending);
}

/** What the person hears of the mute button: their own choice first, then what the call says. */
export function isMuted(state: PhoneState, call: KnownCall): boolean {
  return state.activities[call.callId]?.muteWanted ?? call.muted;
}

/** A call that speaks or is about to speak at this window. */
export function isActiveHere(call: KnownCall): boolean {
  return call.position === 'here' && call.state.name !== 'ended' && call.state.name !== 'held';
}

/** The call that this window mixes with this one: both are here, talk, and name each other. */
export function mixedWith(state: PhoneState, call: KnownCall): KnownCall | undefined {
  if (call.mixedWith === undefined) return undefined;
  const other = state.calls.find((one) => one.callId === call.mixedWith);
  if (other === undefined || other.mixedWith !== call.callId) return undefined;
  const mixes = [call, other].every((one) => one.position === 'here' && one.state.name === 'connected');
  return mixes ? other : undefined;
}

/**
 * The call that a service of two calls is about, beside this one: the one that was placed to consult about it or for which it
 * was placed, else the one that talks, else the newest that waits. Undefined where there is none.
 */
export function counterpartOf(state: PhoneState, call: KnownCall): KnownCall | undefined {
  const others = state.calls.filter(
    (one) =>
      one.callId !== call.callId &&
      one.state.name !== 'ended' &&
      !isIncomingRinging(one) &&
      one.position === call.position,
  );
  return (
    others.find((one) => one.consultationFor === call.callId || call.consultationFor === one.callId) ??
    others.find((one) => one.state.name !== 'held') ??
    others.at(-1)
  );
}

/** The number of new messages; `true` where the platform only says that there are some. */
export function newMessages(state: PhoneState): number | boolean {
  const waiting = state.settings.held?.messageWaiting;
  if (waiting?.waiting !== true) return false;
  const count = waiting.newMessages ?? 0;
  return count > 0 ? count : true;
}

/** Watched, or as the directory said last. */
export function presenceOf(
  state: PhoneState,
  userId: UserId | undefined,
  otherwise?: Presence,
): Presence | undefined {
  return userId === undefined ? otherwise : (state.presences[userId] ?? otherwise);
}

/** Milliseconds since the epoch, by the cloud's clock. */
export function cloudTime(state: PhoneState, deviceNow: number): number {
  return deviceNow + state.clockOffsetMs;
}
