import type { Content } from '../schema/shape.ts';
import { oneOf, text } from '../schema/kinds.ts';
import { group, list, optional, required } from '../schema/shape.ts';
import { callId, deviceId } from './identifiers.ts';

/**
 * A connection: one device's part in one call (ECMA-269 clause 6). The standard permits either half alone; a connection without a
 * call says nothing that we could use, so the call has to be there.
 */
const connectionShape = { callID: required(callId), deviceID: optional(deviceId) };

export type ConnectionId = Content<typeof connectionShape>;

export const connectionId = group(connectionShape);

/** ECMA-269 clause 6; the words are those of ECMA-323. `fail` is Failed. */
export const LOCAL_CONNECTION_STATES = [
  'null',
  'initiated',
  'alerting',
  'connected',
  'hold',
  'queued',
  'fail',
] as const;

export type LocalConnectionState = (typeof LOCAL_CONNECTION_STATES)[number];

export const localConnectionState = oneOf(LOCAL_CONNECTION_STATES);

/** What became of one connection in a transfer or a conference (ConnectionList of ECMA-269). */
const connectionListItem = group({
  newConnection: optional(connectionId),
  oldConnection: optional(connectionId),
  endpoint: optional(group({ deviceID: optional(deviceId) })),
  resultingConnectionInfo: optional(localConnectionState),
});

export const connectionList = (name: string) => list([name], 'connectionListItem', connectionListItem);

/** Correlator and user data: text, mostly hexadecimal, in `<string>`. */
export const stringData = group({ string: optional(text) });
