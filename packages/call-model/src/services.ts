import type { CallService } from '@offhook/contract';
import type { Abilities } from './abilities.ts';
import type { DeviceConnection, LegServices } from './facts.ts';
import { isFree, isInRoom, partnersOf, sameSeat, seatOf, talkOf } from './relations.ts';
import { activeDevice, deviceAt, isTaken, type UserCall, type UserCalls } from './state.ts';

/**
 * The services that a call permits now, to the client that it is at and to all others of the user. The only place that says
 * so: the buttons that people see and the gate that refuses requests both come from here.
 */
export function servicesOf(state: UserCalls, call: UserCall, can: Abilities): LegServices {
  if (call.end !== undefined) {
    // [CM-59] Nobody answered: asking to be called back still makes sense.
    const again = ['busy', 'no_answer', 'unreachable'].includes(call.end.cause);
    const after: CallService[] = call.direction === 'outgoing' && again && can.callBack ? ['callBack'] : [];
    return { owner: after, others: after };
  }
  const device = activeDevice(call);
  // [CM-50] A call that is on its way somewhere permits nothing but its end, by the client that holds it.
  if (call.handOver !== undefined) {
    const holds = device === undefined && call.leg?.services.owner.includes('hangUp') === true;
    return { owner: holds ? ['hangUp'] : [], others: [] };
  }
  if (device !== undefined) return atDevice(state, call, device, can);
  return atClients(state, call, can);
}

function atClients(state: UserCalls, call: UserCall, can: Abilities): LegServices {
  const { leg } = call;
  if (leg === undefined) {
    // It rings at the user's devices, and at no client.
    const services = ringingServices(call, can);
    return { owner: services, others: services };
  }
  if (leg.state.name === 'ringing' && leg.direction === 'incoming') {
    const more = leg.services.others.includes('answer') ? ringingServices(call, can) : [];
    return { owner: [...leg.services.owner, ...more], others: [...leg.services.others, ...more] };
  }
  // [CM-51] While a change of the leg is under way nothing else can be begun.
  const more = isFree(call) ? conversationServices(state, call, can) : callingServices(call, can);
  return { owner: [...leg.services.owner, ...more], others: leg.services.others };
}

/** [CM-52] A call that rings for the user can be sent elsewhere, where the platform can. */
function ringingServices(call: UserCall, can: Abilities): CallService[] {
  if (isTaken(call)) return [];
  const desk = deviceAt(call, 'desk_phone');
  const services: CallService[] = [];
  // What the platform says of the own line counts for the leg, and of the desk phone for what rings there alone.
  const from = call.leg === undefined ? (desk ?? deviceAt(call, 'alternative')) : deviceAt(call, 'line');
  const deflects = can.deflect && says(from, 'deflect');
  if (deflects) services.push('deflect');
  if (deflects && can.pushToAlternative) services.push('pushToAlternative');
  if (can.toVoicemail) services.push('toVoicemail');
  if (desk === undefined || can.desk === undefined) return services;
  if (can.desk.answer && says(desk, 'answerAtDesk')) services.push('answerAtDesk');
  // [CM-53] What rings at the desk phone alone can be brought here instead.
  if (call.leg === undefined && can.desk.pull) services.push('pull');
  return services;
}

const says = (device: DeviceConnection | undefined, service: CallService): boolean =>
  device?.permitted?.includes(service) ?? true;

/** [CM-54] Services of a call that the other side has not answered yet. */
function callingServices(call: UserCall, can: Abilities): CallService[] {
  const rings = call.leg?.state.name === 'ringing' && call.direction === 'outgoing';
  return rings && can.callBack ? ['callBack'] : [];
}

/** [CM-55] Services of a conversation, at a client or at the desk phone. */
function conversationServices(state: UserCalls, call: UserCall, can: Abilities): CallService[] {
  const services: CallService[] = [];
  const partners = partnersOf(state, call);
  const mixed = call.mixedWith !== undefined;
  // [CM-48] Several people are not handed over as if they were one.
  const single = !mixed && !isInRoom(call);
  services.push('consult');
  if (can.transfer && single) services.push('transfer');
  if (can.park && single) services.push('park');
  const here = seatOf(call)?.at === 'client';
  if (here && can.desk?.push === true && single) services.push('pushToDesk');
  if (can.pushToAlternative && can.transfer && single) services.push('pushToAlternative');
  // [CM-56] Two calls can be joined; [CM-57] one held beside one that talks can be swapped with it.
  if (partners.length > 0 && !mixed) {
    if (can.completeTransfer && single && partners.some((other) => !isInRoom(other)))
      services.push('completeTransfer');
    const joins = here ? can.conference !== 'none' : can.conference === 'platform';
    if (joins) services.push('conference');
  }
  if (talkOf(call) === 'held') {
    const beside = [...state.calls.values()].filter(
      (other) => other !== call && other.handOver === undefined && sameSeat(seatOf(other), seatOf(call)),
    );
    if (beside.some((other) => talkOf(other) === 'talking' && isFree(other))) services.push('alternate');
    const consulted = beside.find((other) => other.consultationFor === call.callId);
    if (consulted !== undefined && talkOf(consulted) !== 'held') services.push('reconnect');
  }
  return services;
}

/** [CM-58] A call at a device of the user, as far as that device lets itself be driven from outside. */
function atDevice(state: UserCalls, call: UserCall, device: DeviceConnection, can: Abilities): LegServices {
  const services: CallService[] = [];
  const talks = device.state === 'connected' || device.state === 'held';
  switch (device.place) {
    case 'desk_phone': {
      const { desk } = can;
      if (desk === undefined) break;
      if (desk.hangUp) services.push('hangUp');
      if (talks && desk.pull) services.push('pull');
      if (!talks || !desk.control) break;
      services.push(...(device.state === 'held' ? (['retrieve'] as const) : (['hold', 'dtmf'] as const)));
      services.push(...conversationServices(state, call, can));
      break;
    }
    case 'alternative':
      if (can.desk?.pull === true && talks) services.push('pull');
      break;
    case 'parked':
      services.push('pull');
      break;
    case 'voicemail':
    case 'line':
      break;
  }
  const { permitted } = device;
  const said =
    permitted === undefined
      ? services
      : services.filter((service) => isNotOfPlatform(service) || permitted.includes(service));
  return { owner: said, others: said };
}

/** Made of several of the platform's services, or of none: not in its list. */
const isNotOfPlatform = (service: CallService): boolean =>
  service === 'pull' ||
  service === 'pushToAlternative' ||
  service === 'pushToDesk' ||
  service === 'toVoicemail';
