import type { DeviceConnection, DeviceReport, DeviceState } from '@offhook/call-model';
import type { EndCause } from '@offhook/contract';
import type { DialogEntry } from '@offhook/sip';
import { shownParty } from '../../calls/party.ts';

/** When a dialog was first seen, and first seen answered; milliseconds since the epoch. */
export interface Seen {
  readonly since: number;
  readonly answeredAt: number | undefined;
}

/**
 * One call of the number as dialog-info (RFC 4235) tells it. Its Call-ID names it, where there is one: an id of the document
 * means nothing outside it, and behind a proxy several devices have the same.
 */
export const callOf = (dialog: DialogEntry): string => dialog.callId ?? dialog.id;

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
  const { identity, target } = dialog.remote ?? {};
  const remote = shownParty(identity?.uri ?? target?.uri ?? '', identity?.displayName) ?? { number: '' };
  const divertedBy =
    dialog.referredBy === undefined
      ? undefined
      : shownParty(dialog.referredBy.uri, dialog.referredBy.displayName);
  return {
    place: own ? 'line' : 'desk_phone',
    platformCall: callOf(dialog),
    state,
    direction: dialog.direction === 'initiator' ? 'outgoing' : 'incoming',
    remote,
    since: seen?.since ?? now,
    ...(seen?.answeredAt === undefined ? {} : { answeredAt: seen.answeredAt }),
    ...(divertedBy === undefined ? {} : { divertedBy }),
    ...(dialog.callId === undefined ? {} : { sipCallId: dialog.callId }),
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
