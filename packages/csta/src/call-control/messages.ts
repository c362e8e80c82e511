import { integer, oneOf, text } from '../schema/kinds.ts';
import { optional, required } from '../schema/shape.ts';
import { connectionId, connectionList, stringData } from '../values/connections.ts';
import { deviceId } from '../values/identifiers.ts';

/** Call control (ECMA-269 clause 17), call-associated (clause 18) and call-back services (clause 22). */
const twoCalls = { heldCall: required(connectionId), activeCall: required(connectionId) };

export const callControlRequests = {
  MakeCall: {
    callingDevice: required(deviceId),
    calledDirectoryNumber: required(deviceId),
    /** Whether the calling device rings first (`prompt`) or goes off the hook by itself. */
    autoOriginate: optional(oneOf(['prompt', 'doNotPrompt'])),
    correlatorData: optional(stringData),
    userData: optional(stringData),
  },
  AnswerCall: { callToBeAnswered: required(connectionId) },
  ClearConnection: { connectionToBeCleared: required(connectionId) },
  ClearCall: { callToBeCleared: required(connectionId) },
  HoldCall: { callToBeHeld: required(connectionId) },
  RetrieveCall: { callToBeRetrieved: required(connectionId) },
  AlternateCall: twoCalls,
  ConsultationCall: {
    existingCall: required(connectionId),
    consultedDevice: required(deviceId),
    correlatorData: optional(stringData),
  },
  ReconnectCall: { activeCall: required(connectionId), heldCall: required(connectionId) },
  TransferCall: twoCalls,
  ConferenceCall: twoCalls,
  SingleStepTransferCall: {
    activeCall: required(connectionId),
    transferredTo: required(deviceId),
    correlatorData: optional(stringData),
  },
  SingleStepConferenceCall: {
    activeCall: required(connectionId),
    deviceToJoin: required(deviceId),
    participationType: optional(oneOf(['active', 'silent'])),
  },
  DeflectCall: {
    callToBeDiverted: required(connectionId),
    newDestination: required(deviceId),
    correlatorData: optional(stringData),
  },
  DirectedPickupCall: {
    callToBePickedUp: required(connectionId),
    requestingDevice: required(deviceId),
  },
  GroupPickupCall: { newDestination: required(deviceId), pickGroup: optional(deviceId) },
  ParkCall: { parking: required(connectionId), parkTo: required(deviceId) },
  CallBackCallRelated: { callbackConnection: required(connectionId) },
  CallBackNonCallRelated: { originatingDevice: required(deviceId), targetDevice: required(deviceId) },
  CancelCallBack: { originatingDevice: required(deviceId), targetDevice: optional(deviceId) },
  GenerateDigits: {
    connectionToSendDigits: required(connectionId),
    digitMode: optional(oneOf(['rotaryPulse', 'dtmf'])),
    charactersToSend: required(text),
    /** Milliseconds. */
    toneDuration: optional(integer),
  },
} as const;

export const callControlResponses = {
  MakeCallResponse: { callingDevice: required(connectionId) },
  AnswerCallResponse: {},
  ClearConnectionResponse: {},
  ClearCallResponse: {},
  HoldCallResponse: {},
  RetrieveCallResponse: {},
  AlternateCallResponse: {},
  ConsultationCallResponse: { initiatedCall: required(connectionId) },
  ReconnectCallResponse: {},
  TransferCallResponse: {
    transferredCall: optional(connectionId),
    connections: connectionList('connections'),
  },
  ConferenceCallResponse: {
    conferenceCall: optional(connectionId),
    connections: connectionList('connections'),
  },
  SingleStepTransferCallResponse: {
    transferredCall: optional(connectionId),
    connections: connectionList('connections'),
  },
  SingleStepConferenceCallResponse: {
    conferencedCall: optional(connectionId),
    connections: connectionList('connections'),
  },
  DeflectCallResponse: {},
  DirectedPickupCallResponse: { pickedCall: optional(connectionId) },
  GroupPickupCallResponse: { pickedCall: optional(connectionId) },
  ParkCallResponse: { parkedTo: optional(connectionId) },
  CallBackCallRelatedResponse: { targetDevice: optional(deviceId) },
  CallBackNonCallRelatedResponse: {},
  CancelCallBackResponse: {},
  GenerateDigitsResponse: {},
} as const;
