import type { CallId, ClientId } from '@offhook/contract';
import { activeDevice, unchanged, withCalls, type Change, type UserCall, type UserCalls } from './state.ts';

/** [CM-30] `callId` was placed to consult about `about`. */
export function consults(state: UserCalls, callId: CallId, about: CallId): Change {
  const call = state.calls.get(callId);
  const other = state.calls.get(about);
  if (call === undefined || other === undefined || call.end !== undefined || other.end !== undefined) {
    return unchanged(state);
  }
  return withCalls(state, { ...call, consultationFor: about });
}

/** [CM-31] The client mixes the two from now on. */
export function mixes(state: UserCalls, callId: CallId, otherCallId: CallId): Change {
  const call = state.calls.get(callId);
  const other = state.calls.get(otherCallId);
  if (call?.leg === undefined || other?.leg === undefined) return unchanged(state);
  return withCalls(state, { ...call, mixedWith: otherCallId }, { ...other, mixedWith: callId });
}

/** Where the user is in a call: at one of the clients, at the desk phone, or nowhere that could hold it. */
export type Seat = { readonly at: 'client'; readonly clientId: ClientId } | { readonly at: 'desk_phone' };

export function seatOf(call: UserCall): Seat | undefined {
  const device = activeDevice(call);
  if (device?.place === 'desk_phone') return { at: 'desk_phone' };
  const owner = call.leg?.owner;
  return owner === undefined ? undefined : { at: 'client', clientId: owner };
}

export const sameSeat = (left: Seat | undefined, right: Seat | undefined): boolean =>
  left?.at === 'client'
    ? right?.at === 'client' && right.clientId === left.clientId
    : left !== undefined && left.at === right?.at;

export type Talk = 'calling' | 'talking' | 'held';

/** How far a call is that the user is in; `undefined` while it only rings for them, and after its end. */
export function talkOf(call: UserCall): Talk | undefined {
  if (call.end !== undefined) return undefined;
  const device = activeDevice(call);
  if (device !== undefined && device.place === 'desk_phone') {
    if (device.state === 'held') return 'held';
    return device.state === 'connected' ? 'talking' : 'calling';
  }
  const { leg } = call;
  if (leg?.owner === undefined) return undefined;
  switch (leg.state.name) {
    case 'calling':
      return 'calling';
    case 'ringing':
      return leg.direction === 'outgoing' ? 'calling' : undefined;
    case 'connected':
      return 'talking';
    case 'held':
      return 'held';
  }
}

/**
 * [CM-32] Calls that have to be held before the user can talk in `callId` at this seat: those that they talk in there, but
 * what is mixed with it.
 */
export function othersToHold(state: UserCalls, seat: Seat, callId: CallId | undefined): readonly UserCall[] {
  const partner = callId === undefined ? undefined : state.calls.get(callId)?.mixedWith;
  return [...state.calls.values()].filter(
    (call) =>
      call.callId !== callId &&
      call.callId !== partner &&
      talkOf(call) === 'talking' &&
      sameSeat(seatOf(call), seat),
  );
}

/** [CM-33] Another call of the user at the same seat with which this one can be joined: both are answered. */
export function partnersOf(state: UserCalls, call: UserCall): readonly UserCall[] {
  const seat = seatOf(call);
  const joinable = (other: UserCall): boolean => {
    const talk = talkOf(other);
    return talk === 'talking' || talk === 'held';
  };
  if (seat === undefined || !joinable(call)) return [];
  return [...state.calls.values()].filter(
    (other) => other.callId !== call.callId && joinable(other) && sameSeat(seatOf(other), seat),
  );
}
