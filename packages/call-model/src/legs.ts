import type { CallId, EndCause } from '@offhook/contract';
import type { LegFact } from './facts.ts';
import { assignReported } from './devices.ts';
import {
  chain,
  dropRelations,
  endIfEmpty,
  unchanged,
  withCalls,
  type Change,
  type UserCall,
  type UserCalls,
} from './state.ts';

/** The connector's leg of a call has come into being or has changed. */
export function legChanged(state: UserCalls, leg: LegFact, now: number): Change {
  const known = state.calls.get(leg.callId);
  // [CM-4] What has ended stays ended.
  if (known?.end !== undefined) return unchanged(state);
  const answeredAt = 'answeredAt' in leg.state ? leg.state.answeredAt : undefined;
  const call: UserCall =
    known === undefined
      ? {
          callId: leg.callId,
          correlationId: leg.correlationId,
          direction: leg.direction,
          remote: leg.remote,
          startedAt: leg.startedAt,
          answeredAt,
          divertedBy: leg.divertedBy,
          leg,
          devices: [],
          handOver: undefined,
          consultationFor: undefined,
          mixedWith: undefined,
          end: undefined,
        }
      : {
          ...known,
          leg,
          // [CM-7] A call that was brought here began when it began, not when it came here.
          answeredAt: known.answeredAt ?? answeredAt,
          // [CM-14] It has arrived once it is answered here.
          handOver: known.handOver?.to === 'client' && answeredAt !== undefined ? undefined : known.handOver,
          // [CM-31] Who is held leaves the mix.
          mixedWith: leg.state.name === 'held' ? undefined : known.mixedWith,
        };
  const first = withCalls(state, call);
  return chain(chain(first, unmixPartners), (next) => assignReported(next, now));
}

/**
 * The leg is over. [CM-5] The call goes on where a device of the user has it or still rings, and [CM-13] while it is handed
 * over; else it has ended for the leg's reason.
 */
export function legEnded(state: UserCalls, callId: CallId, cause: EndCause, now: number): Change {
  const known = state.calls.get(callId);
  if (known === undefined || known.end !== undefined) return unchanged(state);
  const devices = known.devices.filter(({ place }) => place !== 'line');
  // [CM-6] Who declines or hangs up here while it rings elsewhere has said so for the whole call only if the platform agrees.
  const call = endIfEmpty({ ...known, leg: undefined, devices }, cause, now);
  return chain(withCalls(state, call), dropRelations);
}

/** [CM-31] Both of a mixed pair point at each other, or neither does. */
function unmixPartners(state: UserCalls): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    if (call.mixedWith === undefined) continue;
    if (state.calls.get(call.mixedWith)?.mixedWith !== call.callId)
      changes.push({ ...call, mixedWith: undefined });
  }
  return withCalls(state, ...changes);
}
