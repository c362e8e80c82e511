import {
  Limits,
  type CallState,
  type LineActivity,
  type LinkCall,
  type LinkPosition,
  type RingingPlace,
} from '@offhook/contract';
import type { Abilities } from './abilities.ts';
import type { DeviceConnection } from './facts.ts';
import { talkOf } from './relations.ts';
import { servicesOf } from './services.ts';
import { activeDevice, deviceAt, isAnswered, isTaken, type UserCall, type UserCalls } from './state.ts';

/** A call as the cloud is told of it; [CM-64] with no more of it than the contract lets through. */
export function viewOf(state: UserCalls, call: UserCall, can: Abilities): LinkCall {
  const { leg } = call;
  const services = servicesOf(state, call, can);
  // [CM-47] The platform knows better who is in a conference; else those are shown who were sent to the room.
  const sent = (leg?.members?.length ?? 0) > 1 ? leg?.members : undefined;
  const members = call.devices.find((device) => device.members !== undefined)?.members ?? sent;
  return {
    callId: call.callId,
    correlationId: call.correlationId,
    direction: call.direction,
    remote: call.remote,
    state: stateOf(call),
    startedAt: call.startedAt,
    muted: leg?.muted ?? false,
    media: leg?.media ?? 'none',
    rings: ringsAt(call),
    position: positionOf(call),
    ...(members === undefined ? {} : { members: members.slice(0, Limits.conferenceMembers) }),
    ...(call.consultationFor === undefined ? {} : { consultationFor: call.consultationFor }),
    ...(call.mixedWith === undefined ? {} : { mixedWith: call.mixedWith }),
    ...(call.divertedBy === undefined ? {} : { divertedBy: call.divertedBy }),
    permitted: { owner: [...services.owner], others: [...services.others] },
  };
}

/** [CM-60] At the device or the client that is in the call, else at the client that has its voice, else nowhere yet. */
export function positionOf(call: UserCall): LinkPosition {
  if (call.end !== undefined) return { at: 'nowhere' };
  const device = activeDevice(call);
  if (device !== undefined) return atDevice(device);
  const owner = call.leg?.owner;
  return owner === undefined ? { at: 'nowhere' } : { at: 'client', clientId: owner };
}

function atDevice(device: DeviceConnection): LinkPosition {
  switch (device.place) {
    case 'desk_phone':
    case 'alternative':
    case 'voicemail':
      return { at: device.place };
    case 'parked':
      return { at: 'parked', ...(device.number === undefined ? {} : { number: device.number }) };
    case 'line':
      return { at: 'nowhere' };
  }
}

/**
 * [CM-61] A call rings for the user until it is somewhere. What a client is answering, and what is being brought to one, rings
 * at no client; [CM-16] what was taken elsewhere rings nowhere.
 */
export function ringsAt(call: UserCall): RingingPlace[] {
  const { leg } = call;
  if (call.end !== undefined || leg?.owner !== undefined) return [];
  if (activeDevice(call) !== undefined || isTaken(call)) return [];
  const rings: RingingPlace[] = [];
  if (leg?.state.name === 'ringing' && leg.direction === 'incoming' && call.handOver?.to !== 'client') {
    rings.push('clients');
  }
  for (const place of ['desk_phone', 'alternative'] as const) {
    if (deviceAt(call, place)?.state === 'alerting') rings.push(place);
  }
  return rings;
}

export function stateOf(call: UserCall): CallState {
  const { answeredAt, end, leg } = call;
  if (end !== undefined) {
    return {
      name: 'ended',
      ...(answeredAt === undefined ? {} : { answeredAt }),
      endedAt: end.endedAt,
      cause: end.cause,
    };
  }
  const device = activeDevice(call);
  if (device !== undefined) return deviceState(call, device);
  // [CM-62] On its way from one place to another it goes on; what comes back to ring rings.
  const isOnItsWay = answeredAt !== undefined && (leg === undefined || call.handOver?.to === 'client');
  if (isOnItsWay && (call.handOver !== undefined || ringsAt(call).length === 0))
    return { name: 'connected', answeredAt, heldByRemote: false };
  if (leg === undefined) return { name: 'ringing' };
  // [CM-7]
  if ((leg.state.name === 'connected' || leg.state.name === 'held') && answeredAt !== undefined) {
    return { ...leg.state, answeredAt };
  }
  return leg.state;
}

/** [CM-63] */
function deviceState(call: UserCall, device: DeviceConnection): CallState {
  const answeredAt = call.answeredAt ?? device.answeredAt ?? device.since;
  switch (device.state) {
    case 'calling':
      return { name: 'calling' };
    case 'ringing_out':
    case 'alerting':
      return { name: 'ringing' };
    case 'connected':
      return { name: 'connected', answeredAt, heldByRemote: device.heldByRemote ?? false };
    case 'held':
      return { name: 'held', answeredAt };
  }
}

/** [CM-80] What the user's number does, for presence: parked calls and the mailbox keep nobody busy. */
export function activityOf(state: UserCalls): Exclude<LineActivity, 'unknown'> {
  let rings = false;
  for (const call of state.calls.values()) {
    if (call.end !== undefined) continue;
    const device = activeDevice(call);
    if (talkOf(call) !== undefined || device?.place === 'alternative' || isOnTheWay(call)) return 'talking';
    if (ringsAt(call).length > 0) rings = true;
  }
  return rings ? 'ringing' : 'idle';
}

/** [CM-81] Nobody is seen to be free for the moment in which their call moves. */
const isOnTheWay = ({ handOver, answeredAt, leg }: UserCall): boolean =>
  isAnswered(leg) || (answeredAt !== undefined && handOver !== undefined && handOver.to !== 'parked');
