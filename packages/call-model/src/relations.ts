import type { CallId, ClientId } from '@offhook/contract';
import {
  activeDevice,
  chain,
  unchanged,
  withCalls,
  type Change,
  type UserCall,
  type UserCalls,
} from './state.ts';

/** [CM-30] `callId` was placed to consult about `about`. */
export function consults(state: UserCalls, callId: CallId, about: CallId): Change {
  const call = state.calls.get(callId);
  const other = state.calls.get(about);
  if (call === undefined || other === undefined || call === other) return unchanged(state);
  if (call.end !== undefined || other.end !== undefined) return unchanged(state);
  return withCalls(state, { ...call, consultationFor: about });
}

/** [CM-31] The client mixes the two from now on: both talk at it. */
export function mixes(state: UserCalls, callId: CallId, otherCallId: CallId): Change {
  const call = state.calls.get(callId);
  const other = state.calls.get(otherCallId);
  if (call === undefined || other === undefined || !areMixable(call, other)) return unchanged(state);
  const mixed = withCalls(state, { ...call, mixedWith: otherCallId }, { ...other, mixedWith: callId });
  return chain(mixed, dropRelations);
}

function areMixable(call: UserCall, other: UserCall): boolean {
  const talks = (one: UserCall): boolean => talkOf(one) === 'talking' && seatOf(one)?.at === 'client';
  return call !== other && talks(call) && talks(other) && sameSeat(seatOf(call), seatOf(other));
}

/**
 * What relates a call to another holds for as long as both are there: [CM-30] the consultation, and [CM-31] the mix while
 * both talk at one client; and of a mixed pair both point at each other, or neither does.
 */
export function dropRelations(state: UserCalls): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    const { mixedWith, consultationFor } = call;
    if (call.end !== undefined) continue;
    const partner = mixedWith === undefined ? undefined : state.calls.get(mixedWith);
    const isMixed = partner?.mixedWith === call.callId && areMixable(call, partner);
    const consults = consultationFor !== undefined && state.calls.get(consultationFor)?.end === undefined;
    const isThere = consults && state.calls.has(consultationFor);
    if ((isMixed || mixedWith === undefined) && (isThere || consultationFor === undefined)) continue;
    changes.push({
      ...call,
      mixedWith: isMixed ? mixedWith : undefined,
      consultationFor: isThere ? consultationFor : undefined,
    });
  }
  return withCalls(state, ...changes);
}

/** Where the user is in a call: at one of the clients, at the desk phone, or nowhere that could hold it. */
export type Seat = { readonly at: 'client'; readonly clientId: ClientId } | { readonly at: 'desk_phone' };

export function seatOf(call: UserCall): Seat | undefined {
  const device = activeDevice(call);
  if (device !== undefined) return device.place === 'desk_phone' ? { at: 'desk_phone' } : undefined;
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
  if (device !== undefined) {
    if (device.place !== 'desk_phone') return undefined;
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

/**
 * [CM-45] A client talks in one call at a time, or in two that are mixed. The calls that have to be held now that `callId` has
 * changed: none, unless it has come to talk at a client where another talks. [CM-46] What the far end has answered waits,
 * and so the conversation that goes on is not torn away; whatever else comes to talk was taken there by the user, and comes first.
 *
 * @param comesFirst an emergency call: nothing holds it but the user
 */
export function givesWay(
  before: UserCalls,
  after: UserCalls,
  callId: CallId,
  comesFirst: (call: UserCall) => boolean,
): readonly UserCall[] {
  const was = before.calls.get(callId);
  const call = after.calls.get(callId);
  const seat = call === undefined ? undefined : seatOf(call);
  if (call === undefined || seat?.at !== 'client' || talkOf(call) !== 'talking') return [];
  if (was !== undefined && talkOf(was) === 'talking' && sameSeat(seatOf(was), seat)) return [];
  // What is on its way elsewhere leaves by itself; who holds it disturbs that.
  const others = othersToHold(after, seat, callId).filter(({ handOver }) => handOver === undefined);
  if (others.length === 0) return [];
  const isFarEnd = was !== undefined && talkOf(was) === 'calling' && was.handOver === undefined;
  const waits = (isFarEnd && !comesFirst(call)) || (!isFarEnd && others.some(comesFirst));
  return waits ? [call] : others;
}

/**
 * [CM-33] Another call of the user at the same seat with which this one can be joined: both are answered, and nothing else is
 * being done with them.
 */
export function partnersOf(state: UserCalls, call: UserCall): readonly UserCall[] {
  const seat = seatOf(call);
  if (seat === undefined || !isJoinable(call)) return [];
  return [...state.calls.values()].filter(
    (other) => other.callId !== call.callId && isJoinable(other) && sameSeat(seatOf(other), seat),
  );
}

function isJoinable(call: UserCall): boolean {
  const talk = talkOf(call);
  return (talk === 'talking' || talk === 'held') && isFree(call) && call.mixedWith === undefined;
}

/** [CM-48] By SIP, with whoever was sent to a conference room; a conference of the platform's own is the platform's to judge. */
export const isInRoom = (call: UserCall): boolean => call.leg?.members !== undefined;

/** [CM-51] No change of the call is under way: neither of its leg nor of its place. */
export function isFree(call: UserCall): boolean {
  if (call.handOver !== undefined) return false;
  if (activeDevice(call) !== undefined || call.leg === undefined) return true;
  const { owner } = call.leg.services;
  return owner.includes('hold') || owner.includes('retrieve');
}
