import { elementNames, flag, flags, integer, oneOf, text } from '../schema/kinds.ts';
import { group, list, optional, required } from '../schema/shape.ts';
import { deviceId } from '../values/identifiers.ts';

/** System services (ECMA-269 clause 14) and what can be asked of the switching function (clause 13). */

/** The words of ECMA-269; how the system fares. */
export const SYSTEM_STATUSES = [
  'initializing',
  'enabled',
  'normal',
  'messageLost',
  'disabled',
  'partiallyDisabled',
  'overloadImminent',
  'overloadReached',
  'overloadRelieved',
] as const;

export type SystemStatusValue = (typeof SYSTEM_STATUSES)[number];

const systemStatus = oneOf(SYSTEM_STATUSES);

export const systemRequests = {
  SystemRegister: {
    requestTypes: optional(
      flags([
        'systemStatus',
        'requestSystemStatus',
        'switchingFunctionCapsChanged',
        'switchingFunctionDevicesChanged',
      ]),
    ),
    requestedStatusFilter: optional(flags(SYSTEM_STATUSES)),
  },
  SystemRegisterCancel: { sysStatRegisterID: required(text) },
  /** In both directions: how each side shows that it lives. An empty one has been seen. */
  SystemStatus: { sysStatRegisterID: optional(text), systemStatus: optional(systemStatus) },
  RequestSystemStatus: { sysStatRegisterID: optional(text) },
  GetSwitchingFunctionCapabilities: {},
  GetSwitchingFunctionDevices: {
    requestedDeviceID: optional(deviceId),
    requestedDeviceCategory: optional(text),
  },
} as const;

export const systemResponses = {
  SystemRegisterResponse: {
    sysStatRegisterID: optional(text),
    actualStatusFilter: optional(flags(SYSTEM_STATUSES)),
  },
  SystemRegisterCancelResponse: {},
  SystemStatusResponse: {},
  RequestSystemStatusResponse: { systemStatus: optional(systemStatus) },
  /** Of the many groups those that a client decides by; the element names of ECMA-323 are inferred from ECMA-285. */
  GetSwitchingFunctionCapabilitiesResponse: {
    switchingSubDomainName: optional(text),
    manufacturerName: optional(text),
    systemStatServList: optional(elementNames),
    monitoringServList: optional(elementNames),
    snapshotServList: optional(elementNames),
    callControlServList: optional(elementNames),
    callControlEvtList: optional(elementNames),
    callAssociatedServList: optional(elementNames),
    callAssociatedEvtList: optional(elementNames),
    physDevServList: optional(elementNames),
    physDevEvtList: optional(elementNames),
    logicalServList: optional(elementNames),
    logicalEvtList: optional(elementNames),
    deviceMaintEvtList: optional(elementNames),
  },
  /** The devices follow in one or more `SwitchingFunctionDevices` with the same reference. */
  GetSwitchingFunctionDevicesResponse: { serviceCrossRefID: required(text) },
} as const;

export const systemEvents = {
  SwitchingFunctionDevices: {
    serviceCrossRefID: required(text),
    segmentID: optional(integer),
    lastSegment: required(flag),
    devices: list(
      ['deviceList'],
      'device',
      group({
        deviceID: required(deviceId),
        deviceCategory: optional(text),
        namedDeviceTypes: optional(text),
      }),
    ),
  },
} as const;
