import type { CallId, DeviceId } from '@offhook/csta';
import { deviceKey, type DeviceKey } from '../numbers.ts';
import type { WatchedDevice } from '../roster.ts';
import { memberOf, type CallBook } from './book.ts';
import type { Happening, Moved } from './happening.ts';
import type { Member, TrackedCall } from './model.ts';

type Move = Extract<Happening, { kind: 'moved' }>;

/**
 * Transferred and Conferenced (ECMA-269 sections 17.2.16 and 17.2.2): two calls become one, mostly with a new id; or, in one step,
 * somebody else stands in the place of who has transferred. Every monitored device in it tells so; the first to tell moves
 * the call, the others find it moved. Who is in it afterwards is asked in any case.
 */
export function applyMove(book: CallBook, device: WatchedDevice, move: Move, now: number): void {
  const id = move.connections[0]?.after.callID ?? move.primary.callID;
  const old = [move.primary.callID, ...(move.secondary === undefined ? [] : [move.secondary.callID])];
  const calls = old.flatMap((one) => book.calls.get(one) ?? []);
  const [first] = calls;
  const merged = first === undefined ? book.calls.get(id) : join(book, first, calls, move, id);
  if (merged === undefined) {
    book.doubt(device.key);
    return;
  }
  addTarget(book, merged, move, now);
  for (const moved of move.connections) place(book, merged, moved, now);
  const actor = move.actor === undefined ? undefined : deviceKey(move.actor);
  // A line that stands for a number is named by that number, but the connection is its own.
  const isActor = [actor, keyOf(move.primary.deviceID)].includes(device.key);
  if (isActor) markParked(book, merged, device, move);
  if (actor !== undefined && move.event === 'TransferredEvent') remove(book, merged, actor);
  stay(book, merged, device, move, now);
  book.markAnswered(merged, now);
  book.touch(merged);
  book.ask(merged.id);
}

const keyOf = (id: DeviceId | undefined): DeviceKey | undefined =>
  id === undefined ? undefined : deviceKey(id);

/** All members of the old calls in one; what was there under the old ids comes no more. */
function join(
  book: CallBook,
  first: TrackedCall,
  calls: readonly TrackedCall[],
  { event }: Move,
  id: CallId,
): TrackedCall {
  const cause = event === 'ConferencedEvent' ? 'joined' : 'transferred';
  const members = new Map<DeviceKey, Member>();
  const shares = new Map(first.shares);
  for (const call of calls) {
    book.calls.delete(call.id);
    for (const [key, member] of call.members) {
      if (call.id !== id) book.over.add(call.id, key);
      book.over.delete(id, key);
      const kept = members.get(key) ?? member;
      members.set(key, {
        ...kept,
        state: kept.state === 'hold' || kept.state === 'connected' ? kept.state : member.state,
        connection: { ...kept.connection, callID: id },
      });
    }
    for (const [userId, share] of call.shares) {
      const kept = shares.get(userId);
      if (kept === undefined) shares.set(userId, share);
      else if (kept.name !== share.name) {
        for (const { key } of book.ownMembers(call, userId)) {
          const role = book.roster.devices.get(key)?.role;
          if (role === undefined || role === 'number') continue;
          book.noteGone(userId, { place: role, platformCall: share.name, cause });
        }
      }
    }
    book.touch(call);
  }
  const merged = { ...first, id, members, shares };
  book.calls.set(id, merged);
  return merged;
}

function place(book: CallBook, call: TrackedCall, { after, endpoint, state }: Moved, now: number): void {
  const device = after.deviceID ?? endpoint;
  if (device === undefined || after.callID !== call.id) return;
  const key = deviceKey(device);
  const before = call.members.get(key);
  if (book.watched.has(key)) {
    // Where its own monitor has not told yet, a snapshot will.
    if (before === undefined) book.doubt(key);
    else call.members.set(key, { ...before, connection: after });
    return;
  }
  if (state === 'null') {
    call.members.delete(key);
    return;
  }
  const known = state ?? before?.state ?? 'connected';
  const member = before ?? memberOf(call.id, key, endpoint ?? device, known, now);
  call.members.set(key, { ...member, connection: after, state: known });
}

function remove(book: CallBook, call: TrackedCall, key: DeviceKey): void {
  const device = book.roster.devices.get(key);
  if (device !== undefined && book.watched.has(key)) book.leave(call, device, 'TransferredEvent', 'transfer');
  else call.members.delete(key);
}

function addTarget(book: CallBook, call: TrackedCall, { target }: Move, now: number): void {
  if (target === undefined) return;
  const key = deviceKey(target);
  if (book.watched.has(key) || call.members.has(key)) return;
  call.members.set(key, memberOf(call.id, key, target, 'alerting', now));
}

/** Parking is told as a transfer to a slot by some. */
function markParked(
  book: CallBook,
  call: TrackedCall,
  { userId }: WatchedDevice,
  { target, cause, event }: Move,
): void {
  const key = target === undefined ? undefined : deviceKey(target);
  const slot = key === undefined ? undefined : call.members.get(key);
  // Two calls that are joined by one of their parties: whoever has parked one of them has not changed.
  if (slot === undefined || slot.parkedBy !== undefined) return;
  if (event === 'ConferencedEvent' || (cause !== 'park' && !book.isSlot(userId, slot.key))) return;
  call.members.set(slot.key, { ...slot, parkedBy: userId });
}

/** What the event says of the monitored device itself. */
function stay(book: CallBook, call: TrackedCall, device: WatchedDevice, move: Move, now: number): void {
  const own = call.members.get(device.key);
  const { local, services } = move;
  if (local === 'null') {
    book.leave(call, device, move.event, undefined);
    return;
  }
  if (own === undefined) {
    const isActor = move.actor !== undefined && deviceKey(move.actor) === device.key;
    if (!isActor || local !== undefined) book.doubt(device.key);
    return;
  }
  if (local === undefined && services === undefined) return;
  book.put(call, device, { state: local ?? own.state, ...(services === undefined ? {} : { services }) }, now);
}
