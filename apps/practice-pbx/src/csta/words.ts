import type {
  CallAssociatedService,
  CallControlService,
  CstaErrorCode,
  CstaRequestName,
  EventCause,
  ForwardingType as CstaForwardingType,
  LocalConnectionState,
  ServicesPermitted,
} from '@offhook/csta';
import type {
  Cause,
  ConnectionService,
  ConnectionState,
  ForwardingType,
  SwitchError,
} from '../switch/api.ts';

/* The switch's words in those of ECMA-323. Every table is whole: a new word of the switch does not compile without one here. */

/** Clause 6; the XML says `hold` and `fail`. */
export const STATES: Readonly<Record<ConnectionState, LocalConnectionState>> = {
  null: 'null',
  initiated: 'initiated',
  alerting: 'alerting',
  connected: 'connected',
  held: 'hold',
  queued: 'queued',
  failed: 'fail',
};

/** ECMA-269 section 12.2.15. What the standard has no word for takes the nearest. */
export const EVENT_CAUSES: Readonly<Record<Cause, EventCause>> = {
  newCall: 'newCall',
  normal: 'normal',
  normalClearing: 'normalClearing',
  callCancelled: 'callCancelled',
  busy: 'busy',
  noAnswer: 'callNotAnswered',
  doNotDisturb: 'doNotDisturb',
  rejected: 'callNotAnswered',
  destNotObtainable: 'destNotObtainable',
  destOutOfOrder: 'destOutOfOrder',
  invalidNumber: 'invalidNumberFormat',
  resourcesNotAvailable: 'resourcesNotAvailable',
  incompatibleDestination: 'incompatibleDestination',
  callForwardImmediate: 'callForwardImmediate',
  callForwardBusy: 'callForwardBusy',
  callForwardNoAnswer: 'callForwardNoAnswer',
  redirected: 'redirected',
  consultation: 'consultation',
  alternate: 'alternate',
  transfer: 'transfer',
  singleStepTransfer: 'singleStepTransfer',
  conference: 'conference',
  singleStepConference: 'singleStepConference',
  park: 'park',
  unparked: 'recall',
  callPickup: 'callPickup',
  callBack: 'callBack',
  answeredElsewhere: 'redirected',
  keyOperation: 'normal',
};

/** ECMA-269 section 12.2.14. */
export const ERRORS: Readonly<Record<SwitchError, CstaErrorCode>> = {
  invalidDevice: 'operation.invalidDeviceID',
  invalidCall: 'operation.invalidCallID',
  invalidConnection: 'operation.invalidConnectionID',
  invalidDestination: 'operation.invalidDestination',
  invalidParameter: 'operation.invalidParameterValue',
  noActiveCall: 'stateIncompatibility.noActiveCall',
  noHeldCall: 'stateIncompatibility.noHeldCall',
  noCallToPickUp: 'stateIncompatibility.noCallToComplete',
  noCallToAnswer: 'stateIncompatibility.noCallToAnswer',
  wrongConnectionState: 'stateIncompatibility.invalidConnectionState',
  deviceOutOfService: 'systemResourceAvailability.deviceOutOfService',
  resourceBusy: 'systemResourceAvailability.resourceBusy',
  notAllowed: 'operation.privilegeViolationSpecifiedDevice',
};

interface Permission {
  /** It is permitted only where this is offered. */
  readonly request: CstaRequestName;
  readonly word:
    | { readonly group: 'callControl'; readonly name: CallControlService }
    | { readonly group: 'callAssociated'; readonly name: CallAssociatedService };
}

const control = (request: CstaRequestName, name: CallControlService): Permission => ({
  request,
  word: { group: 'callControl', name },
});

const PERMISSIONS: Readonly<Record<ConnectionService, Permission>> = {
  answerCall: control('AnswerCall', 'answerCall'),
  clearConnection: control('ClearConnection', 'clearConnection'),
  holdCall: control('HoldCall', 'holdCall'),
  retrieveCall: control('RetrieveCall', 'retrieveCall'),
  consultationCall: control('ConsultationCall', 'consultationCall'),
  alternateCall: control('AlternateCall', 'alternateCall'),
  reconnectCall: control('ReconnectCall', 'reconnectCall'),
  transferCall: control('TransferCall', 'transferCall'),
  conferenceCall: control('ConferenceCall', 'conferenceCall'),
  singleStepTransferCall: control('SingleStepTransferCall', 'singleStepTransfer'),
  singleStepConference: control('SingleStepConferenceCall', 'singleStepConference'),
  deflectCall: control('DeflectCall', 'deflectCall'),
  directedPickupCall: control('DirectedPickupCall', 'directedPickupCall'),
  parkCall: control('ParkCall', 'parkCall'),
  generateDigits: {
    request: 'GenerateDigits',
    word: { group: 'callAssociated', name: 'generateDigits' },
  },
  callBack: control('CallBackCallRelated', 'callBack'),
};

/** What the switch permits and the platform offers. */
export function permitted(
  services: readonly ConnectionService[],
  offered: readonly CstaRequestName[],
): ServicesPermitted {
  const words = services
    .map((service) => PERMISSIONS[service])
    .filter(({ request }) => offered.includes(request))
    .map(({ word }) => word);
  return {
    callControl: words.flatMap((word) => (word.group === 'callControl' ? [word.name] : [])),
    callAssociated: words.flatMap((word) => (word.group === 'callAssociated' ? [word.name] : [])),
  };
}

export const FORWARDING_WORDS: Readonly<Record<ForwardingType, CstaForwardingType>> = {
  immediate: 'forwardImmediate',
  busy: 'forwardBusy',
  noAnswer: 'forwardNoAns',
};

export function forwardingTypeOf(word: CstaForwardingType): ForwardingType | undefined {
  switch (word) {
    case 'forwardImmediate':
      return 'immediate';
    case 'forwardBusy':
      return 'busy';
    case 'forwardNoAns':
      return 'noAnswer';
    // This switch does not tell calls from inside and outside apart.
    case 'forwardDND':
    case 'forwardBusyInt':
    case 'forwardBusyExt':
    case 'forwardNoAnsInt':
    case 'forwardNoAnsExt':
    case 'forwardImmInt':
    case 'forwardImmExt':
      return undefined;
    default:
      return word satisfies never;
  }
}
