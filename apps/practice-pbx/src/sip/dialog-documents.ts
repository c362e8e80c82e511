import type { DialogEntry, DialogState } from '@offhook/sip';
import type { Person } from '../person.ts';
import type { Call, Connection } from '../switch/call.ts';
import { holds } from '../switch/hearing.ts';
import type { Leg } from '../switch/leg.ts';
import type { DeviceId } from '../switch/api.ts';
import type { LegDialogs } from './dialogs.ts';
import { addressOf } from './numbers.ts';

/**
 * The dialogs of some lines as those who watch them see them (RFC 4235 section 4): seen from the device, so that `local-tag` is the
 * device's and `remote-tag` ours. Whoever wants to take a call over sends us an INVITE with Replaces of just these.
 */
export function dialogEntries(
  calls: Iterable<Call>,
  devices: ReadonlySet<DeviceId>,
  dialogs: LegDialogs,
  host: string,
): readonly DialogEntry[] {
  const entries: DialogEntry[] = [];
  for (const { connections } of calls) {
    for (const connection of connections) {
      if (!devices.has(connection.device)) continue;
      const legs = connection.leg === undefined ? [...connection.ringing] : [connection.leg];
      entries.push(...legs.map((leg) => entry(connection, leg, dialogs, host)));
    }
  }
  return entries;
}

function entry(connection: Connection, leg: Leg, dialogs: LegDialogs, host: string): DialogEntry {
  const dialog = dialogs.of(leg.id);
  const peer = leg.shown ?? otherPerson(connection);
  const holding = holds(connection);
  return {
    id: `leg-${leg.id}`,
    ...(dialog !== undefined && {
      callId: dialog.callId,
      direction: dialog.isIncoming ? 'initiator' : 'recipient',
      ...(dialog.remoteTag !== undefined && { localTag: dialog.remoteTag }),
      ...(dialog.localTag !== undefined && { remoteTag: dialog.localTag }),
    }),
    ...(dialog === undefined && { direction: 'recipient' as const }),
    state: stateOf(connection, leg),
    local: {
      identity: identityOf(connection.person, host),
      target: {
        // Section 4.1.6.2: the device's own Contact, by which it knows itself among others of the number.
        uri: dialog?.target ?? addressOf(connection.device, host),
        params: new Map(holding ? [['+sip.rendering', 'no']] : []),
      },
    },
    ...(peer !== undefined && { remote: { identity: identityOf(peer, host) } }),
  };
}

function stateOf(connection: Connection, leg: Leg): DialogState {
  if (leg.isAnswered) return 'confirmed';
  if (connection.state === 'alerting') return 'early';
  return connection.leg === leg && connection.state === 'connected' ? 'proceeding' : 'trying';
}

function otherPerson(connection: Connection): Person | undefined {
  const [other] = [...connection.call.connections].filter((each) => each !== connection);
  return other?.person;
}

function identityOf(person: Person, host: string): { readonly uri: string; readonly displayName?: string } {
  const uri = addressOf(person.number, host);
  return person.name === undefined ? { uri } : { uri, displayName: person.name };
}
