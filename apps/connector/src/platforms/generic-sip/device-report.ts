import type { DeviceConnection, DeviceReport, DeviceState } from '@offhook/call-model';
import type { EndCause, Party } from '@offhook/contract';
import type { DialogEntry } from '@offhook/sip';
import { shownParty } from '../../calls/party.ts';

/** When a dialog was first seen, and first seen answered; milliseconds since the epoch. */
export interface Seen {
  readonly since: number;
  readonly answeredAt: number | undefined;
  /** The call at the user's own line whose other side this dialog is: from then on it goes by that one's name. */
  readonly otherSideOf?: string;
}

/**
 * One call of the number as dialog-info (RFC 4235) tells it. Its Call-ID names it, where there is one: an id of the document
 * means nothing outside it, and behind a proxy several devices have the same.
 */
export const callOf = (dialog: DialogEntry): string => dialog.callId ?? dialog.id;

/** How the call of a dialog is named in reports. */
export const nameOf = (dialog: DialogEntry, seen: ReadonlyMap<string, Seen>): string =>
  seen.get(callOf(dialog))?.otherSideOf ?? callOf(dialog);

/**
 * Of the user's answered dialogs that lead to the user's own number: those at another device, each with the one at the own line that is
 * the other side of it. The PBX shows two dialogs; to the user it is one call between their own devices.
 */
export function pairsOf(
  dialogs: readonly DialogEntry[],
  isOwn: (dialog: DialogEntry) => boolean,
  isOwnNumber: (number: string) => boolean,
): readonly (readonly [desk: DialogEntry, line: DialogEntry])[] {
  const inside = dialogs.filter(
    (dialog) => dialog.state === 'confirmed' && isOwnNumber(remoteOf(dialog).number),
  );
  const lines = inside.filter(isOwn);
  return inside
    .filter((dialog) => !isOwn(dialog))
    .flatMap((desk, index) => {
      const line = lines[index];
      return line === undefined ? [] : [[desk, line] as const];
    });
}

function remoteOf({ remote }: DialogEntry): Party {
  const { identity, target } = remote ?? {};
  return shownParty(identity?.uri ?? target?.uri ?? '', identity?.displayName) ?? { number: '' };
}

/** RFC 4235 section 3.7.1 in the words of the call model. */
export function stateOf(dialog: DialogEntry): DeviceState | undefined {
  const isCaller = dialog.direction === 'initiator';
  switch (dialog.state) {
    case 'trying':
    case 'proceeding':
      return isCaller ? 'calling' : 'alerting';
    case 'early':
      return isCaller ? 'ringing_out' : 'alerting';
    case 'confirmed':
      // Section 4.1.6.2: the device renders nothing.
      return dialog.local?.target?.params.get('+sip.rendering')?.toLowerCase() === 'no'
        ? 'held'
        : 'connected';
    case 'terminated':
      return undefined;
  }
}

/** Of several dialogs of one call the one that is furthest counts. */
const RANK: Readonly<Record<DeviceState, number>> = {
  alerting: 0,
  calling: 1,
  ringing_out: 2,
  held: 3,
  connected: 4,
};

/** All dialogs of the number, as connections of the user: those of the connector's own legs are at its line. */
export function reportOf(
  dialogs: readonly DialogEntry[],
  seen: ReadonlyMap<string, Seen>,
  isOwn: (dialog: DialogEntry) => boolean,
  now: number,
): DeviceReport['connections'] {
  const byCall = new Map<string, DeviceConnection>();
  for (const dialog of dialogs) {
    const connection = connectionOf(dialog, seen.get(callOf(dialog)), isOwn(dialog), now);
    if (connection === undefined) continue;
    const key = `${connection.place} ${connection.platformCall}`;
    const other = byCall.get(key);
    if (other === undefined || RANK[other.state] < RANK[connection.state]) byCall.set(key, connection);
  }
  return [...byCall.values()];
}

function connectionOf(
  dialog: DialogEntry,
  seen: Seen | undefined,
  own: boolean,
  now: number,
): DeviceConnection | undefined {
  const state = stateOf(dialog);
  if (state === undefined) return undefined;
  const divertedBy =
    dialog.referredBy === undefined
      ? undefined
      : shownParty(dialog.referredBy.uri, dialog.referredBy.displayName);
  return {
    place: own ? 'line' : 'desk_phone',
    platformCall: seen?.otherSideOf ?? callOf(dialog),
    state,
    direction: dialog.direction === 'initiator' ? 'outgoing' : 'incoming',
    remote: remoteOf(dialog),
    since: seen?.since ?? now,
    ...(seen?.answeredAt === undefined ? {} : { answeredAt: seen.answeredAt }),
    ...(divertedBy === undefined ? {} : { divertedBy }),
    ...(dialog.callId === undefined ? {} : { sipCallId: dialog.callId }),
    ...(seen?.otherSideOf === undefined ? {} : { formerly: [callOf(dialog)] }),
  };
}

/** Why a dialog is over, where the document says (RFC 4235 section 4.1.2). */
export function causeOf({ event, direction }: DialogEntry): EndCause | undefined {
  if (event === undefined) return undefined;
  switch (event) {
    case 'cancelled':
      return 'cancelled';
    case 'rejected':
      return direction === 'initiator' ? 'rejected' : 'declined';
    case 'local-bye':
    case 'remote-bye':
      return 'completed';
    case 'timeout':
      return 'no_answer';
    case 'replaced':
    case 'error':
      return undefined;
  }
}
