import type { CallId, CorrelationId, Direction, EndCause, Party } from '@offhook/contract';
import type { DeviceConnection, LegFact } from './facts.ts';

/**
 * All calls of one user, whichever of their devices they are at. Pure data: the functions beside this file take it and
 * give the next. The rules are numbered in the package's README; the tests cite them.
 *
 * ```
 *   facts of the SIP legs ──► legs.ts ────┐
 *   reports of the platform ► devices.ts ─┼─► UserCalls ──► view.ts ──► what clients see
 *   hand-overs under way ───► hand-over.ts┘        └──────► gate.ts ──► what may be asked
 * ```
 */
export interface UserCalls {
  readonly calls: ReadonlyMap<CallId, UserCall>;
  /** The platform's last report: connections may come before the leg or the call that they belong to. */
  readonly reported: readonly DeviceConnection[];
}

export interface UserCall {
  readonly callId: CallId;
  readonly correlationId: CorrelationId;
  readonly direction: Direction;
  readonly remote: Party;
  /** Milliseconds since the epoch, like all instants here. */
  readonly startedAt: number;
  readonly answeredAt: number | undefined;
  readonly divertedBy: Party | undefined;
  /** The connector's own leg, while it lives. */
  readonly leg: LegFact | undefined;
  /** At most one connection for each place. */
  readonly devices: readonly DeviceConnection[];
  /** It is on its way from one place to another: for so long it does not end with what it leaves. */
  readonly handOver: HandOver | undefined;
  readonly consultationFor: CallId | undefined;
  readonly mixedWith: CallId | undefined;
  readonly end: { readonly cause: EndCause; readonly endedAt: number } | undefined;
}

export type HandOverTarget = 'client' | 'desk_phone' | 'alternative' | 'parked';

export interface HandOver {
  readonly to: HandOverTarget;
  readonly until: number;
}

export const NO_CALLS: UserCalls = { calls: new Map(), reported: [] };

/** What changed from one state to the next. */
export interface Change {
  readonly state: UserCalls;
  /** Calls whose view may be another now, in the order in which they began. */
  readonly changed: readonly CallId[];
}

export const unchanged = (state: UserCalls): Change => ({ state, changed: [] });

/** The calls with these put in their place; those that have ended and have been told go by {@link forget}. */
export function withCalls(state: UserCalls, ...calls: readonly UserCall[]): Change {
  const next = new Map(state.calls);
  const changed: CallId[] = [];
  for (const call of calls) {
    if (next.get(call.callId) === call) continue;
    next.set(call.callId, call);
    changed.push(call.callId);
  }
  return { state: { ...state, calls: next }, changed };
}

/** Takes a call out that has ended. */
export function forget(state: UserCalls, callId: CallId): UserCalls {
  if (state.calls.get(callId)?.end === undefined) return state;
  const calls = new Map(state.calls);
  calls.delete(callId);
  return { ...state, calls };
}

/** One change after another. */
export function chain(first: Change, next: (state: UserCalls) => Change): Change {
  const second = next(first.state);
  return { state: second.state, changed: [...new Set([...first.changed, ...second.changed])] };
}

export const deviceAt = (call: UserCall, place: DeviceConnection['place']): DeviceConnection | undefined =>
  call.devices.find((device) => device.place === place);

/** A connection at which the user is in the call, other than through the connector. */
export const activeDevice = (call: UserCall): DeviceConnection | undefined =>
  call.devices.find(({ place, state }) => place !== 'line' && state !== 'alerting');

/** Ends a call that nothing is left of. */
export function endIfEmpty(call: UserCall, cause: EndCause, now: number): UserCall {
  const left = call.devices.some(({ place }) => place !== 'line');
  if (call.end !== undefined || call.leg !== undefined || left || call.handOver !== undefined) return call;
  return {
    ...call,
    devices: [],
    mixedWith: undefined,
    end: { cause, endedAt: Math.max(now, call.answeredAt ?? 0) },
  };
}

/** The other of a mixed pair, or who was consulted about, must not point at a call that is over. */
export function dropRelations(state: UserCalls): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    const gone = (callId: CallId | undefined): boolean =>
      callId !== undefined && (state.calls.get(callId)?.end !== undefined || !state.calls.has(callId));
    if (call.end !== undefined || (!gone(call.mixedWith) && !gone(call.consultationFor))) continue;
    changes.push({
      ...call,
      ...(gone(call.mixedWith) ? { mixedWith: undefined } : {}),
      ...(gone(call.consultationFor) ? { consultationFor: undefined } : {}),
    });
  }
  return withCalls(state, ...changes);
}
