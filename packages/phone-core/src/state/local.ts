import type { CallId, CorrelationId } from '@offhook/contract';
import {
  noActivity,
  type CallActivity,
  type CallAttempt,
  type PhoneState,
  type VoiceState,
} from './state.ts';

/* What this window alone knows: attempts, voices, what it is doing with a call. */

export function withAttempt(state: PhoneState, attempt: CallAttempt): PhoneState {
  const others = state.attempts.filter((one) => one.correlationId !== attempt.correlationId);
  return { ...state, attempts: [...others, attempt] };
}

export function withAttemptPhase(
  state: PhoneState,
  correlationId: CorrelationId,
  phase: CallAttempt['phase'],
): PhoneState {
  const attempts = state.attempts.map((one) =>
    one.correlationId === correlationId ? { ...one, phase } : one,
  );
  return { ...state, attempts };
}

export function withoutAttempt(state: PhoneState, correlationId: CorrelationId): PhoneState {
  return { ...state, attempts: state.attempts.filter((one) => one.correlationId !== correlationId) };
}

export function withVoice(state: PhoneState, callId: CallId, voice: VoiceState | undefined): PhoneState {
  const { [callId]: _old, ...voices } = state.voices;
  return { ...state, voices: voice === undefined ? voices : { ...voices, [callId]: voice } };
}

export function withActivity(state: PhoneState, callId: CallId, change: Partial<CallActivity>): PhoneState {
  const activity = { ...activityOf(state, callId), ...change };
  return { ...state, activities: { ...state.activities, [callId]: activity } };
}

export function activityOf(state: PhoneState, callId: CallId): CallActivity {
  return state.activities[callId] ?? noActivity;
}
