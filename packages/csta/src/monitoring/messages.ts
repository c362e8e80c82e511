import { oneOf, text } from '../schema/kinds.ts';
import { group, list, optional, required } from '../schema/shape.ts';
import { connectionId, localConnectionState, stringData } from '../values/connections.ts';
import { deviceId, monitorCrossRefId } from '../values/identifiers.ts';
import { party } from '../values/parties.ts';
import { servicesPermitted } from '../values/services-permitted.ts';

/** Monitoring (ECMA-269 clause 15) and snapshots (clause 16). */
export const monitoringRequests = {
  MonitorStart: {
    monitorObject: required(group({ deviceObject: optional(deviceId), callObject: optional(connectionId) })),
    monitorType: optional(oneOf(['call', 'device'])),
  },
  /** Also sent by the switching function, when it ends a monitor by itself. */
  MonitorStop: { monitorCrossRefID: required(monitorCrossRefId), cause: optional(text) },
  SnapshotDevice: { snapshotObject: required(deviceId) },
  SnapshotCall: { snapshotObject: required(connectionId) },
} as const;

const snapshotPath = ['crossRefIDorSnapshotData', 'snapshotData'] as const;

export const monitoringResponses = {
  MonitorStartResponse: { monitorCrossRefID: required(monitorCrossRefId) },
  MonitorStopResponse: {},
  SnapshotDeviceResponse: {
    snapshotData: list(
      snapshotPath,
      'snapshotDeviceResponseInfo',
      group({
        connectionIdentifier: required(connectionId),
        endpointDevice: optional(party),
        /** A choice: the states of all connections, the device's own first, or one word, or `unknown`. */
        localCallState: optional(
          group({
            compoundCallState: list(['compoundCallState'], 'localConnectionState', localConnectionState),
            simpleCallDetailedState: optional(text),
          }),
        ),
        servicesPermitted: optional(servicesPermitted),
      }),
    ),
  },
  SnapshotCallResponse: {
    callingDevice: optional(party),
    calledDevice: optional(party),
    correlatorData: optional(stringData),
    snapshotData: list(
      snapshotPath,
      'snapshotCallResponseInfo',
      group({
        deviceOnCall: required(party),
        callIdentifier: optional(connectionId),
        localConnectionInfo: optional(localConnectionState),
        servicesPermitted: optional(servicesPermitted),
      }),
    ),
  },
} as const;
