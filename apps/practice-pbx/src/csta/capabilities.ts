import type { CstaEvent, CstaRequestName, MessageNamed } from '@offhook/csta';
import type { DeviceId, DeviceKind } from '../switch/api.ts';
import type { ServiceContext } from './context.ts';
import type { Personality } from './personalities/personality.ts';
import { CALL_CONTROL } from './service-names.ts';

/* What a client can find out before it asks (ECMA-269 clause 13). */

const lowerFirst = (name: string): string => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;

/** The words of capability lists are those of `servicesPermitted` where that has one. */
const WORDS: Partial<Record<CstaRequestName, string>> = {
  SingleStepTransferCall: 'singleStepTransfer',
  SingleStepConferenceCall: 'singleStepConference',
  CallBackCallRelated: 'callBack',
};

const LOGICAL = [
  'SetForwarding',
  'GetForwarding',
  'SetDoNotDisturb',
  'GetDoNotDisturb',
  'SetAgentState',
  'GetAgentState',
  'CallBackNonCallRelated',
  'CancelCallBack',
] as const satisfies readonly CstaRequestName[];

export function capabilities({
  manufacturer,
  platform,
  services,
}: Personality): MessageNamed<'GetSwitchingFunctionCapabilitiesResponse'> {
  const offered = (names: readonly CstaRequestName[]): readonly string[] =>
    names.filter((name) => services.includes(name)).map((name) => WORDS[name] ?? lowerFirst(name));
  const has = (name: CstaRequestName): boolean => services.includes(name);
  return {
    name: 'GetSwitchingFunctionCapabilitiesResponse',
    switchingSubDomainName: platform,
    manufacturerName: manufacturer,
    systemStatServList: offered([
      'SystemRegister',
      'SystemRegisterCancel',
      'SystemStatus',
      'RequestSystemStatus',
    ]),
    monitoringServList: offered(['MonitorStart', 'MonitorStop']),
    snapshotServList: offered(['SnapshotDevice', 'SnapshotCall']),
    callControlServList: offered(CALL_CONTROL),
    callControlEvtList: [
      'serviceInitiated',
      'originated',
      'delivered',
      'established',
      'held',
      'retrieved',
      'queued',
      'failed',
      'diverted',
      'connectionCleared',
      'transferred',
      'conferenced',
    ],
    callAssociatedServList: offered(['GenerateDigits']),
    callAssociatedEvtList: ['digitsGenerated'],
    physDevServList: offered(['SetMessageWaitingIndicator', 'GetMessageWaitingIndicator']),
    physDevEvtList: has('GetMessageWaitingIndicator') ? ['messageWaiting'] : [],
    logicalServList: offered(LOGICAL),
    logicalEvtList: [
      ...(has('GetForwarding') ? ['forwarding'] : []),
      ...(has('GetDoNotDisturb') ? ['doNotDisturb'] : []),
      ...(has('GetAgentState') ? ['agentReady', 'agentNotReady'] : []),
      ...(has('CallBackNonCallRelated') ? ['callBack'] : []),
    ],
    deviceMaintEvtList: ['backInService', 'outOfService'],
  };
}

/** Devices in one message: as many as surely fit into a frame. */
const PER_SEGMENT = 100;

const CATEGORIES: Readonly<Record<DeviceKind, string>> = {
  extension: 'station',
  line: 'station',
  outside: 'networkInterface',
  service: 'acd',
};

/** The segments that follow the answer to GetSwitchingFunctionDevices; at least one, whatever there is. */
export function deviceSegments(
  serviceCrossRefID: string,
  wanted: DeviceId | undefined,
  { api, naming }: ServiceContext,
): readonly CstaEvent[] {
  const devices = api
    .devices()
    .filter(({ id }) => wanted === undefined || id === wanted)
    .map(({ id, kind }) => ({ deviceID: naming.device(id), deviceCategory: CATEGORIES[kind] }));
  const count = Math.max(1, Math.ceil(devices.length / PER_SEGMENT));
  return Array.from({ length: count }, (_, at) => ({
    name: 'SwitchingFunctionDevices' as const,
    serviceCrossRefID,
    segmentID: at,
    lastSegment: at === count - 1,
    devices: devices.slice(at * PER_SEGMENT, (at + 1) * PER_SEGMENT),
  }));
}
