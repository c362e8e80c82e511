import { flag, integer, text } from '../schema/kinds.ts';
import { optional, required } from '../schema/shape.ts';
import { connectionId, connectionList, localConnectionState, stringData } from '../values/connections.ts';
import { monitorCrossRefId } from '../values/identifiers.ts';
import { party, redirectionParty } from '../values/parties.ts';
import { servicesPermitted } from '../values/services-permitted.ts';

/**
 * Call control events (ECMA-269 section 17.2). Every one says in `localConnectionInfo` how the monitored device's own connection is now,
 * and in `servicesPermitted` what may be done with it. There is no event of its own for a parked call: it is Diverted or Queued with the
 * cause `park`.
 */
const monitor = { monitorCrossRefID: required(monitorCrossRefId) };

const parties = {
  callingDevice: optional(party),
  calledDevice: optional(party),
  lastRedirectionDevice: optional(redirectionParty),
};

const rest = {
  localConnectionInfo: optional(localConnectionState),
  correlatorData: optional(stringData),
  userData: optional(stringData),
  /** See `EVENT_CAUSES`. */
  cause: optional(text),
  servicesPermitted: optional(servicesPermitted),
  networkCallingDevice: optional(party),
  networkCalledDevice: optional(party),
  associatedCallingDevice: optional(party),
  associatedCalledDevice: optional(party),
};

const merged = {
  localConnectionInfo: optional(localConnectionState),
  correlatorData: optional(stringData),
  userData: optional(stringData),
  cause: optional(text),
  servicesPermitted: optional(servicesPermitted),
};

export const callEvents = {
  ServiceInitiatedEvent: {
    ...monitor,
    initiatedConnection: required(connectionId),
    initiatingDevice: optional(party),
    ...rest,
  },
  OriginatedEvent: {
    ...monitor,
    originatedConnection: required(connectionId),
    callingDevice: optional(party),
    calledDevice: optional(party),
    ...rest,
  },
  OfferedEvent: {
    ...monitor,
    offeredConnection: required(connectionId),
    offeredDevice: optional(party),
    ...parties,
    ...rest,
  },
  DeliveredEvent: {
    ...monitor,
    connection: required(connectionId),
    alertingDevice: optional(party),
    ...parties,
    ...rest,
  },
  EstablishedEvent: {
    ...monitor,
    establishedConnection: required(connectionId),
    answeringDevice: optional(party),
    ...parties,
    ...rest,
  },
  HeldEvent: { ...monitor, heldConnection: required(connectionId), holdingDevice: optional(party), ...rest },
  RetrievedEvent: {
    ...monitor,
    retrievedConnection: required(connectionId),
    retrievingDevice: optional(party),
    ...rest,
  },
  ConnectionClearedEvent: {
    ...monitor,
    droppedConnection: required(connectionId),
    releasingDevice: optional(party),
    ...rest,
  },
  CallClearedEvent: { ...monitor, clearedCall: required(connectionId), ...rest },
  FailedEvent: {
    ...monitor,
    failedConnection: required(connectionId),
    failingDevice: optional(party),
    ...parties,
    ...rest,
  },
  DivertedEvent: {
    ...monitor,
    connection: required(connectionId),
    divertingDevice: optional(party),
    newDestination: optional(party),
    ...parties,
    ...rest,
  },
  /** Written `TransferedEvent` by some, also in print; both are read. */
  TransferredEvent: {
    ...monitor,
    primaryOldCall: required(connectionId),
    secondaryOldCall: optional(connectionId),
    transferringDevice: optional(party),
    transferredToDevice: optional(party),
    transferredConnections: connectionList('transferredConnections'),
    ...merged,
  },
  ConferencedEvent: {
    ...monitor,
    primaryOldCall: required(connectionId),
    secondaryOldCall: optional(connectionId),
    conferencingDevice: optional(party),
    addedParty: optional(party),
    conferenceConnections: connectionList('conferenceConnections'),
    ...merged,
  },
  QueuedEvent: {
    ...monitor,
    queuedConnection: required(connectionId),
    queue: optional(party),
    ...parties,
    numberQueued: optional(integer),
    callsInFront: optional(integer),
    ...rest,
  },
  NetworkReachedEvent: {
    ...monitor,
    outboundConnection: required(connectionId),
    networkInterfaceUsed: optional(party),
    ...parties,
    ...rest,
  },
  BridgedEvent: {
    ...monitor,
    bridgedConnection: required(connectionId),
    bridgedAppearance: optional(party),
    ...rest,
  },
  DigitsDialedEvent: {
    ...monitor,
    dialingConnection: required(connectionId),
    dialingDevice: optional(party),
    dialingSequence: optional(text),
    ...rest,
  },
  /** Call-associated (clause 18): among others, that other services are permitted now. A connection may be missing. */
  CallInformationEvent: {
    ...monitor,
    connection: optional(connectionId),
    device: optional(party),
    callingDevice: optional(party),
    correlatorData: optional(stringData),
    servicesPermitted: optional(servicesPermitted),
    userData: optional(stringData),
  },
  DigitsGeneratedEvent: {
    ...monitor,
    connection: required(connectionId),
    digitGeneratedList: optional(text),
    localConnectionInfo: optional(localConnectionState),
  },
  /** Clause 22: a call-back was booked or is over. */
  CallBackEvent: {
    ...monitor,
    originatingDevice: optional(party),
    targetDevice: optional(party),
    callBackSetCanceled: optional(flag),
  },
} as const;
