import type { DevicePlace, DeviceReport } from '@offhook/call-model';
import type { UserId } from '@offhook/contract';
import type { CallId, ConnectionId, DeviceId } from '@offhook/csta';
import { toDeviceId } from '@offhook/csta';
import { deviceKey, type DeviceKey } from '../numbers.ts';
import type { Roster, WatchedDevice } from '../roster.ts';
import { endCauseOf } from './causes.ts';
import type { Member, MemberState, TrackedCall, Wishes } from './model.ts';
import { Tombstones } from './tombstones.ts';

/** Which device of a user a number is, besides those that are monitored; `slot`: anybody's parked calls are there. */
export type Whereabouts = (
  userId: UserId,
  key: DeviceKey,
) => 'alternative' | 'voicemail' | 'slot' | undefined;

type Gone = NonNullable<DeviceReport['gone']>[number];

/** No exchange that we drive has more at a time; what comes on top is not kept, and audited later. */
const MOST_CALLS = 20_000;

/**
 * All calls in which one of our devices is, as events and snapshots have told, and what is wanted because of them. Changed by the
 * functions beside this file; no clock, no link.
 */
export class CallBook {
  readonly calls = new Map<CallId, TrackedCall>();
  readonly over = new Tombstones();
  /** Devices whose own monitor runs: of their connections nobody else is believed. */
  readonly watched = new Set<DeviceKey>();
  readonly #whereabouts: Whereabouts;
  roster: Roster;
  readonly #gone = new Map<UserId, Gone[]>();
  #doubted = new Set<DeviceKey>();
  #unknown = new Set<CallId>();
  #touched = new Set<UserId>();
  #alerting: { userId: UserId; call: CallId }[] = [];

  constructor(roster: Roster, whereabouts: Whereabouts) {
    this.roster = roster;
    this.#whereabouts = whereabouts;
  }

  /** What is wanted since the last time. */
  take(): Wishes {
    const wishes = {
      devices: this.#doubted,
      calls: this.#unknown,
      users: this.#touched,
      alerting: this.#alerting,
    };
    this.#doubted = new Set();
    this.#unknown = new Set();
    this.#touched = new Set();
    this.#alerting = [];
    return wishes;
  }

  doubt(device: DeviceKey): void {
    this.#doubted.add(device);
  }

  ask(call: CallId): void {
    this.#unknown.add(call);
  }

  touch(call: TrackedCall): void {
    for (const userId of call.shares.keys()) this.#touched.add(userId);
  }

  /** The call that has begun, or `undefined` where there are too many. */
  open(id: CallId): TrackedCall | undefined {
    const known = this.calls.get(id);
    if (known !== undefined) return known;
    if (this.calls.size >= MOST_CALLS) return undefined;
    const call: TrackedCall = {
      id,
      calling: undefined,
      called: undefined,
      redirecting: undefined,
      failure: undefined,
      members: new Map(),
      shares: new Map(),
      isKnown: false,
    };
    this.calls.set(id, call);
    return call;
  }

  /** A connection of a monitored device has this state now. */
  put(
    call: TrackedCall,
    device: WatchedDevice,
    change: Partial<Member> & { readonly state: MemberState },
    now: number,
  ): void {
    const before = call.members.get(device.key);
    const member = {
      ...(before ?? memberOf(call.id, device.key, toDeviceId(device.number), change.state, now)),
      ...change,
    };
    call.members.set(device.key, member);
    this.#share(call, device, member.state);
    if (member.state === 'fail' && before?.state !== 'fail')
      this.#note(call, device, 'FailedEvent', undefined);
    if (member.state === 'alerting' && before?.state !== 'alerting' && device.role === 'desk_phone') {
      this.#alerting.push({ userId: device.userId, call: call.id });
    }
    this.touch(call);
  }

  /** A monitored device is out of the call. */
  leave(call: TrackedCall, device: WatchedDevice, event: string, cause: string | undefined): void {
    const member = call.members.get(device.key);
    if (member === undefined) return;
    this.touch(call);
    if (member.state !== 'fail') this.#note(call, device, event, cause);
    call.members.delete(device.key);
    this.over.add(call.id, device.key);
    this.settle(call, device.userId);
  }

  /** Notes why a connection that has been reported is about to go, or to be of no use. */
  note(call: TrackedCall, device: WatchedDevice, event: string, cause: string | undefined): void {
    this.#note(call, device, event, cause);
  }

  #note(call: TrackedCall, device: WatchedDevice, event: string, cause: string | undefined): void {
    const share = call.shares.get(device.userId);
    const member = call.members.get(device.key);
    if (share === undefined || member === undefined || device.role === 'number') return;
    const isAnswered = member.answeredAt !== undefined;
    const end = endCauseOf({
      event,
      // Whoever hears a busy tone hangs up in the normal way.
      cause: isAnswered ? cause : (call.failure ?? cause),
      direction: share.direction,
      isAnswered,
      isAnsweredElsewhere: [...call.members.values()].some(
        ({ key, state }) =>
          key !== device.key && !this.isCaller(call, key) && (state === 'connected' || state === 'hold'),
      ),
    });
    if (end !== undefined)
      this.noteGone(device.userId, { place: device.role, platformCall: share.name, cause: end });
  }

  noteGone(userId: UserId, gone: Gone): void {
    const all = this.#gone.get(userId) ?? [];
    if (all.some(({ place, platformCall }) => place === gone.place && platformCall === gone.platformCall))
      return;
    this.#gone.set(userId, [...all, gone]);
  }

  /** Told once. */
  takeGone(userId: UserId): readonly Gone[] {
    const gone = this.#gone.get(userId) ?? [];
    this.#gone.delete(userId);
    return gone;
  }

  /** A user has a part in the call as long as one of their places is in it; the call lives as long as somebody has. */
  settle(call: TrackedCall, userId: UserId): void {
    const isStillThere = [...call.members.values()].some(
      (member) => this.isOf(userId, member.key) || this.elsewhere(call, userId, member) !== undefined,
    );
    if (isStillThere) return;
    call.shares.delete(userId);
    if (call.shares.size === 0) this.calls.delete(call.id);
  }

  #share(call: TrackedCall, device: WatchedDevice, state: MemberState): void {
    if (call.shares.has(device.userId)) return;
    const caller = callingKey(call);
    const isOwn = caller === undefined ? state === 'initiated' : this.isOf(device.userId, caller);
    call.shares.set(device.userId, {
      name: this.#freeName(device.userId, call.id),
      direction: isOwn ? 'outgoing' : 'incoming',
    });
  }

  /** After a transfer an older call may go by this name still. */
  #freeName(userId: UserId, id: CallId): string {
    const isTaken = [...this.calls.values()].some(({ shares }) => shares.get(userId)?.name === id);
    return isTaken ? `${id}.2` : id;
  }

  isOf(userId: UserId, key: DeviceKey): boolean {
    return this.roster.devices.get(key)?.userId === userId;
  }

  isSlot(userId: UserId, key: DeviceKey): boolean {
    return this.#whereabouts(userId, key) === 'slot';
  }

  /** A place of the user besides their monitored devices. Whoever calls from their mobile is the other side. */
  elsewhere(
    call: TrackedCall,
    userId: UserId,
    { key, parkedBy }: Member,
  ): Exclude<DevicePlace, 'line' | 'desk_phone'> | undefined {
    if (parkedBy !== undefined) return parkedBy === userId ? 'parked' : undefined;
    if (key === callingKey(call)) return undefined;
    const place = this.#whereabouts(userId, key);
    // A mailbox that somebody has called, and then transferred to the user, is the other side.
    if (place === 'voicemail' && call.called !== undefined && key === deviceKey(call.called))
      return undefined;
    // Whoever has called somebody and ends at the mailbox is at the other's: they may share its number.
    const isMine = place === 'alternative' || call.shares.get(userId)?.direction === 'incoming';
    return place === 'slot' || !isMine ? undefined : place;
  }

  /** Calls from a user's line show the number of their main one. */
  isCaller(call: TrackedCall, key: DeviceKey): boolean {
    const caller = callingKey(call);
    const userId = caller === undefined ? undefined : this.roster.devices.get(caller)?.userId;
    return key === caller || (userId !== undefined && this.isOf(userId, key));
  }

  /** Whoever talks to somebody who talks has been answered. */
  markAnswered(call: TrackedCall, now: number): void {
    const talking = [...call.members.values()].filter(
      ({ state }) => state === 'connected' || state === 'hold',
    );
    const isAnswered =
      talking.length > 1 ||
      (call.calling !== undefined && talking.some(({ key }) => !this.isCaller(call, key)));
    if (!isAnswered) return;
    for (const member of talking) {
      if (member.answeredAt === undefined) call.members.set(member.key, { ...member, answeredAt: now });
    }
  }

  /** A user's monitored devices in the call. */
  ownMembers(call: TrackedCall, userId: UserId): Member[] {
    return [...call.members.values()].filter(({ key }) => this.isOf(userId, key));
  }
}

export const callingKey = (call: TrackedCall): DeviceKey | undefined =>
  call.calling === undefined ? undefined : deviceKey(call.calling);

export function memberOf(
  call: CallId,
  key: DeviceKey,
  id: DeviceId,
  state: MemberState,
  now: number,
  connection: ConnectionId = { callID: call, deviceID: id },
): Member {
  return {
    key,
    connection,
    state,
    id,
    since: now,
    answeredAt: undefined,
    services: undefined,
    sipCallId: undefined,
    parkedBy: undefined,
  };
}
