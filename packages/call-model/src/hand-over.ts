import type { CallId } from '@offhook/contract';
import {
  chain,
  dropRelations,
  endIfEmpty,
  unchanged,
  withCalls,
  type Change,
  type HandOverTarget,
  type UserCalls,
} from './state.ts';

/**
 * A call is about to move: from a client to the desk phone, or back. [CM-13] Until it arrives, or `until` passes, it does
 * not end with the place that it leaves; [CM-14] whatever appears at the new place with nothing better to belong to is it.
 */
export function beginHandOver(state: UserCalls, callId: CallId, to: HandOverTarget, until: number): Change {
  const call = state.calls.get(callId);
  if (call === undefined || call.end !== undefined) return unchanged(state);
  return withCalls(state, { ...call, handOver: { to, until } });
}

/** The platform refused, or the call was hung up on the way: it is where it was, or it is over. */
export function endHandOver(state: UserCalls, callId: CallId, now: number): Change {
  const call = state.calls.get(callId);
  if (call?.handOver === undefined) return unchanged(state);
  const cause = call.handOver.to === 'parked' ? 'parked' : 'transferred';
  return chain(withCalls(state, endIfEmpty({ ...call, handOver: undefined }, cause, now)), dropRelations);
}

/** [CM-15] Hand-overs that have not arrived in time: the call has left us for good. */
export function expireHandOvers(state: UserCalls, now: number): Change {
  let change: Change = unchanged(state);
  for (const { callId, handOver } of state.calls.values()) {
    if (handOver !== undefined && now >= handOver.until) {
      change = chain(change, (next) => endHandOver(next, callId, now));
    }
  }
  return change;
}

/** When {@link expireHandOvers} has something to do next. */
export function handOverDeadline(state: UserCalls): number | undefined {
  let first: number | undefined;
  for (const { handOver } of state.calls.values()) {
    if (handOver !== undefined && (first === undefined || handOver.until < first)) first = handOver.until;
  }
  return first;
}
