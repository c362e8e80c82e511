import type { HeadsetCall, HeadsetService } from '@offhook/headset';
import { isIncomingRinging, isMuted, type KnownCall, type PhoneState } from '@offhook/phone-core';

const services: ReadonlySet<string> = new Set<HeadsetService>([
  'answer',
  'reject',
  'hangUp',
  'mute',
  'hold',
  'retrieve',
  'alternate',
]);

/** The calls as a headset at this window sees them: what rings here, and what is here. */
export function headsetCalls(state: PhoneState): readonly HeadsetCall[] {
  return state.calls.flatMap((call) => {
    const how = stateOf(call);
    if (how === undefined) return [];
    const pending = state.activities[call.callId]?.pending;
    return {
      id: call.callId,
      state: how,
      muted: isMuted(state, call),
      // The microphone is muted at once; its confirmation holds up nothing.
      busy: pending !== undefined && pending !== 'mute',
      permitted: call.permitted.filter((service) => services.has(service)) as readonly HeadsetService[],
    };
  });
}

function stateOf(call: KnownCall): HeadsetCall['state'] | undefined {
  if (call.state.name === 'ended') return undefined;
  if (isIncomingRinging(call)) return call.rings.includes('clients') ? 'ringing' : undefined;
  if (call.position !== 'here') return undefined;
  // Who has answered beside a conversation waits: this person does not speak with them yet.
  return call.state.name === 'held' || call.waits === true ? 'held' : 'talking';
}
