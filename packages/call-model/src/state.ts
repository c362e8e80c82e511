import type { CallId, CorrelationId, Direction, EndCause, Party } from '@offhook/contract';
import type { DeviceConnection, LegFact } from './facts.ts';

/**
 * All calls of one user, whichever of their devices they are at. Pure data: the functions beside this file take it and
 * give the next. The rules are numbered in the package's README; the tests cite them. [CM-90] Whatever is told, no state comes
 * of it that cannot be; [CM-91] and what leg and platform tell at about the same moment makes no difference by its order.
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
  /** The platform's ids of calls on the own line whose leg is over, while they are still reported. */
  readonly spentLines: readonly string[];
  /** [CM-38] The last calls that a device of the user answered before any leg of them came, and that are over. */
  readonly answeredLately: readonly UserCall[];
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
  /** It had one, which is over. */
  readonly hadLeg?: true;
  /** At most one connection for each place. */
  readonly devices: readonly DeviceConnection[];
  /** It is on its way from one place to another: for so long it does not end with what it leaves. */
  readonly handOver: HandOver | undefined;
  /** Where the last hand-over has brought it. */
  readonly arrivedAt: HandOverTarget | undefined;
  /** Why what has left this call has left it; see `causes.ts`. */
  readonly said: EndCause | undefined;
  readonly consultationFor: CallId | undefined;
  readonly mixedWith: CallId | undefined;
  readonly end: CallEnd | undefined;
}

export interface CallEnd {
  readonly cause: EndCause;
  readonly endedAt: number;
  /**
   * It was found to be one call with that other, which goes on: clients are to forget this one, and there is nothing to
   * record of it.
   */
  readonly sameAs?: CallId;
}

export type HandOverTarget = 'client' | 'desk_phone' | 'alternative' | 'parked';

export interface HandOver {
  readonly to: HandOverTarget;
  /** Milliseconds of a clock that only goes forward, unlike the instants: no jump of the time of day keeps a call or ends it. */
  readonly until: number;
}

export const NO_CALLS: UserCalls = { calls: new Map(), reported: [], spentLines: [], answeredLately: [] };

/** What changed from one state to the next. */
export interface Change {
  readonly state: UserCalls;
  /**
   * Calls that have changed, in the order in which they did. What other calls permit can follow from them: whoever shows
   * calls looks at all of them after a change.
   */
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
  return { state: changed.length === 0 ? state : { ...state, calls: next }, changed };
}

/** Calls whose INVITE may still come after their end. */
const ANSWERED_LATELY = 4;

/** Takes a call out that has ended. */
export function forget(state: UserCalls, callId: CallId): UserCalls {
  const call = state.calls.get(callId);
  if (call?.end === undefined) return state;
  const calls = new Map(state.calls);
  calls.delete(callId);
  const isAwaited = call.answeredAt !== undefined && call.hadLeg !== true && call.end.sameAs === undefined;
  if (!isAwaited) return { ...state, calls };
  return { ...state, calls, answeredLately: [call, ...state.answeredLately].slice(0, ANSWERED_LATELY) };
}

/** One change after another. */
export function chain(first: Change, next: (state: UserCalls) => Change): Change {
  const second = next(first.state);
  return { state: second.state, changed: [...new Set([...first.changed, ...second.changed])] };
}

export const deviceAt = (call: UserCall, place: DeviceConnection['place']): DeviceConnection | undefined =>
  call.devices.find((device) => device.place === place);

export const sameConnection = (left: DeviceConnection, right: DeviceConnection): boolean =>
  left.place === right.place && left.platformCall === right.platformCall;

/** Devices by how near they are to the user, where a call seems to be at several. */
const NEAREST = ['desk_phone', 'alternative', 'parked', 'voicemail'] as const;

/**
 * The connection at which the user is in the call, other than through the connector. [CM-60] A leg that is answered at a
 * client comes first, unless the call was handed over to a device that has it.
 */
export function activeDevice(call: UserCall): DeviceConnection | undefined {
  const active = (place: DeviceConnection['place']): DeviceConnection | undefined =>
    call.devices.find((device) => device.place === place && device.state !== 'alerting');
  const { arrivedAt } = call;
  const arrived = arrivedAt === undefined || arrivedAt === 'client' ? undefined : active(arrivedAt);
  if (arrived !== undefined) return arrived;
  if (isAnswered(call.leg) && call.leg?.owner !== undefined) return undefined;
  for (const place of NEAREST) {
    const device = active(place);
    if (device !== undefined) return device;
  }
  return undefined;
}

export const isAnswered = (leg: LegFact | undefined): boolean =>
  leg?.state.name === 'connected' || leg?.state.name === 'held';

/** [CM-16] The leg was told that another device has taken it: what still seems to ring elsewhere does not. */
export const isTaken = (call: UserCall): boolean =>
  call.leg === undefined && call.answeredAt === undefined && call.said === 'answered_elsewhere';

/** [CM-65] The own line rings, and its INVITE has not come yet. */
export const isLineAwaited = (call: UserCall): boolean =>
  call.leg === undefined &&
  call.hadLeg !== true &&
  call.answeredAt === undefined &&
  deviceAt(call, 'line')?.state === 'alerting';

/** Something of the call is left somewhere; the own line alone is nothing without its leg, or one that is still to come. */
export const isAnywhere = (call: UserCall): boolean =>
  call.leg !== undefined || call.devices.some(({ place }) => place !== 'line') || isLineAwaited(call);
