import type { ConnectionId, DeviceId, LocalConnectionState, ServicesPermitted } from '@offhook/csta';
import { deviceKey, type DeviceKey } from '../numbers.ts';
import type { WatchedDevice } from '../roster.ts';
import { applyMove } from './apply-move.ts';
import { memberOf, type CallBook } from './book.ts';
import type { Happening } from './happening.ts';
import { BEGINS_CONNECTED, isStep, type TrackedCall } from './model.ts';

type ConnectionHappening = Extract<Happening, { kind: 'connection' }>;

/**
 * One event of a device's monitor. Whatever does not follow from what is known (a call that nobody has heard of, a step that
 * does not exist, an event that contradicts itself, a connection that is over) changes nothing: the device is doubted, and a
 * snapshot decides. So order, loss and repetition of events cost a request at most.
 */
export function applyEvent(book: CallBook, device: WatchedDevice, happening: Happening, now: number): void {
  if (device.role === 'number') return;
  switch (happening.kind) {
    case 'connection':
      applyConnection(book, device, happening, now);
      return;
    case 'moved':
      applyMove(book, device, happening, now);
      return;
    case 'call_over': {
      const call = book.calls.get(happening.call);
      if (call !== undefined) book.leave(call, device, 'CallClearedEvent', happening.cause);
      return;
    }
    case 'services':
      applyServices(book, device, happening.call, happening.services, now);
  }
}

function applyServices(
  book: CallBook,
  device: WatchedDevice,
  id: ConnectionId['callID'],
  services: ServicesPermitted,
  now: number,
): void {
  const call = book.calls.get(id);
  const own = call?.members.get(device.key);
  if (call !== undefined && own !== undefined) book.put(call, device, { state: own.state, services }, now);
}

function applyConnection(
  book: CallBook,
  device: WatchedDevice,
  happening: ConnectionHappening,
  now: number,
): void {
  const { subject, state, local, event } = happening;
  const subjectKey = keyOf(subject.deviceID ?? happening.device);
  const isOwn = subjectKey === device.key;
  if (isOwn && local !== undefined && local !== state) {
    book.doubt(device.key);
    return;
  }
  const own = isOwn ? state : local;
  const known = book.calls.get(subject.callID);
  const before = known?.members.get(device.key)?.state ?? 'null';
  if (own === undefined ? before === 'null' : !mayBecome(book, device, subject, event, before, own)) {
    book.doubt(device.key);
    return;
  }
  if (before === 'null' && own === 'null') return;
  const call = book.open(subject.callID);
  if (call === undefined) return;
  learnParties(call, happening);
  if (event === 'FailedEvent') call.failure = happening.cause;
  if (!isOwn && subjectKey !== undefined) applyOther(book, call, subjectKey, happening, now);
  if (happening.destination !== undefined) addDestination(book, call, device, happening, now);
  book.markAnswered(call, now);
  if (own === 'null') {
    book.leave(call, device, event, happening.cause);
  } else {
    const after = own ?? before;
    if (after === 'null') return;
    if (after === 'fail' && before !== 'fail') book.note(call, device, event, happening.cause);
    const { services, sipCallId } = happening;
    book.put(
      call,
      device,
      {
        state: after,
        ...(isOwn ? { connection: subject } : {}),
        ...(isOwn && after === 'queued' && happening.cause === 'park' ? { parkedBy: device.userId } : {}),
        ...(services === undefined ? {} : { services }),
        ...(sipCallId === undefined ? {} : { sipCallId }),
      },
      now,
    );
  }
  book.markAnswered(call, now);
  // One that has been somewhere else before has a history that no event of ours tells.
  const hasHistory = before === 'null' && (call.redirecting !== undefined || event === 'EstablishedEvent');
  if (hasHistory || (!call.isKnown && event !== 'ServiceInitiatedEvent')) book.ask(call.id);
}

function mayBecome(
  book: CallBook,
  { key }: WatchedDevice,
  subject: ConnectionId,
  event: string,
  before: LocalConnectionState,
  after: LocalConnectionState,
): boolean {
  if (before !== 'null') return isStep(before, after);
  if (after === 'null') return true;
  if (book.over.has(subject.callID, key)) return false;
  // A call that is moved to a device that answers before it rings.
  const joins = event === 'EstablishedEvent' && book.calls.has(subject.callID);
  return isStep(before, after) || (after === 'connected' && (joins || BEGINS_CONNECTED.has(event)));
}

function keyOf(id: DeviceId | undefined): DeviceKey | undefined {
  return id === undefined ? undefined : deviceKey(id);
}

/** Who calls whom does not change while the call has its id; the last redirection does. */
function learnParties(call: TrackedCall, { parties }: ConnectionHappening): void {
  call.calling ??= parties.calling;
  call.called ??= parties.called;
  call.redirecting = parties.redirecting ?? call.redirecting;
  if (call.calling !== undefined && call.called !== undefined) call.isKnown = true;
}

/** The event is about the other side: believed where no monitor of its own says so. */
function applyOther(
  book: CallBook,
  call: TrackedCall,
  key: DeviceKey,
  { subject, device, state }: ConnectionHappening,
  now: number,
): void {
  if (book.watched.has(key)) return;
  const before = call.members.get(key);
  const isLate =
    book.over.has(call.id, key) ||
    (state === 'alerting' && (before?.state === 'connected' || before?.state === 'hold'));
  if (isLate) {
    book.ask(call.id);
    return;
  }
  book.touch(call);
  if (state === 'null') {
    call.members.delete(key);
    book.over.add(call.id, key);
    return;
  }
  const id = device ?? subject.deviceID ?? before?.id;
  if (id === undefined) return;
  const member = before ?? memberOf(call.id, key, id, state, now, subject);
  call.members.set(key, { ...member, id, connection: subject, state });
}

/** Diverted, deflected or parked: whom it goes to has no event of its own that we would get. */
function addDestination(
  book: CallBook,
  call: TrackedCall,
  device: WatchedDevice,
  { destination, cause, subject, device: diverting }: ConnectionHappening,
  now: number,
): void {
  if (destination === undefined) return;
  const key = deviceKey(destination);
  if (book.watched.has(key) || call.members.has(key)) return;
  const isParked = cause === 'park' || book.isSlot(device.userId, key);
  // The other side may be one of ours, too, and hear of it first: whoever has parked the call is to find it.
  const actor = keyOf(subject.deviceID ?? diverting);
  const parkedBy = actor === undefined ? undefined : book.roster.devices.get(actor)?.userId;
  const member = memberOf(call.id, key, destination, isParked ? 'queued' : 'alerting', now);
  call.members.set(key, { ...member, parkedBy: isParked ? (parkedBy ?? device.userId) : undefined });
  book.ask(call.id);
}
