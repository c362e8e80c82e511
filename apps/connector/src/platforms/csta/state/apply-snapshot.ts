import type { CallId, LocalConnectionState, ResponseTo, ServicesPermitted } from '@offhook/csta';
import { LOCAL_CONNECTION_STATES } from '@offhook/csta';
import { deviceKey, type DeviceKey } from '../numbers.ts';
import type { WatchedDevice } from '../roster.ts';
import { callingKey, memberOf, type CallBook } from './book.ts';
import type { TrackedCall } from './model.ts';
import { sipCallIdOf } from './private-data.ts';

type DeviceSnapshot = ResponseTo<'SnapshotDevice'>;
type CallSnapshot = ResponseTo<'SnapshotCall'>;
type DeviceItem = NonNullable<DeviceSnapshot['snapshotData']>[number];

/**
 * SnapshotDevice (ECMA-269 section 16.1.2): the device's connections, all of them. What it does not show is over, whatever events have
 * said. Who is in its calls is asked next.
 */
export function applyDeviceSnapshot(
  book: CallBook,
  device: WatchedDevice,
  snapshot: DeviceSnapshot,
  now: number,
): void {
  if (device.role === 'number') return;
  const shown = new Set<CallId>();
  for (const item of snapshot.snapshotData ?? []) {
    const { callID } = item.connectionIdentifier;
    const state = stateOf(item);
    if (state === 'null') continue;
    const call = book.open(callID);
    if (call === undefined) continue;
    shown.add(callID);
    book.over.delete(callID, device.key);
    // A state that it does not say is in the snapshot of the call; until then the connection is shown to nobody.
    const known = state ?? call.members.get(device.key)?.state ?? 'queued';
    const services = item.servicesPermitted;
    book.put(
      call,
      device,
      {
        state: known,
        connection: item.connectionIdentifier,
        ...(services === undefined ? {} : { services }),
      },
      now,
    );
    book.markAnswered(call, now);
    book.ask(callID);
  }
  for (const call of book.calls.values()) {
    if (!shown.has(call.id)) book.leave(call, device, 'SnapshotDevice', undefined);
  }
}

/** The device's own comes first in a compound state. */
function stateOf({ localCallState }: DeviceItem): LocalConnectionState | undefined {
  const [own] = localCallState?.compoundCallState ?? [];
  return own ?? LOCAL_CONNECTION_STATES.find((state) => state === localCallState?.simpleCallDetailedState);
}

/**
 * SnapshotCall (section 16.1.1): who is in it. Of monitored devices their own snapshots are believed; where this one says something
 * else, they are doubted.
 *
 * @param snapshot `undefined`: the platform does not know it
 */
export function applyCallSnapshot(
  book: CallBook,
  id: CallId,
  snapshot: CallSnapshot | undefined,
  now: number,
): void {
  const call = book.calls.get(id);
  if (call === undefined) return;
  const wasKnown = call.isKnown;
  call.isKnown = true;
  if (snapshot === undefined) {
    forgetOthers(book, call);
    return;
  }
  call.calling = idOf(snapshot.callingDevice) ?? call.calling;
  call.called = idOf(snapshot.calledDevice) ?? call.called;
  const shown = new Map<DeviceKey, LocalConnectionState | undefined>();
  for (const item of snapshot.snapshotData ?? []) {
    const party = idOf(item.deviceOnCall);
    const device = item.callIdentifier?.deviceID ?? party;
    if (device === undefined || item.localConnectionInfo === 'null') continue;
    const key = deviceKey(device);
    shown.set(key, item.localConnectionInfo);
    showMember(book, call, key, item.localConnectionInfo, item.servicesPermitted, now);
    if (book.watched.has(key)) continue;
    const before = call.members.get(key);
    const state = item.localConnectionInfo ?? before?.state ?? 'connected';
    const member = before ?? memberOf(id, key, party ?? device, state, now);
    call.members.set(key, {
      ...member,
      id: party ?? device,
      connection: item.callIdentifier ?? member.connection,
      state,
    });
  }
  for (const key of call.members.keys()) {
    if (shown.has(key)) continue;
    if (book.watched.has(key)) book.doubt(key);
    else call.members.delete(key);
  }
  const sipCallId = sipCallIdOf(snapshot.privateData);
  for (const [userId, share] of call.shares) {
    const caller = callingKey(call);
    if (!wasKnown && caller !== undefined) {
      call.shares.set(userId, {
        ...share,
        direction: book.isOf(userId, caller) ? 'outgoing' : 'incoming',
      });
    }
    const line = book.roster.users.get(userId)?.own.key;
    const member = line === undefined ? undefined : call.members.get(line);
    if (member !== undefined && sipCallId !== undefined)
      call.members.set(member.key, { ...member, sipCallId });
  }
  book.markAnswered(call, now);
  book.touch(call);
  for (const userId of call.shares.keys()) book.settle(call, userId);
}

/** The platform has not answered, which says nothing of the call: it is shown as it is known, and asked for again by the audits. */
export function keepAsKnown(book: CallBook, id: CallId): void {
  const call = book.calls.get(id);
  if (call === undefined) return;
  call.isKnown = true;
  book.touch(call);
}

function showMember(
  book: CallBook,
  call: TrackedCall,
  key: DeviceKey,
  state: LocalConnectionState | undefined,
  services: ServicesPermitted | undefined,
  now: number,
): void {
  const device = book.roster.devices.get(key);
  if (device === undefined || device.role === 'number' || !book.watched.has(key)) return;
  const member = call.members.get(key);
  if (member === undefined) {
    book.doubt(key);
    return;
  }
  if (state === undefined || state === 'null' || state === member.state) return;
  if (member.state === 'queued') {
    book.put(call, device, { state, ...(services === undefined ? {} : { services }) }, now);
  } else book.doubt(key);
}

/** The platform knows this call no more: neither do we who else is in it, and nobody of ours is followed there. */
function forgetOthers(book: CallBook, call: TrackedCall): void {
  book.touch(call);
  for (const key of call.members.keys()) {
    if (!book.roster.devices.has(key)) call.members.delete(key);
  }
  for (const userId of call.shares.keys()) book.settle(call, userId);
}

function idOf(party: CallSnapshot['callingDevice']) {
  return party?.kind === 'device' ? party.id : undefined;
}
