import type { CallId } from '@offhook/contract';
import type { DeviceConnection, LegFact } from './facts.ts';
import { moreTelling } from './causes.ts';
import { isSameNumber } from './parties.ts';
import {
  activeDevice,
  chain,
  deviceAt,
  isAnswered,
  isAnywhere,
  isLineAwaited,
  isTaken,
  sameConnection,
  unchanged,
  withCalls,
  type Change,
  type HandOverTarget,
  type UserCall,
  type UserCalls,
} from './state.ts';

/**
 * Which call a connection of the platform belongs to. Leg, report and hand-over come in any order, and what would tell
 * them apart may come last: so after every change each connection is given to the call to which it belongs most surely, and
 * moves when a surer one turns up. From the surest to the least:
 *
 * [CM-20] the SIP Call-ID of the leg · the platform's id of the call, shared with the leg's line or with another device ·
 * what it was so far · [CM-21] a hand-over to that place, and the same number · [CM-23] the same number in a fitting
 * state · [CM-22] a hand-over to that place, whatever the number.
 */
const CERTAINTY = {
  none: 0,
  handOver: 1,
  /** It was taken for a call that is handed over, and rings with another number. */
  doubtful: 2,
  fits: 3,
  handOverAndNumber: 4,
  own: 5,
  platformCall: 6,
  lineOfLeg: 7,
  sipCallId: 8,
} as const;

function certainty(state: UserCalls, call: UserCall, connection: DeviceConnection): number {
  const { leg, handOver } = call;
  if (call.end !== undefined) return CERTAINTY.none;
  const ids = leg?.sipCallId !== undefined && connection.sipCallId !== undefined;
  if (ids && leg.sipCallId === connection.sipCallId) return CERTAINTY.sipCallId;
  const awaited = handOver !== undefined && handOver.to === handOverTo(connection.place);
  if (connection.place === 'line') {
    // [CM-24] The own line is nothing without a leg, and another leg's line is another call's.
    if (ids || (leg === undefined && !awaited && !isLineAwaited(call))) return CERTAINTY.none;
    if (awaited && ringsForAnother(state, call, connection)) return CERTAINTY.none;
  }
  const others = call.devices.filter(
    (device) => !sameConnection(device, connection) && device.platformCall === connection.platformCall,
  );
  if (others.length > 0 && !callsOneself(call, connection)) {
    return others.some(({ place }) => place === 'line') ? CERTAINTY.lineOfLeg : CERTAINTY.platformCall;
  }
  const numbered = isSameNumber(connection.remote, call.remote);
  if (call.devices.some((device) => sameConnection(device, connection))) {
    return awaited && !numbered && connection.state === 'alerting' ? CERTAINTY.doubtful : CERTAINTY.own;
  }
  // [CM-22] What was answered and moves to a device is not placed there anew.
  const isNew = connection.place !== 'line' && isPlaced(connection) && call.answeredAt !== undefined;
  if (awaited) return numbered ? CERTAINTY.handOverAndNumber : isNew ? CERTAINTY.none : CERTAINTY.handOver;
  const known = numbered || isConference(connection);
  return known && fits(state, call, connection) ? CERTAINTY.fits : CERTAINTY.none;
}

/** [CM-22] What rings at another device of the user, too, for another number is a new caller, and nothing that is brought here. */
const ringsForAnother = (state: UserCalls, call: UserCall, line: DeviceConnection): boolean =>
  state.reported.some(
    (beside) =>
      beside.place !== 'line' &&
      beside.platformCall === line.platformCall &&
      beside.state === 'alerting' &&
      !isSameNumber(beside.remote, call.remote) &&
      !call.devices.some((device) => sameConnection(device, beside)),
  );

export function handOverTo(place: DeviceConnection['place']): HandOverTarget | undefined {
  switch (place) {
    case 'line':
      return 'client';
    case 'desk_phone':
    case 'alternative':
    case 'parked':
      return place;
    case 'voicemail':
      return undefined;
  }
}

const isPlaced = ({ state }: DeviceConnection): boolean => state === 'calling' || state === 'ringing_out';

/** [CM-25] Somebody who calls themselves is at both ends: what rings then is another call than what is placed. */
export function callsOneself(call: UserCall, connection: DeviceConnection): boolean {
  return connection.state === 'alerting'
    ? call.devices.some(isPlaced) || (call.leg?.direction === 'outgoing' && call.answeredAt === undefined)
    : isPlaced(connection) && call.devices.some((device) => device.state === 'alerting');
}

/**
 * [CM-39] When two calls are joined, one of the two legs goes, and which of the two the platform names the whole by is its own
 * choice: the own line in a conference belongs to the leg that is left, whatever its number and direction.
 */
const isConference = ({ place, members }: DeviceConnection): boolean =>
  place === 'line' && members !== undefined;

/** Whether one may be the other, by their states. */
function fits(state: UserCalls, { leg }: UserCall, connection: DeviceConnection): boolean {
  if (leg === undefined) return false;
  if (isConference(connection)) return leg.state.name === 'connected' || leg.state.name === 'held';
  if (leg.direction !== connection.direction) return false;
  if (connection.place !== 'line') return connection.state === 'alerting' && leg.state.name === 'ringing';
  // [CM-27] What was the line of a leg that is over does not become another's.
  if (state.spentLines.includes(connection.platformCall)) return false;
  switch (leg.state.name) {
    case 'calling':
      return connection.state === 'calling' || connection.state === 'ringing_out';
    case 'ringing':
      return connection.state === (leg.direction === 'incoming' ? 'alerting' : 'ringing_out');
    case 'connected':
    case 'held':
      return connection.state === 'connected' || connection.state === 'held';
  }
}

interface Move {
  readonly connection: DeviceConnection;
  readonly from: UserCall | undefined;
  readonly to: UserCall;
  readonly certainty: number;
}

/** Gives reported connections to the calls to which they belong most surely. */
export function correlate(state: UserCalls, now: number): Change {
  let change = unchanged(state);
  // Each step makes something surer; the bound is for a platform that contradicts itself.
  for (let steps = 2 * state.reported.length; steps > 0; steps -= 1) {
    const move = surest(change.state);
    if (move === undefined) break;
    change = chain(change, (next) => carryOut(next, move, now));
  }
  return change;
}

function surest(state: UserCalls): Move | undefined {
  let best: Move | undefined;
  for (const connection of state.reported) {
    const from = ownerOf(state, connection);
    const least = from === undefined ? CERTAINTY.none : certainty(state, from, connection);
    for (const to of state.calls.values()) {
      const sure = certainty(state, to, connection);
      if (to === from || sure <= least || !hasRoom(state, to, connection)) continue;
      // Where several are as sure, the call that has waited longest.
      const isBetter =
        best === undefined ||
        sure > best.certainty ||
        (sure === best.certainty && to.startedAt < best.to.startedAt);
      if (isBetter) best = { connection, from, to, certainty: sure };
    }
  }
  return best;
}

/** [CM-28] One connection at each place; what was only a guess makes room. */
function hasRoom(state: UserCalls, call: UserCall, connection: DeviceConnection): boolean {
  const there = deviceAt(call, connection.place);
  if (there === undefined) return true;
  const sure = certainty(state, call, connection);
  const present = certainty(state, call, there);
  return present < sure && (present <= CERTAINTY.doubtful || sure === CERTAINTY.sipCallId);
}

export function ownerOf(state: UserCalls, connection: DeviceConnection): UserCall | undefined {
  for (const call of state.calls.values()) {
    if (call.end === undefined && call.devices.some((device) => sameConnection(device, connection)))
      return call;
  }
  return undefined;
}

function carryOut(state: UserCalls, { connection, from, to }: Move, now: number): Change {
  const devices = [...to.devices.filter(({ place }) => place !== connection.place), connection];
  const gains = settled({ ...to, devices }, now);
  if (from === undefined) return withCalls(state, gains);
  const was = certainty(state, from, connection);
  const loses = { ...from, devices: from.devices.filter((device) => !sameConnection(device, connection)) };
  // What is on its way was taken for that call by mistake, and is still awaited.
  const stays = isAnywhere(loses) || (from.handOver !== undefined && was <= CERTAINTY.doubtful);
  return stays ? withCalls(state, loses, gains) : mergedInto(state, loses, gains, now);
}

/**
 * [CM-29] Two calls were found to be one. The one that has a leg goes on, for clients may have asked something of it; the
 * other is over without a record, and what it knew is kept.
 */
export function mergedInto(state: UserCalls, lost: UserCall, heir: UserCall, now: number): Change {
  const { callId } = heir;
  const kept: UserCall = {
    ...heir,
    startedAt: Math.min(lost.startedAt, heir.startedAt),
    answeredAt: heir.answeredAt ?? lost.answeredAt,
    divertedBy: heir.divertedBy ?? lost.divertedBy,
    handOver: heir.handOver ?? (isAnswered(heir.leg) ? undefined : lost.handOver),
    said: heir.answeredAt === undefined ? moreTelling(heir.said, lost.said) : heir.said,
    consultationFor: heir.consultationFor ?? lost.consultationFor,
  };
  const ended: UserCall = {
    ...lost,
    leg: undefined,
    devices: [],
    handOver: undefined,
    consultationFor: undefined,
    mixedWith: undefined,
    end: {
      cause: 'answered_elsewhere',
      endedAt: Math.max(now, lost.answeredAt ?? lost.startedAt),
      sameAs: callId,
    },
  };
  const consulting = [...state.calls.values()]
    .filter((call) => call.consultationFor === lost.callId && call.callId !== callId)
    .map((call) => ({ ...call, consultationFor: callId }));
  return withCalls(state, ended, kept, ...consulting);
}

/** What a leg says of itself before it has a call. */
export type Arrival = Pick<LegFact, 'direction' | 'remote' | 'sipCallId'>;

/**
 * [CM-8] The call that an INVITE belongs to, where the platform has told of it first: the desk phone rings already, or the
 * call is being brought here. Ask before the leg is given an id; the id of the answer is the leg's.
 */
export function callOfLeg(state: UserCalls, arrival: Arrival): CallId | undefined {
  const free = [...state.calls.values()].filter((call) => call.end === undefined && call.leg === undefined);
  const line = state.reported.find(
    ({ place, sipCallId }) => place === 'line' && sipCallId !== undefined && sipCallId === arrival.sipCallId,
  );
  const platformCall = line?.platformCall;
  const byPlatform = free.find(
    (call) =>
      line !== undefined &&
      call.devices.some((device) => device.platformCall === platformCall) &&
      !callsOneself(call, line),
  );
  if (byPlatform !== undefined || arrival.direction === 'outgoing') return byPlatform?.callId;
  const numbered = free.filter((call) => isSameNumber(call.remote, arrival.remote));
  const awaited = numbered.find(({ handOver }) => handOver?.to === 'client');
  const ringing = numbered.filter(
    (call) => call.direction === 'incoming' && activeDevice(call) === undefined && !isTaken(call),
  );
  const alerting = ringing.find(({ devices }) => devices.some((device) => device.state === 'alerting'));
  return (awaited ?? alerting)?.callId;
}

/**
 * What follows for the call from where its connections are.
 * @param seenAt [CM-37] when an unanswered call was answered, where the platform does not say; `undefined`: as long as it is there
 */
export function settled(call: UserCall, seenAt: number | undefined): UserCall {
  // [CM-17] The mailbox does not answer for the user.
  const answered = call.devices.find(
    ({ place, state }) =>
      place !== 'line' && place !== 'voicemail' && (state === 'connected' || state === 'held'),
  );
  const { handOver } = call;
  const arrived =
    handOver !== undefined &&
    call.devices.some(
      ({ place, state }) => place !== 'line' && handOverTo(place) === handOver.to && state !== 'alerting',
    );
  const isNews = call.answeredAt === undefined && answered !== undefined;
  return {
    ...call,
    // [CM-2]
    answeredAt: isNews
      ? Math.max(call.startedAt, answered.answeredAt ?? seenAt ?? answered.since)
      : call.answeredAt,
    said: isNews ? undefined : call.said,
    // [CM-14]
    handOver: arrived ? undefined : handOver,
    arrivedAt: arrived ? handOver.to : call.arrivedAt,
  };
}
