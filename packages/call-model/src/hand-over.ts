import type { CallId, EndCause } from '@offhook/contract';
import { endIfEmpty } from './causes.ts';
import { dropRelations } from './relations.ts';
import {
  chain,
  unchanged,
  withCalls,
  type Change,
  type HandOver,
  type HandOverTarget,
  type UserCall,
  type UserCalls,
} from './state.ts';

/**
 * A call is about to move: from a client to the desk phone, or back. [CM-13] Until it arrives, or `until` passes, it does
 * not end with the place that it leaves; [CM-14] whatever appears at the new place with nothing better to belong to is it.
 * `until` is of the clock that {@link expireHandOvers} is given.
 */
export function beginHandOver(state: UserCalls, callId: CallId, to: HandOverTarget, until: number): Change {
  const call = state.calls.get(callId);
  if (call === undefined || call.end !== undefined) return unchanged(state);
  return withCalls(state, withoutIdleLine({ ...call, handOver: { to, until } }));
}

/**
 * The platform refused, or the call was hung up on the way: it is where it was, or it is over, for the reason that was
 * given when it left, if there was one.
 */
export function endHandOver(state: UserCalls, callId: CallId, now: number): Change {
  const call = state.calls.get(callId);
  if (call?.handOver === undefined) return unchanged(state);
  return handedOver(state, call, call.said ?? causeOf(call.handOver), now);
}

/**
 * [CM-15] Hand-overs that have not arrived in time: the call has left us for good.
 * @param at of a clock that only goes forward
 * @param now milliseconds since the epoch
 */
export function expireHandOvers(state: UserCalls, at: number, now: number): Change {
  let change: Change = unchanged(state);
  for (const call of state.calls.values()) {
    const { handOver, said } = call;
    if (handOver === undefined || at < handOver.until) continue;
    const cause = said === undefined || said === 'completed' ? causeOf(handOver) : said;
    change = chain(change, (next) => handedOver(next, call, cause, now));
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

/** [CM-18] What was to come here and never did was hung up on the way; what was to go elsewhere has gone. */
function causeOf({ to }: HandOver): EndCause {
  switch (to) {
    case 'client':
      return 'completed';
    case 'desk_phone':
    case 'alternative':
      return 'transferred';
    case 'parked':
      return 'parked';
  }
}

function handedOver(state: UserCalls, call: UserCall, cause: EndCause, now: number): Change {
  const here = withoutIdleLine({ ...call, handOver: undefined });
  const ended = endIfEmpty({ ...here, said: cause }, now);
  return chain(withCalls(state, ended.end === undefined ? here : ended), dropRelations);
}

/** [CM-24] The own line is waited for only while a leg is. */
const withoutIdleLine = (call: UserCall): UserCall =>
  call.leg !== undefined || call.handOver?.to === 'client'
    ? call
    : { ...call, devices: call.devices.filter(({ place }) => place !== 'line') };
