import { AGENT_STATES, FORWARDING_TYPES, REQUESTED_AGENT_STATES } from '../device-features/messages.ts';
import type { CstaMessage, CstaMessageName, MessageNamed } from '../codec/messages.ts';
import { namespaceOf, EDITIONS } from '../schema/namespaces.ts';
import { SYSTEM_STATUSES } from '../session/system.ts';
import { EVENT_CAUSES } from '../values/causes.ts';
import { ERROR_CODES } from '../values/errors.ts';
import type { Entropy } from './entropy.ts';
import { Values } from './values.ts';

type Body<N extends CstaMessageName> = Omit<MessageNamed<N>, 'name' | 'privateData'>;
/** One maker for each message there is: a new message without one does not compile. */
type Makers = { readonly [N in CstaMessageName]: (v: Values) => Body<N> };

const nothing = (): object => ({});
const device = (v: Values) => ({ device: v.deviceId() });
const refusal = (v: Values) => ({
  errorCode: v.maybe(() => ({ definedError: v.maybe(() => v.word()), applError: v.maybe(() => v.text()) })),
});
const twoCalls = (v: Values) => ({ heldCall: v.connection(), activeCall: v.connection() });
const connections = (v: Values) =>
  v.many(() => ({
    newConnection: v.maybe(() => v.connection()),
    oldConnection: v.maybe(() => v.connection()),
    endpoint: v.maybe(() => ({ deviceID: v.maybe(() => v.deviceId()) })),
    resultingConnectionInfo: v.maybe(() => v.state()),
  }));
const monitor = (v: Values) => ({ monitorCrossRefID: v.monitorId() });
const cause = (v: Values) => v.entropy.pick(EVENT_CAUSES);
const merged = (v: Values) => ({
  localConnectionInfo: v.maybe(() => v.state()),
  correlatorData: v.maybe(() => v.stringData()),
  userData: v.maybe(() => v.stringData()),
  cause: v.maybe(() => cause(v)),
  servicesPermitted: v.maybe(() => v.services()),
});
const rest = (v: Values) => ({
  ...monitor(v),
  ...merged(v),
  networkCallingDevice: v.maybe(() => v.party()),
  networkCalledDevice: v.maybe(() => v.party()),
  associatedCallingDevice: v.maybe(() => v.party()),
  associatedCalledDevice: v.maybe(() => v.party()),
});
const parties = (v: Values) => ({
  callingDevice: v.maybe(() => v.party()),
  calledDevice: v.maybe(() => v.party()),
  lastRedirectionDevice: v.maybe(() => v.party()),
});
const agent = (v: Values) => ({
  ...monitor(v),
  agentDevice: v.party(),
  agentID: v.maybe(() => v.word()),
  acdGroup: v.maybe(() => v.deviceId()),
  cause: v.maybe(() => cause(v)),
});
const service = (v: Values) => ({ ...monitor(v), device: v.party(), cause: v.maybe(() => cause(v)) });
const names = (v: Values) => v.maybe(() => v.many(() => v.word()));

const makers: Makers = {
  StartApplicationSession: (v) => ({
    applicationInfo: {
      applicationID: v.text(),
      applicationSpecificInfo: v.maybe(() => ({
        user: v.maybe(() => v.text()),
        password: v.maybe(() => v.text()),
      })),
    },
    protocolVersions: [namespaceOf(v.entropy.pick(EDITIONS))],
    requestedSessionDuration: v.maybe(() => v.integer()),
  }),
  StartApplicationSessionPosResponse: (v) => ({
    sessionID: v.word(),
    actualProtocolVersion: v.maybe(() => namespaceOf(v.entropy.pick(EDITIONS))),
    actualSessionDuration: v.maybe(() => v.integer()),
    actualHBT: v.maybe(() => v.integer()),
  }),
  StartApplicationSessionNegResponse: refusal,
  StopApplicationSession: (v) => ({
    sessionID: v.word(),
    sessionEndReason: v.maybe(() => ({ appEndReason: v.maybe(() => v.text()) })),
  }),
  StopApplicationSessionPosResponse: nothing,
  StopApplicationSessionNegResponse: refusal,
  ResetApplicationSessionTimer: (v) => ({
    sessionID: v.word(),
    requestedSessionDuration: v.maybe(() => v.integer()),
  }),
  ResetApplicationSessionTimerPosResponse: (v) => ({ actualSessionDuration: v.maybe(() => v.integer()) }),
  ResetApplicationSessionTimerNegResponse: refusal,
  ApplicationSessionTerminated: (v) => ({
    sessionID: v.maybe(() => v.word()),
    sessionTermReason: v.maybe(() => ({ definedTermReason: v.maybe(() => v.word()) })),
  }),
  SystemRegister: (v) => ({
    requestTypes: v.maybe(() => v.some(['systemStatus', 'requestSystemStatus'] as const)),
    requestedStatusFilter: v.maybe(() => v.some(SYSTEM_STATUSES)),
  }),
  SystemRegisterResponse: (v) => ({
    sysStatRegisterID: v.maybe(() => v.word()),
    actualStatusFilter: v.maybe(() => v.some(SYSTEM_STATUSES)),
  }),
  SystemRegisterCancel: (v) => ({ sysStatRegisterID: v.word() }),
  SystemRegisterCancelResponse: nothing,
  SystemStatus: (v) => ({
    sysStatRegisterID: v.maybe(() => v.word()),
    systemStatus: v.maybe(() => v.entropy.pick(SYSTEM_STATUSES)),
  }),
  SystemStatusResponse: nothing,
  RequestSystemStatus: (v) => ({ sysStatRegisterID: v.maybe(() => v.word()) }),
  RequestSystemStatusResponse: (v) => ({ systemStatus: v.maybe(() => v.entropy.pick(SYSTEM_STATUSES)) }),
  GetSwitchingFunctionCapabilities: nothing,
  GetSwitchingFunctionCapabilitiesResponse: (v) => ({
    switchingSubDomainName: v.maybe(() => v.text()),
    manufacturerName: v.maybe(() => v.text()),
    systemStatServList: names(v),
    monitoringServList: names(v),
    snapshotServList: names(v),
    callControlServList: names(v),
    callControlEvtList: names(v),
    callAssociatedServList: names(v),
    callAssociatedEvtList: names(v),
    physDevServList: names(v),
    physDevEvtList: names(v),
    logicalServList: names(v),
    logicalEvtList: names(v),
    deviceMaintEvtList: names(v),
  }),
  GetSwitchingFunctionDevices: (v) => ({
    requestedDeviceID: v.maybe(() => v.deviceId()),
    requestedDeviceCategory: v.maybe(() => v.word()),
  }),
  GetSwitchingFunctionDevicesResponse: (v) => ({ serviceCrossRefID: v.word() }),
  SwitchingFunctionDevices: (v) => ({
    serviceCrossRefID: v.word(),
    segmentID: v.maybe(() => v.integer()),
    lastSegment: v.flag(),
    devices: v.maybe(() =>
      v.many(() => ({ deviceID: v.deviceId(), deviceCategory: v.maybe(() => v.word()) })),
    ),
  }),
  MonitorStart: (v) => ({
    monitorObject: { deviceObject: v.maybe(() => v.deviceId()), callObject: v.maybe(() => v.connection()) },
    monitorType: v.maybe(() => v.entropy.pick(['call', 'device'] as const)),
  }),
  MonitorStartResponse: monitor,
  MonitorStop: (v) => ({ ...monitor(v), cause: v.maybe(() => cause(v)) }),
  MonitorStopResponse: nothing,
  SnapshotDevice: (v) => ({ snapshotObject: v.deviceId() }),
  SnapshotDeviceResponse: (v) => ({
    snapshotData: v.maybe(() =>
      v.many(() => ({
        connectionIdentifier: v.connection(),
        endpointDevice: v.maybe(() => v.party()),
        localCallState: v.maybe(() => ({
          compoundCallState: v.maybe(() => v.many(() => v.state())),
          simpleCallDetailedState: v.maybe(() => v.word()),
        })),
        servicesPermitted: v.maybe(() => v.services()),
      })),
    ),
  }),
  SnapshotCall: (v) => ({ snapshotObject: v.connection() }),
  SnapshotCallResponse: (v) => ({
    callingDevice: v.maybe(() => v.party()),
    calledDevice: v.maybe(() => v.party()),
    correlatorData: v.maybe(() => v.stringData()),
    snapshotData: v.maybe(() =>
      v.many(() => ({
        deviceOnCall: v.party(),
        callIdentifier: v.maybe(() => v.connection()),
        localConnectionInfo: v.maybe(() => v.state()),
        servicesPermitted: v.maybe(() => v.services()),
      })),
    ),
  }),
  MakeCall: (v) => ({
    callingDevice: v.deviceId(),
    calledDirectoryNumber: v.deviceId(),
    autoOriginate: v.maybe(() => v.entropy.pick(['prompt', 'doNotPrompt'] as const)),
    correlatorData: v.maybe(() => v.stringData()),
    userData: v.maybe(() => v.stringData()),
  }),
  MakeCallResponse: (v) => ({ callingDevice: v.connection() }),
  AnswerCall: (v) => ({ callToBeAnswered: v.connection() }),
  AnswerCallResponse: nothing,
  ClearConnection: (v) => ({ connectionToBeCleared: v.connection() }),
  ClearConnectionResponse: nothing,
  ClearCall: (v) => ({ callToBeCleared: v.connection() }),
  ClearCallResponse: nothing,
  HoldCall: (v) => ({ callToBeHeld: v.connection() }),
  HoldCallResponse: nothing,
  RetrieveCall: (v) => ({ callToBeRetrieved: v.connection() }),
  RetrieveCallResponse: nothing,
  AlternateCall: twoCalls,
  AlternateCallResponse: nothing,
  ConsultationCall: (v) => ({
    existingCall: v.connection(),
    consultedDevice: v.deviceId(),
    correlatorData: v.maybe(() => v.stringData()),
  }),
  ConsultationCallResponse: (v) => ({ initiatedCall: v.connection() }),
  ReconnectCall: twoCalls,
  ReconnectCallResponse: nothing,
  TransferCall: twoCalls,
  TransferCallResponse: (v) => ({
    transferredCall: v.maybe(() => v.connection()),
    connections: connections(v),
  }),
  ConferenceCall: twoCalls,
  ConferenceCallResponse: (v) => ({
    conferenceCall: v.maybe(() => v.connection()),
    connections: connections(v),
  }),
  SingleStepTransferCall: (v) => ({
    activeCall: v.connection(),
    transferredTo: v.deviceId(),
    correlatorData: v.maybe(() => v.stringData()),
  }),
  SingleStepTransferCallResponse: (v) => ({
    transferredCall: v.maybe(() => v.connection()),
    connections: connections(v),
  }),
  SingleStepConferenceCall: (v) => ({
    activeCall: v.connection(),
    deviceToJoin: v.deviceId(),
    participationType: v.maybe(() => v.entropy.pick(['active', 'silent'] as const)),
  }),
  SingleStepConferenceCallResponse: (v) => ({
    conferencedCall: v.maybe(() => v.connection()),
    connections: connections(v),
  }),
  DeflectCall: (v) => ({
    callToBeDiverted: v.connection(),
    newDestination: v.deviceId(),
    correlatorData: v.maybe(() => v.stringData()),
  }),
  DeflectCallResponse: nothing,
  DirectedPickupCall: (v) => ({ callToBePickedUp: v.connection(), requestingDevice: v.deviceId() }),
  DirectedPickupCallResponse: (v) => ({ pickedCall: v.maybe(() => v.connection()) }),
  GroupPickupCall: (v) => ({ newDestination: v.deviceId(), pickGroup: v.maybe(() => v.deviceId()) }),
  GroupPickupCallResponse: (v) => ({ pickedCall: v.maybe(() => v.connection()) }),
  ParkCall: (v) => ({ parking: v.connection(), parkTo: v.deviceId() }),
  ParkCallResponse: (v) => ({ parkedTo: v.maybe(() => v.connection()) }),
  CallBackCallRelated: (v) => ({ callbackConnection: v.connection() }),
  CallBackCallRelatedResponse: (v) => ({ targetDevice: v.maybe(() => v.deviceId()) }),
  CallBackNonCallRelated: (v) => ({ originatingDevice: v.deviceId(), targetDevice: v.deviceId() }),
  CallBackNonCallRelatedResponse: nothing,
  CancelCallBack: (v) => ({ originatingDevice: v.deviceId(), targetDevice: v.maybe(() => v.deviceId()) }),
  CancelCallBackResponse: nothing,
  GenerateDigits: (v) => ({
    connectionToSendDigits: v.connection(),
    digitMode: v.maybe(() => v.entropy.pick(['rotaryPulse', 'dtmf'] as const)),
    charactersToSend: v.entropy.pick(['1', '*#0', 'ABCD']),
    toneDuration: v.maybe(() => v.integer()),
  }),
  GenerateDigitsResponse: nothing,
  SetForwarding: (v) => ({
    ...device(v),
    forwardingType: v.maybe(() => v.entropy.pick(FORWARDING_TYPES)),
    activateForward: v.flag(),
    forwardDN: v.maybe(() => v.deviceId()),
    ringCount: v.maybe(() => v.integer()),
    ringDuration: v.maybe(() => v.integer()),
  }),
  SetForwardingResponse: nothing,
  GetForwarding: device,
  GetForwardingResponse: (v) => ({
    forwardingList: v.maybe(() =>
      v.many(() => ({
        forwardingType: v.maybe(() => v.entropy.pick(FORWARDING_TYPES)),
        forwardStatus: v.flag(),
        forwardDN: v.maybe(() => v.deviceId()),
        ringCount: v.maybe(() => v.integer()),
        ringDuration: v.maybe(() => v.integer()),
      })),
    ),
  }),
  SetDoNotDisturb: (v) => ({ ...device(v), doNotDisturbOn: v.flag() }),
  SetDoNotDisturbResponse: nothing,
  GetDoNotDisturb: device,
  GetDoNotDisturbResponse: (v) => ({ doNotDisturbOn: v.flag() }),
  SetAgentState: (v) => ({
    ...device(v),
    requestedAgentState: v.entropy.pick(REQUESTED_AGENT_STATES),
    agentID: v.maybe(() => v.word()),
    password: v.maybe(() => v.text()),
    group: v.maybe(() => v.deviceId()),
  }),
  SetAgentStateResponse: nothing,
  GetAgentState: (v) => ({
    ...device(v),
    agentID: v.maybe(() => v.word()),
    acdGroup: v.maybe(() => v.deviceId()),
  }),
  GetAgentStateResponse: (v) => ({
    agentStateList: v.maybe(() =>
      v.many(() => ({
        agentID: v.maybe(() => v.word()),
        loggedOnState: v.maybe(() => v.flag()),
        agentInfo: v.maybe(() =>
          v.many(() => ({
            acdGroup: v.maybe(() => v.deviceId()),
            agentState: v.maybe(() => v.entropy.pick(AGENT_STATES)),
          })),
        ),
      })),
    ),
  }),
  SetMessageWaitingIndicator: (v) => ({
    ...device(v),
    messageWaitingOn: v.flag(),
    deviceForMessage: v.maybe(() => v.deviceId()),
  }),
  SetMessageWaitingIndicatorResponse: nothing,
  GetMessageWaitingIndicator: device,
  GetMessageWaitingIndicatorResponse: (v) => ({
    messageWaitingOn: v.flag(),
    deviceForMessage: v.maybe(() => v.deviceId()),
  }),
  CSTAErrorCode: (v) => ({ error: errorOf(v) }),
  ServiceInitiatedEvent: (v) => ({
    ...rest(v),
    initiatedConnection: v.connection(),
    initiatingDevice: v.maybe(() => v.party()),
  }),
  OriginatedEvent: (v) => ({
    ...rest(v),
    originatedConnection: v.connection(),
    callingDevice: v.maybe(() => v.party()),
    calledDevice: v.maybe(() => v.party()),
  }),
  OfferedEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    offeredConnection: v.connection(),
    offeredDevice: v.maybe(() => v.party()),
  }),
  DeliveredEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    connection: v.connection(),
    alertingDevice: v.maybe(() => v.party()),
  }),
  EstablishedEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    establishedConnection: v.connection(),
    answeringDevice: v.maybe(() => v.party()),
  }),
  HeldEvent: (v) => ({ ...rest(v), heldConnection: v.connection(), holdingDevice: v.maybe(() => v.party()) }),
  RetrievedEvent: (v) => ({
    ...rest(v),
    retrievedConnection: v.connection(),
    retrievingDevice: v.maybe(() => v.party()),
  }),
  ConnectionClearedEvent: (v) => ({
    ...rest(v),
    droppedConnection: v.connection(),
    releasingDevice: v.maybe(() => v.party()),
  }),
  CallClearedEvent: (v) => ({ ...rest(v), clearedCall: v.connection() }),
  FailedEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    failedConnection: v.connection(),
    failingDevice: v.maybe(() => v.party()),
  }),
  DivertedEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    connection: v.connection(),
    divertingDevice: v.maybe(() => v.party()),
    newDestination: v.maybe(() => v.party()),
  }),
  TransferredEvent: (v) => ({
    ...monitor(v),
    ...merged(v),
    primaryOldCall: v.connection(),
    secondaryOldCall: v.maybe(() => v.connection()),
    transferringDevice: v.maybe(() => v.party()),
    transferredToDevice: v.maybe(() => v.party()),
    transferredConnections: connections(v),
  }),
  ConferencedEvent: (v) => ({
    ...monitor(v),
    ...merged(v),
    primaryOldCall: v.connection(),
    secondaryOldCall: v.maybe(() => v.connection()),
    conferencingDevice: v.maybe(() => v.party()),
    addedParty: v.maybe(() => v.party()),
    conferenceConnections: connections(v),
  }),
  QueuedEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    queuedConnection: v.connection(),
    queue: v.maybe(() => v.party()),
    numberQueued: v.maybe(() => v.integer()),
    callsInFront: v.maybe(() => v.integer()),
  }),
  NetworkReachedEvent: (v) => ({
    ...rest(v),
    ...parties(v),
    outboundConnection: v.connection(),
    networkInterfaceUsed: v.maybe(() => v.party()),
  }),
  BridgedEvent: (v) => ({
    ...rest(v),
    bridgedConnection: v.connection(),
    bridgedAppearance: v.maybe(() => v.party()),
  }),
  DigitsDialedEvent: (v) => ({
    ...rest(v),
    dialingConnection: v.connection(),
    dialingDevice: v.maybe(() => v.party()),
    dialingSequence: v.maybe(() => v.word()),
  }),
  CallInformationEvent: (v) => ({
    ...monitor(v),
    connection: v.maybe(() => v.connection()),
    device: v.maybe(() => v.party()),
    callingDevice: v.maybe(() => v.party()),
    correlatorData: v.maybe(() => v.stringData()),
    servicesPermitted: v.maybe(() => v.services()),
    userData: v.maybe(() => v.stringData()),
  }),
  DigitsGeneratedEvent: (v) => ({
    ...monitor(v),
    connection: v.connection(),
    digitGeneratedList: v.maybe(() => v.word()),
    localConnectionInfo: v.maybe(() => v.state()),
  }),
  CallBackEvent: (v) => ({
    ...monitor(v),
    originatingDevice: v.maybe(() => v.party()),
    targetDevice: v.maybe(() => v.party()),
    callBackSetCanceled: v.maybe(() => v.flag()),
  }),
  ForwardingEvent: (v) => ({
    ...monitor(v),
    device: v.party(),
    forwardingType: v.maybe(() => v.entropy.pick(FORWARDING_TYPES)),
    forwardStatus: v.flag(),
    forwardTo: v.maybe(() => v.deviceId()),
    ringCount: v.maybe(() => v.integer()),
    ringDuration: v.maybe(() => v.integer()),
  }),
  DoNotDisturbEvent: (v) => ({ ...monitor(v), device: v.party(), doNotDisturbOn: v.flag() }),
  MessageWaitingEvent: (v) => ({
    ...monitor(v),
    targetDevice: v.party(),
    deviceForMessage: v.maybe(() => v.deviceId()),
    messageWaitingOn: v.flag(),
  }),
  AgentLoggedOnEvent: agent,
  AgentLoggedOffEvent: agent,
  AgentReadyEvent: agent,
  AgentNotReadyEvent: agent,
  AgentBusyEvent: agent,
  AgentWorkingAfterCallEvent: agent,
  BackInServiceEvent: service,
  OutOfServiceEvent: service,
};

function errorOf(v: Values): Body<'CSTAErrorCode'>['error'] {
  const code = v.entropy.pick(ERROR_CODES);
  const value = code.slice(code.indexOf('.') + 1);
  return { code, detail: value === 'other' ? 'somethingNew' : value };
}

export const MADE_NAMES = Object.keys(makers).filter((name): name is CstaMessageName => name in makers);

/** A random message of this name, with private data or without. */
export function makeMessage(name: CstaMessageName, entropy: Entropy): CstaMessage {
  const values = new Values(entropy);
  const privateData = values.maybe(() => values.privateData());
  const body: object = makers[name](values);
  // The maker of a name makes what its message needs: the type of `makers` says so.
  return { name, ...body, ...(privateData !== undefined && { privateData }) } as CstaMessage;
}
