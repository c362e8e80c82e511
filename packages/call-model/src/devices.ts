import type { CallId, CorrelationId } from '@offhook/contract';
import { afterLeaving, afterVoicemail, endIfEmpty } from './causes.ts';
import { callsOneself, correlate, ownerOf, settled } from './correlation.ts';
import type { DeviceConnection, DeviceReport } from './facts.ts';
import { isSameParty } from './parties.ts';
import { dropRelations } from './relations.ts';
import {
  activeDevice,
  chain,
  deviceAt,
  isAnywhere,
  isLineAwaited,
  sameConnection,
  unchanged,
  withCalls,
  type Change,
  type UserCall,
  type UserCalls,
} from './state.ts';

/** Ids for calls that the platform shows and the connector has no leg of. */
export interface NewIds {
  readonly callId: () => CallId;
  /** Of the call that has this connection: one that a client has asked the platform for, or a new one. */
  readonly correlationId: (connection: DeviceConnection) => CorrelationId;
}

/**
 * The platform has told where the user's calls are: the whole truth of its side, every time. So nothing has to be undone
 * after a lost event, and a snapshot after a broken link is told in the same way.
 */
export function devicesReported(state: UserCalls, report: DeviceReport, ids: NewIds, now: number): Change {
  const lines = report.connections.filter(({ place }) => place === 'line');
  const reported: UserCalls = {
    ...state,
    reported: withoutDoubles(report.connections),
    spentLines: state.spentLines.filter((spent) => lines.some(({ platformCall }) => platformCall === spent)),
  };
  const steps: readonly ((next: UserCalls) => Change)[] = [
    (next) => rename(next),
    (next) => refresh(next, now),
    // [CM-36] A call that has moved within the platform is known by what it was, before that is taken away.
    (next) => correlate(next, now),
    (next) => takeAway(next, report, now),
    (next) => correlate(next, now),
    (next) => adoptNew(next, ids),
    relate,
    dropRelations,
  ];
  return steps.reduce((change, step) => chain(change, step), unchanged(reported));
}

/** [CM-19] Of a connection that is reported twice the last word counts. */
function withoutDoubles(connections: readonly DeviceConnection[]): readonly DeviceConnection[] {
  return connections.filter(
    (connection, index) => !connections.some((later, at) => at > index && sameConnection(later, connection)),
  );
}

/** A connection that goes on under a new id of the platform's. */
const successor = (state: UserCalls, device: DeviceConnection): DeviceConnection | undefined =>
  state.reported.some((reported) => sameConnection(reported, device))
    ? undefined
    : state.reported.find(
        ({ place, formerly }) => place === device.place && formerly?.includes(device.platformCall) === true,
      );

/**
 * [CM-35] After a transfer or a conference the platform gives one new id to what was one call or two: the first goes on
 * under it, the other is joined into it.
 */
function rename(state: UserCalls): Change {
  let change = unchanged(state);
  for (const { callId } of state.calls.values()) {
    change = chain(change, (next) => {
      const call = next.calls.get(callId);
      if (call === undefined || call.end !== undefined) return unchanged(next);
      const devices = call.devices.map((device) => {
        const heir = successor(next, device);
        return heir === undefined || ownerOf(next, heir) !== undefined
          ? device
          : { ...device, platformCall: heir.platformCall };
      });
      return devices.every((device, index) => device === call.devices[index])
        ? unchanged(next)
        : withCalls(next, { ...call, devices });
    });
  }
  return change;
}

/** [CM-10] A connection that is not reported any more is gone; the call ends with its last one. */
function takeAway(state: UserCalls, report: DeviceReport, now: number): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    if (call.end !== undefined) continue;
    const isGone = (device: DeviceConnection): boolean =>
      !state.reported.some((reported) => sameConnection(reported, device)) || isLost(call, device);
    const gone = call.devices.filter(isGone);
    if (gone.length === 0) continue;
    const left = call.devices.filter((device) => !isGone(device));
    const line = left.length === 0 ? awaitedLine(state, call, gone) : undefined;
    const rest = { ...call, devices: line === undefined ? left : [line] };
    // What only rang has left before what was in the call.
    const inOrder = gone.toSorted((left, right) => rank(left) - rank(right));
    const after = inOrder.reduce<UserCall>((before, device) => departed(state, before, device, report), rest);
    changes.push(endIfEmpty(after, now));
  }
  return withCalls(state, ...changes);
}

/** [CM-65] The own line that was waited for is in the call, and not by a leg of ours. */
const isLost = (call: UserCall, { place }: DeviceConnection): boolean =>
  place === 'line' && call.leg === undefined && call.handOver?.to !== 'client' && !isLineAwaited(call);

/**
 * [CM-65] A desk phone that is declined, or that rings no longer, leaves a call that rings on at the own line; the INVITE for that may be
 * slower than the report.
 */
function awaitedLine(
  state: UserCalls,
  call: UserCall,
  gone: readonly DeviceConnection[],
): DeviceConnection | undefined {
  if (call.leg !== undefined || call.hadLeg === true || call.answeredAt !== undefined) return undefined;
  return state.reported.find(
    (reported) =>
      reported.place === 'line' &&
      reported.state === 'alerting' &&
      gone.some(
        ({ state: was, platformCall }) => was === 'alerting' && platformCall === reported.platformCall,
      ) &&
      !state.spentLines.includes(reported.platformCall) &&
      ownerOf(state, reported) === undefined,
  );
}

const rank = ({ place, state }: DeviceConnection): number =>
  place === 'line' || state === 'alerting' ? 0 : 1;

function departed(
  state: UserCalls,
  call: UserCall,
  device: DeviceConnection,
  report: DeviceReport,
): UserCall {
  // What stops ringing says nothing of a call that goes on; nor does the line of a leg that speaks for itself.
  if (call.answeredAt !== undefined && rank(device) === 0 && isAnywhere(call)) return call;
  const said = report.gone?.find(
    ({ place, platformCall }) => place === device.place && platformCall === device.platformCall,
  );
  const merged = successor(state, device) === undefined ? undefined : 'joined';
  const left = afterLeaving(call, said?.cause ?? merged);
  return device.place === 'voicemail' ? afterVoicemail(left) : left;
}

/** What is known and still reported takes its new state. */
function refresh(state: UserCalls, now: number): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    if (call.end !== undefined || call.devices.length === 0) continue;
    const devices = call.devices.map(
      (device) => state.reported.find((reported) => sameConnection(reported, device)) ?? device,
    );
    if (devices.every((device, index) => device === call.devices[index])) continue;
    changes.push(settled({ ...call, devices, remote: remoteOf(call, devices) }, now));
  }
  return withCalls(state, ...changes);
}

/** [CM-9] The other side of a call that the user has at a device becomes another when that connection says so. */
function remoteOf(call: UserCall, devices: readonly DeviceConnection[]): UserCall['remote'] {
  const before = call.leg === undefined ? (activeDevice(call) ?? call.devices[0]) : undefined;
  const after = devices.find((device) => before !== undefined && sameConnection(device, before));
  return before === undefined || after === undefined || isSameParty(before.remote, after.remote)
    ? call.remote
    : after.remote;
}

/** [CM-11] What is at a device of the user and belongs to nothing else is a call of its own. */
function adoptNew(state: UserCalls, ids: NewIds): Change {
  let change = unchanged(state);
  for (const connection of state.reported) {
    const { calls } = change.state;
    if (connection.place === 'line' || ownerOf(change.state, connection) !== undefined) continue;
    const first = adopted(connection, ids);
    const call = state.reported
      .filter((other) => isBeside(connection, other) && ownerOf({ ...state, calls }, other) === undefined)
      .reduce((grown, other) => (callsOneself(grown, other) ? grown : joined(grown, other)), first);
    change = chain(change, (next) => withCalls(next, settled(call, undefined)));
  }
  return change;
}

/** The same call at another device of the user. */
const isBeside = (connection: DeviceConnection, other: DeviceConnection): boolean =>
  other.place !== 'line' &&
  other.place !== connection.place &&
  other.platformCall === connection.platformCall;

const joined = (call: UserCall, connection: DeviceConnection): UserCall => ({
  ...call,
  startedAt: Math.min(call.startedAt, connection.since),
  devices: [...call.devices, connection],
});

function adopted(connection: DeviceConnection, ids: NewIds): UserCall {
  const { direction, remote, since, divertedBy } = connection;
  return {
    callId: ids.callId(),
    correlationId: ids.correlationId(connection),
    direction,
    remote,
    startedAt: since,
    answeredAt: undefined,
    divertedBy,
    leg: undefined,
    devices: [connection],
    handOver: undefined,
    arrivedAt: undefined,
    said: undefined,
    consultationFor: undefined,
    mixedWith: undefined,
    end: undefined,
  };
}

/** [CM-34] The platform itself says that a call was placed to consult about another. */
function relate(state: UserCalls): Change {
  const changes: UserCall[] = [];
  for (const call of state.calls.values()) {
    if (call.end !== undefined || call.consultationFor !== undefined) continue;
    const said = call.devices.find(({ consultationFor }) => consultationFor !== undefined);
    const about = [...state.calls.values()].find(
      (other) =>
        other !== call &&
        other.end === undefined &&
        said !== undefined &&
        deviceAt(other, said.place)?.platformCall === said.consultationFor,
    );
    if (about !== undefined) changes.push({ ...call, consultationFor: about.callId });
  }
  return withCalls(state, ...changes);
}
