import type { DeviceConnection, DevicePlace, DeviceReport, DeviceState } from '@offhook/call-model';
import { Limits, type Party, type UserId } from '@offhook/contract';
import type { DeviceId } from '@offhook/csta';
import { deviceKey, shownName, shownNumber } from '../numbers.ts';
import type { CallBook } from './book.ts';
import type { Member, Share, TrackedCall } from './model.ts';
import { permittedServices } from './permitted.ts';

/** All that the platform shows of one user's calls: the whole truth, every time. Takes the causes of what is gone. */
export function reportOf(book: CallBook, userId: UserId): DeviceReport {
  const connections: DeviceConnection[] = [];
  for (const call of book.calls.values()) {
    const share = call.shares.get(userId);
    if (share === undefined || !call.isKnown) continue;
    for (const member of call.members.values()) {
      const place = placeOf(book, call, userId, member);
      const state = place === undefined ? undefined : stateOf(book, call, userId, share, member);
      if (place !== undefined && state !== undefined) {
        connections.push(connectionOf(book, call, userId, share, member, place, state));
      }
    }
  }
  const gone = book
    .takeGone(userId)
    .filter(
      ({ place, platformCall }) =>
        !connections.some((one) => one.place === place && one.platformCall === platformCall),
    );
  return { connections, ...(gone.length === 0 ? {} : { gone }) };
}

/**
 * Another device counts as a place of the user only while none of their own is in the conversation: otherwise the user is calling
 * their own mobile, or the mailbox.
 */
function placeOf(book: CallBook, call: TrackedCall, userId: UserId, member: Member): DevicePlace | undefined {
  const device = book.roster.devices.get(member.key);
  if (device?.userId === userId) return ownPlace(device.role, member);
  const place = book.elsewhere(call, userId, member);
  if (place === undefined) return undefined;
  const isInside = book
    .ownMembers(call, userId)
    .some(({ state }) => state === 'connected' || state === 'hold' || state === 'initiated');
  return isInside ? undefined : place;
}

function ownPlace(role: 'line' | 'desk_phone' | 'number', member: Member): DevicePlace | undefined {
  if (role === 'number') return undefined;
  return member.parkedBy === undefined ? role : 'parked';
}

/** `undefined`: nothing that a person could see, a busy tone or a queue. */
function stateOf(
  book: CallBook,
  call: TrackedCall,
  userId: UserId,
  share: Share,
  member: Member,
): DeviceState | undefined {
  if (member.parkedBy !== undefined) return member.state === 'fail' ? undefined : 'held';
  switch (member.state) {
    case 'initiated':
      return call.called === undefined ? undefined : 'calling';
    case 'alerting':
      return 'alerting';
    case 'hold':
      return 'held';
    case 'queued':
    case 'fail':
      return undefined;
    case 'connected': {
      if (share.direction === 'incoming' || member.answeredAt !== undefined) return 'connected';
      const others = othersOf(book, call, userId);
      if (others.some(({ state }) => state === 'connected' || state === 'hold')) return 'connected';
      return others.some(({ state }) => state === 'alerting' || state === 'queued')
        ? 'ringing_out'
        : 'calling';
    }
  }
}

function othersOf(book: CallBook, call: TrackedCall, userId: UserId): Member[] {
  return [...call.members.values()].filter(
    (member) => !book.isOf(userId, member.key) && book.elsewhere(call, userId, member) === undefined,
  );
}

function connectionOf(
  book: CallBook,
  call: TrackedCall,
  userId: UserId,
  share: Share,
  member: Member,
  place: DevicePlace,
  state: DeviceState,
): DeviceConnection {
  const others = othersOf(book, call, userId).filter(({ state }) => state !== 'fail');
  const talking = others.filter(({ state }) => state === 'connected' || state === 'hold');
  const { redirecting } = call;
  const permitted = permittedServices(member.services);
  const [only] = talking;
  return {
    place,
    platformCall: share.name,
    state,
    direction: share.direction,
    remote: remoteOf(book, call, share, member, others, talking),
    since: member.since,
    ...(member.answeredAt === undefined ? {} : { answeredAt: member.answeredAt }),
    ...(talking.length === 1 && only?.state === 'hold' && state === 'connected'
      ? { heldByRemote: true }
      : {}),
    ...(talking.length > 1
      ? { members: talking.slice(0, Limits.conferenceMembers).map(({ id }) => partyOf(book, id)) }
      : {}),
    ...(redirecting === undefined || book.isOf(userId, deviceKey(redirecting))
      ? {}
      : { divertedBy: partyOf(book, redirecting) }),
    ...(permitted === undefined ? {} : { permitted }),
    ...(member.sipCallId === undefined ? {} : { sipCallId: member.sipCallId }),
    ...(place === 'parked' ? { number: shownNumber(member.id).slice(0, Limits.targetChars) } : {}),
  };
}

/** Who talks; in a call that was answered whoever is left; else who calls, or who is called. */
function remoteOf(
  book: CallBook,
  call: TrackedCall,
  share: Share,
  { answeredAt }: Member,
  others: readonly Member[],
  talking: readonly Member[],
): Party {
  const left = answeredAt === undefined ? talking : others.filter(({ state }) => state !== 'queued');
  const [only, ...more] = talking.length === 1 ? talking : left;
  if (only !== undefined && more.length === 0) return partyOf(book, only.id);
  const named = share.direction === 'incoming' ? call.calling : call.called;
  return named === undefined ? { number: '' } : partyOf(book, named);
}

export function partyOf(book: CallBook, id: DeviceId): Party {
  const known = book.roster.partyOf(deviceKey(id));
  if (known !== undefined) return known;
  const name = shownName(id);
  return {
    number: shownNumber(id).slice(0, Limits.targetChars),
    ...(name === undefined ? {} : { name }),
  };
}
