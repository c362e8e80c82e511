import type { CallId, CorrelationId, EndCause } from '@offhook/contract';
import type { DeviceConnection, DeviceReport } from './facts.ts';
import {
  chain,
  deviceAt,
  dropRelations,
  endIfEmpty,
  withCalls,
  type Change,
  type HandOverTarget,
  type UserCall,
  type UserCalls,
} from './state.ts';

/** Ids for calls that the platform shows and the connector has no leg of. */
export interface NewIds {
  readonly callId: () => CallId;
  readonly correlationId: () => CorrelationId;
}

/**
 * The platform has told where the user's calls are: the whole truth of its side, every time. So nothing has to be undone
 * after a lost event, and a snapshot after a broken link is told in the same way.
 */
export function devicesReported(state: UserCalls, report: DeviceReport, ids: NewIds, now: number): Change {
  const reported = { ...state, reported: report.connections };
  const updated = chain(
    chain(takeAway(reported, report, now), (next) => refresh(next)),
    (next) => assignReported(next, now),
  );
  const grown = chain(updated, (next) => adoptNew(next, ids));
  return chain(grown, dropRelations);
}

const sameConnection = (left: DeviceConnection, right: DeviceConnection): boolean =>
  left.place === right.place && left.platformCall === right.platformCall;

/** [CM-10] A connection that is not reported any more is gone; the call ends with its last one. */
function takeAway(state: UserCalls, report: DeviceReport, now: number): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    if (call.end !== undefined) continue;
    const stays = (device: DeviceConnection): boolean =>
      report.connections.some((reported) => sameConnection(reported, device));
    const gone = call.devices.filter((device) => !stays(device));
    if (gone.length === 0) continue;
    const last = gone.find(({ place }) => place !== 'line') ?? gone[0];
    const said = report.gone?.find(
      ({ place, platformCall }) =>
        last !== undefined && place === last.place && platformCall === last.platformCall,
    );
    const rest = { ...call, devices: call.devices.filter(stays) };
    changes.push(endIfEmpty(rest, said?.cause ?? causeOf(call), now));
  }
  return withCalls(state, ...changes);
}

/** Why a call is over whose platform does not say. */
function causeOf(call: UserCall): EndCause {
  if (call.answeredAt !== undefined) return 'completed';
  return 'cancelled';
}

/** What is known and still reported takes its new state. */
function refresh(state: UserCalls): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    if (call.end !== undefined || call.devices.length === 0) continue;
    const devices = call.devices.map(
      (device) => state.reported.find((reported) => sameConnection(reported, device)) ?? device,
    );
    if (devices.every((device, index) => device === call.devices[index])) continue;
    changes.push(settled({ ...call, devices }));
  }
  return withCalls(state, ...changes);
}

/** Reported connections that belong to no call yet find theirs, if it is there. */
export function assignReported(state: UserCalls, now: number): Change {
  let change: Change = { state, changed: [] };
  for (const connection of state.reported) {
    change = chain(change, (next) => {
      if (ownerOf(next, connection) !== undefined) return { state: next, changed: [] };
      const call = matching(next, connection, now);
      return call === undefined
        ? { state: next, changed: [] }
        : withCalls(next, settled({ ...call, devices: [...call.devices, connection] }));
    });
  }
  return change;
}

/** [CM-11] What is at a device of the user and belongs to nothing else is a call of its own. */
function adoptNew(state: UserCalls, ids: NewIds): Change {
  const calls: UserCall[] = [];
  for (const connection of state.reported) {
    if (connection.place === 'line' || ownerOf(state, connection) !== undefined) continue;
    const sibling = calls.find(({ devices }) => devices[0]?.platformCall === connection.platformCall);
    if (sibling !== undefined) {
      calls[calls.indexOf(sibling)] = settled({ ...sibling, devices: [...sibling.devices, connection] });
      continue;
    }
    calls.push(
      settled({
        callId: ids.callId(),
        correlationId: ids.correlationId(),
        direction: connection.direction,
        remote: connection.remote,
        startedAt: connection.since,
        answeredAt: undefined,
        divertedBy: connection.divertedBy,
        leg: undefined,
        devices: [connection],
        handOver: undefined,
        consultationFor: undefined,
        mixedWith: undefined,
        end: undefined,
      }),
    );
  }
  return withCalls(state, ...calls);
}

function ownerOf(state: UserCalls, connection: DeviceConnection): UserCall | undefined {
  for (const call of state.calls.values()) {
    if (call.end === undefined && call.devices.some((device) => sameConnection(device, connection)))
      return call;
  }
  return undefined;
}

/**
 * The call that a connection belongs to, by what is surest first: [CM-20] the platform's id of the call, [CM-21] the SIP
 * Call-ID of the leg, [CM-22] a hand-over to that place, [CM-23] an incoming call from the same number that rings, or
 * for the own line a leg in a fitting state; where several fit, the one that has waited longest.
 */
function matching(state: UserCalls, connection: DeviceConnection, now: number): UserCall | undefined {
  const free = [...state.calls.values()].filter(
    (call) => call.end === undefined && deviceAt(call, connection.place) === undefined,
  );
  return (
    free.find(({ devices }) =>
      devices.some(({ platformCall }) => platformCall === connection.platformCall),
    ) ??
    free.find(({ leg }) => connection.sipCallId !== undefined && leg?.sipCallId === connection.sipCallId) ??
    free.find(
      ({ handOver }) =>
        handOver !== undefined && handOver.to === handOverTo(connection.place) && now < handOver.until,
    ) ??
    free.find((call) => fits(call, connection))
  );
}

function handOverTo(place: DeviceConnection['place']): HandOverTarget | undefined {
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

function fits({ leg, direction }: UserCall, connection: DeviceConnection): boolean {
  if (leg === undefined || direction !== connection.direction) return false;
  if (connection.sipCallId !== undefined && leg.sipCallId !== undefined) return false;
  if (leg.remote.number !== connection.remote.number) return false;
  if (connection.place !== 'line') return connection.state === 'alerting' && leg.state.name === 'ringing';
  switch (leg.state.name) {
    case 'calling':
      return connection.state === 'calling' || connection.state === 'ringing_out';
    case 'ringing':
      return connection.state === (direction === 'incoming' ? 'alerting' : 'ringing_out');
    case 'connected':
    case 'held':
      return connection.state === 'connected' || connection.state === 'held';
  }
}

/** What follows for the call from where its connections are. */
function settled(call: UserCall): UserCall {
  const answered = call.devices.find(
    ({ place, state }) => place !== 'line' && (state === 'connected' || state === 'held'),
  );
  const arrived =
    call.handOver !== undefined &&
    call.devices.some(
      ({ place, state }) =>
        handOverTo(place) === call.handOver?.to && place !== 'line' && state !== 'alerting',
    );
  return {
    ...call,
    answeredAt:
      call.answeredAt ?? (answered === undefined ? undefined : (answered.answeredAt ?? answered.since)),
    // [CM-14]
    handOver: arrived ? undefined : call.handOver,
  };
}
