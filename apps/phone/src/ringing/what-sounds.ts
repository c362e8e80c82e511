import { isActiveHere, isRingingHere, type KnownCall, type PhoneState } from '@offhook/phone-core';
import type { ToneName } from './tones.ts';

/** The one sound for the state: a person hears the most urgent thing. */
export function whatSounds(state: PhoneState): ToneName | undefined {
  const talking = state.calls.some(isTalking);
  if (ringingCall(state) !== undefined) return talking ? 'waiting' : 'ring';
  if (talking) return undefined;
  const outgoing = state.calls.filter((call) => call.direction === 'outgoing' && call.wasHere);
  if (outgoing.some((call) => call.state.name === 'ringing')) return 'ringback';
  if (outgoing.some((call) => call.state.name === 'ended' && call.state.cause === 'busy')) return 'busy';
  return undefined;
}

/** Here, or at the desk phone beside this device. */
function isTalking(call: KnownCall): boolean {
  return call.state.name === 'connected' && (isActiveHere(call) || call.position === 'desk_phone');
}

export function ringingCall(state: PhoneState): KnownCall | undefined {
  return state.calls.find((call) => isRingingHere(state, call));
}

/** The call that the window's title and icon speak of when nothing rings. */
export function talkingCall(state: PhoneState): KnownCall | undefined {
  return state.calls.find(
    (call) =>
      call.position === 'here' &&
      call.state.name !== 'ended' &&
      state.activities[call.callId]?.pending !== 'hangUp',
  );
}
