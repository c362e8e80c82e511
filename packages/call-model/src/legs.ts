import type { CallId, EndCause } from '@offhook/contract';
import type { LegFact } from './facts.ts';
import { afterLeaving, endIfEmpty } from './causes.ts';
import { callOfLeg, correlate, mergedInto } from './correlation.ts';
import { isSameNumber, isSameParty } from './parties.ts';
import { dropRelations } from './relations.ts';
import {
  activeDevice,
  chain,
  deviceAt,
  isAnywhere,
  unchanged,
  withCalls,
  type Change,
  type UserCall,
  type UserCalls,
} from './state.ts';

/** [CM-1] The connector's leg of a call has come into being or has changed. */
export function legChanged(state: UserCalls, leg: LegFact, now: number): Change {
  const known = state.calls.get(leg.callId);
  // [CM-4] What has ended stays ended.
  if (known?.end !== undefined) return unchanged(state);
  const first = known === undefined ? begun(state, leg, now) : withCalls(state, updated(known, leg));
  return chain(
    chain(first, (next) => correlate(next, now)),
    dropRelations,
  );
}

/** [CM-8] A leg that nobody was asked about first may belong to a call that is known from the platform. */
function begun(state: UserCalls, leg: LegFact, now: number): Change {
  const { callId, correlationId, direction, remote, startedAt } = leg;
  const fresh: UserCall = {
    callId,
    correlationId,
    direction,
    remote,
    startedAt,
    answeredAt: undefined,
    divertedBy: leg.divertedBy,
    leg: undefined,
    devices: [],
    handOver: undefined,
    arrivedAt: undefined,
    said: undefined,
    consultationFor: undefined,
    mixedWith: undefined,
    end: undefined,
  };
  const elderId = callOfLeg(state, leg);
  const elder = elderId === undefined ? undefined : state.calls.get(elderId);
  if (elder === undefined) return withCalls(state, updated(fresh, leg));
  const heir = updated({ ...elder, callId, correlationId }, leg);
  return mergedInto(state, { ...elder, devices: [] }, heir, now);
}

function updated(call: UserCall, leg: LegFact): UserCall {
  const answeredAt = 'answeredAt' in leg.state ? leg.state.answeredAt : undefined;
  const arrived = call.handOver?.to === 'client' && answeredAt !== undefined;
  // [CM-9] The other side of a leg can become another: somebody has transferred it.
  const isOther = call.leg !== undefined && !isSameParty(call.leg.remote, leg.remote);
  // [CM-43] What still seems to be elsewhere is there, for all that is known.
  const isMistaken = isOther && call.handOver?.to === 'client' && !isSameNumber(leg.remote, call.remote);
  return {
    ...call,
    leg,
    devices: isMistaken ? call.devices.filter(({ place }) => place === 'line') : call.devices,
    remote: isOther ? leg.remote : call.remote,
    // [CM-7] A call that was brought here began when it began, not when it came here.
    answeredAt: isMistaken ? answeredAt : (call.answeredAt ?? answeredAt),
    said: call.answeredAt === undefined && answeredAt !== undefined ? undefined : call.said,
    // [CM-14] It has arrived once it is answered here.
    handOver: arrived ? undefined : call.handOver,
    arrivedAt: arrived ? 'client' : call.arrivedAt,
  };
}

/**
 * The leg is over. [CM-5] The call goes on where a device of the user has it or still rings, and [CM-13] while it is handed
 * over; else it has ended. [CM-6] Who declines here while it rings elsewhere has said so for the whole call only if the
 * platform agrees and stops ringing.
 */
export function legEnded(state: UserCalls, callId: CallId, cause: EndCause, now: number): Change {
  const known = state.calls.get(callId);
  if (known?.leg === undefined || known.end !== undefined) return unchanged(state);
  const line = deviceAt(known, 'line');
  const devices = known.devices.filter(({ place }) => place !== 'line');
  const left = {
    ...known,
    remote: remoteAt(devices, known),
    leg: undefined,
    hadLeg: true as const,
    devices,
    arrivedAt: known.arrivedAt === 'client' ? undefined : known.arrivedAt,
  };
  const spent =
    line === undefined ? state : { ...state, spentLines: [...state.spentLines, line.platformCall] };
  const twin = cause === 'answered_elsewhere' ? answeredTwin(spent, left) : undefined;
  const change =
    twin === undefined
      ? withCalls(spent, endIfEmpty(afterLeaving(left, cause), now))
      : joinedWith(spent, left, twin, now);
  return chain(
    chain(change, (next) => correlate(next, now)),
    dropRelations,
  );
}

/** [CM-9] While it rang it may have been transferred, and only the device that has it now was told. */
function remoteAt(devices: UserCall['devices'], known: UserCall): UserCall['remote'] {
  const [first] = devices;
  const device = activeDevice({ ...known, leg: undefined, devices }) ?? first;
  const isOther =
    device !== undefined && device.remote.number !== '' && !isSameNumber(device.remote, known.remote);
  return isOther ? device.remote : known.remote;
}

/** Milliseconds by which an INVITE may come after the platform has told that the desk phone was answered. */
const LATE_INVITE = 5_000;

/**
 * [CM-38] The INVITE came when a device of the user had answered already, or the platform told of both in one breath: then nothing showed
 * that they are one call, until the PBX says that another device has it. By then it may even be over.
 */
function answeredTwin(state: UserCalls, lost: UserCall): UserCall | undefined {
  if (lost.answeredAt !== undefined || isAnywhere(lost)) return undefined;
  return [...state.calls.values(), ...state.answeredLately].find(
    (call) =>
      call.callId !== lost.callId &&
      call.end?.sameAs === undefined &&
      call.leg === undefined &&
      call.hadLeg !== true &&
      call.direction === lost.direction &&
      call.answeredAt !== undefined &&
      call.answeredAt >= lost.startedAt - LATE_INVITE &&
      (call.end !== undefined || activeDevice(call) !== undefined) &&
      isSameNumber(call.remote, lost.remote),
  );
}

/** One call has one leg: the next INVITE from that number is another call. */
function joinedWith(state: UserCalls, lost: UserCall, twin: UserCall, now: number): Change {
  const { callId } = twin;
  if (twin.end === undefined) return mergedInto(state, lost, { ...twin, hadLeg: true }, now);
  const end = {
    cause: 'answered_elsewhere',
    endedAt: Math.max(now, lost.startedAt),
    sameAs: callId,
  } as const;
  const change = withCalls(state, {
    ...lost,
    handOver: undefined,
    consultationFor: undefined,
    mixedWith: undefined,
    end,
  });
  const answeredLately = state.answeredLately.filter((call) => call.callId !== callId);
  return { ...change, state: { ...change.state, answeredLately } };
}
