import type { CallId, CorrelationId } from '@offhook/contract';
import { isMuted, mixedWith, permits } from '../state/selectors.ts';
import type { KnownCall, PhoneState } from '../state/state.ts';

/** What this window has of each call's voice, beside the store. */
export interface VoiceFacts {
  /** `broken`: has to be made anew. */
  readonly voiceOf: (callId: CallId) => 'none' | 'standing' | 'broken';
  readonly voices: readonly CallId[];
  /** Its placing is under way and brings the voice. */
  readonly isPlacing: (correlationId: CorrelationId) => boolean;
  /** An answer or attach is under way. */
  readonly isJoining: (callId: CallId) => boolean;
  /** False while the next attempt waits, or where attaching was refused. */
  readonly mayAttach: (callId: CallId) => boolean;
  readonly isHangingUp: (callId: CallId) => boolean;
}

export type Step =
  | { readonly do: 'attach'; readonly callId: CallId }
  | { readonly do: 'close'; readonly callId: CallId }
  | { readonly do: 'send'; readonly callId: CallId; readonly sending: boolean }
  /** `withCall`: its other side is to be heard too; undefined: nobody else's. */
  | { readonly do: 'mix'; readonly callId: CallId; readonly withCall: CallId | undefined };

/**
 * What has to be done so that this window's voices match the calls: a call of ours without a voice (after a reload, or
 * when its path broke) is attached; a voice whose call ended or went elsewhere is closed; a microphone speaks only while its
 * call is neither muted nor held; two calls that are one conversation hear each other.
 */
export function planVoices(state: PhoneState, facts: VoiceFacts): readonly Step[] {
  const known = new Set(state.calls.map((call) => call.callId));
  const orphans = facts.voices.filter((callId) => !known.has(callId));
  return [
    ...orphans.map((callId) => ({ do: 'close', callId }) as const),
    ...state.calls.flatMap((call) => stepsFor(state, call, facts)),
  ];
}

/** Whether the other side may hear this person. */
export function maySpeak(state: PhoneState, call: KnownCall): boolean {
  return !isMuted(state, call) && call.state.name !== 'held';
}

function stepsFor(state: PhoneState, call: KnownCall, facts: VoiceFacts): readonly Step[] {
  const { callId } = call;
  const voice = facts.voiceOf(callId);
  const over = call.state.name === 'ended' || facts.isHangingUp(callId);
  const elsewhere = call.position !== 'here' && call.position !== 'nowhere';
  if (over || (elsewhere && !facts.isJoining(callId))) {
    return voice === 'none' ? [] : [{ do: 'close', callId }];
  }
  const steps: Step[] = [];
  if (voice !== 'none') {
    steps.push(
      { do: 'send', callId, sending: maySpeak(state, call) },
      { do: 'mix', callId, withCall: mixedWith(state, call)?.callId },
    );
  }
  const wanted = call.position === 'here' && permits(call, 'attach') && voice !== 'standing';
  const free = !facts.isPlacing(call.correlationId) && !facts.isJoining(callId) && facts.mayAttach(callId);
  if (wanted && free && state.connection.name === 'online') {
    steps.push({ do: 'attach', callId });
  }
  return steps;
}
