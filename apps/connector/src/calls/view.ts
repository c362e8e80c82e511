import type { CallRecord, CallState, LinkCall, MediaState, RecordId } from '@offhook/contract';
import type { Call, CallFacts } from './model.ts';
import { permitted } from './permitted.ts';

/** The call as the cloud is told of it; `undefined` while, or when, nobody is to hear of it. */
export function viewOf(call: Call): LinkCall | undefined {
  const state = stateOf(call);
  if (state === undefined) return undefined;
  const { facts } = call;
  return {
    callId: facts.callId,
    correlationId: facts.correlationId,
    direction: facts.direction,
    remote: facts.remote,
    state,
    startedAt: facts.startedAt,
    muted: call.muted,
    media: mediaOf(call),
    ...(call.owner === undefined ? {} : { ownerClientId: call.owner.clientId }),
    permitted: permitted(call),
  };
}

function stateOf(call: Call): CallState | undefined {
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
    case 'abandoned':
      return undefined;
    case 'calling':
      return { name: 'calling' };
    case 'alerting':
    case 'ringing':
    case 'answering':
      return { name: 'ringing' };
    case 'talking':
      return phase.held
        ? { name: 'held', answeredAt: phase.answeredAt }
        : { name: 'connected', answeredAt: phase.answeredAt, heldByRemote: phase.heldByRemote };
    case 'ended':
      return {
        name: 'ended',
        ...(phase.answeredAt === undefined ? {} : { answeredAt: phase.answeredAt }),
        endedAt: phase.endedAt,
        cause: phase.cause,
      };
  }
}

function mediaOf(call: Call): MediaState {
  return call.phase.name === 'ended' ? 'none' : call.voice.name;
}

/** What a call's record says before the call has ended. */
export type Beginning = Omit<CallRecord, 'endedAt' | 'cause'>;

export function beginningOf(facts: CallFacts, recordId: RecordId, state?: CallState): Beginning {
  const { userId, callId, correlationId, direction, remote, startedAt } = facts;
  const answered = state !== undefined && 'answeredAt' in state && state.answeredAt !== undefined;
  return {
    recordId,
    userId,
    callId,
    correlationId,
    direction,
    remote,
    startedAt,
    ...(answered ? { answeredAt: state.answeredAt } : {}),
  };
}

/** The history's entry for a call that has ended; `undefined` for one that never came into being. */
export function recordOf(call: Call, recordId: RecordId): CallRecord | undefined {
  const { facts, phase } = call;
  if (phase.name !== 'ended') return undefined;
  const beginning = beginningOf(facts, recordId, stateOf(call));
  // The wall clock may have been set back during the call.
  const endedAt = Math.max(phase.endedAt, phase.answeredAt ?? 0, facts.startedAt);
  return { ...beginning, endedAt, cause: phase.cause };
}
