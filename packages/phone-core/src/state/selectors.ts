import type { CallService } from '@offhook/contract';
import type { KnownCall, PhoneState } from './state.ts';

export function permits(call: KnownCall, service: CallService): boolean {
  return call.permitted.includes(service);
}

/** Incoming, unanswered, and this window has not just answered or refused it. */
export function isRingingHere(state: PhoneState, call: KnownCall): boolean {
  if (call.direction !== 'incoming' || call.state.name !== 'ringing') return false;
  const pending = state.activities[call.callId]?.pending;
  return pending !== 'answer' && pending !== 'reject';
}

/** What the person hears of the mute button: their own choice first, then what the call says. */
export function isMuted(state: PhoneState, call: KnownCall): boolean {
  return state.activities[call.callId]?.muteWanted ?? call.muted;
}

/** A call that speaks or is about to speak at this window. */
export function isActiveHere(call: KnownCall): boolean {
  return call.holder === 'mine' && call.state.name !== 'ended' && call.state.name !== 'held';
}

/** Milliseconds since the epoch, by the cloud's clock. */
export function cloudTime(state: PhoneState, deviceNow: number): number {
  return deviceNow + state.clockOffsetMs;
}
