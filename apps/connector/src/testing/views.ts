import { NO_ABILITIES, NO_CALLS, viewOf, type UserCall } from '@offhook/call-model';
import type { CallRecord, CallState, LinkCall, RecordId } from '@offhook/contract';
import type { Call } from '../calls/model.ts';
import { beginningOf, legFactOf } from '../calls/view.ts';

/** A leg by itself as a call of the user; `undefined` while nobody is to hear of it. */
export function callOfLeg(call: Call): UserCall | undefined {
  const { facts, phase } = call;
  const leg = legFactOf(call, 'sip-call-id');
  if (leg === undefined && phase.name !== 'ended') return undefined;
  const state: CallState | undefined = leg?.state;
  return {
    callId: facts.callId,
    correlationId: facts.correlationId,
    direction: facts.direction,
    remote: facts.remote,
    startedAt: facts.startedAt,
    answeredAt:
      phase.name === 'ended'
        ? phase.answeredAt
        : state !== undefined && 'answeredAt' in state
          ? state.answeredAt
          : undefined,
    divertedBy: facts.divertedBy,
    leg,
    devices: [],
    handOver: undefined,
    arrivedAt: undefined,
    said: undefined,
    consultationFor: undefined,
    mixedWith: undefined,
    end: phase.name === 'ended' ? { cause: phase.cause, endedAt: phase.endedAt } : undefined,
  };
}

/** What the cloud would be told of a leg that is all there is of its call, with what the leg itself permits. */
export function viewOfLeg(call: Call): LinkCall | undefined {
  const one = callOfLeg(call);
  if (one === undefined) return undefined;
  const state = { ...NO_CALLS, calls: new Map([[one.callId, one]]) };
  const services = one.leg?.services;
  return {
    ...viewOf(state, one, NO_ABILITIES),
    permitted: { owner: [...(services?.owner ?? [])], others: [...(services?.others ?? [])] },
  };
}

/** The record of a leg that has ended. */
export function recordOfLeg(call: Call, recordId: RecordId): CallRecord {
  const one = callOfLeg(call);
  if (one?.end === undefined) throw new Error('this leg has not ended');
  return { ...beginningOf(call.facts, recordId, one.answeredAt), ...one.end };
}
