import type {
  CstaEvent,
  ConnectionId,
  CallId,
  DeviceId,
  LocalConnectionState,
  Party,
  ServicesPermitted,
} from '@offhook/csta';
import { sipCallIdOf } from './private-data.ts';

/** What a party of an event names, if it names somebody. */
export interface Named {
  readonly calling: DeviceId | undefined;
  readonly called: DeviceId | undefined;
  readonly redirecting: DeviceId | undefined;
}

/**
 * A call control event (ECMA-269 section 17.2) as the tracker takes it: whichever of the many, it says that one connection
 * has a new state, and how the monitored device's own connection is.
 */
export type Happening =
  | {
      readonly kind: 'connection';
      readonly event: string;
      readonly subject: ConnectionId;
      /** Who stands in the event for the subject, where the connection names no device. */
      readonly device: DeviceId | undefined;
      readonly state: LocalConnectionState;
      readonly local: LocalConnectionState | undefined;
      readonly parties: Named;
      /** Where the call goes instead. */
      readonly destination: DeviceId | undefined;
      readonly cause: string | undefined;
      readonly services: ServicesPermitted | undefined;
      readonly sipCallId: string | undefined;
    }
  | {
      readonly kind: 'moved';
      readonly event: 'TransferredEvent' | 'ConferencedEvent';
      readonly primary: ConnectionId;
      readonly secondary: ConnectionId | undefined;
      /** Who has done it. */
      readonly actor: DeviceId | undefined;
      /** To whom, or who came in. */
      readonly target: DeviceId | undefined;
      readonly connections: readonly Moved[];
      readonly cause: string | undefined;
      readonly local: LocalConnectionState | undefined;
      readonly services: ServicesPermitted | undefined;
    }
  | { readonly kind: 'call_over'; readonly call: CallId; readonly cause: string | undefined }
  | { readonly kind: 'services'; readonly call: CallId; readonly services: ServicesPermitted };

export interface Moved {
  readonly before: ConnectionId | undefined;
  readonly after: ConnectionId;
  readonly endpoint: DeviceId | undefined;
  readonly state: LocalConnectionState | undefined;
}

/** The calls that it is about. */
export function callsOf(happening: Happening): readonly CallId[] {
  switch (happening.kind) {
    case 'connection':
      return [happening.subject.callID];
    case 'moved': {
      const { primary, secondary, connections } = happening;
      const old = secondary === undefined ? [primary] : [primary, secondary];
      return [...old, ...connections.map(({ after }) => after)].map(({ callID }) => callID);
    }
    case 'call_over':
    case 'services':
      return [happening.call];
  }
}

const idOf = (party: Party | undefined): DeviceId | undefined =>
  party?.kind === 'device' ? party.id : undefined;

/** `undefined` for events that say nothing of calls. */
export function happeningOf(event: CstaEvent): Happening | undefined {
  switch (event.name) {
    case 'ServiceInitiatedEvent':
      return connection(event, event.initiatedConnection, 'initiated', event.initiatingDevice);
    case 'OriginatedEvent':
      return connection(event, event.originatedConnection, 'connected', event.callingDevice);
    case 'OfferedEvent':
      return connection(event, event.offeredConnection, 'alerting', event.offeredDevice);
    case 'DeliveredEvent':
      return connection(event, event.connection, 'alerting', event.alertingDevice);
    case 'EstablishedEvent':
      return connection(event, event.establishedConnection, 'connected', event.answeringDevice);
    case 'HeldEvent':
      return connection(event, event.heldConnection, 'hold', event.holdingDevice);
    case 'RetrievedEvent':
      return connection(event, event.retrievedConnection, 'connected', event.retrievingDevice);
    case 'ConnectionClearedEvent':
      return connection(event, event.droppedConnection, 'null', event.releasingDevice);
    case 'FailedEvent':
      return connection(event, event.failedConnection, 'fail', event.failingDevice);
    case 'DivertedEvent':
      return connection(event, event.connection, 'null', event.divertingDevice, event.newDestination);
    case 'QueuedEvent':
      return connection(event, event.queuedConnection, 'queued', event.queue);
    case 'NetworkReachedEvent':
      return connection(event, event.outboundConnection, 'connected', event.networkInterfaceUsed);
    case 'BridgedEvent':
      return connection(event, event.bridgedConnection, 'queued', event.bridgedAppearance);
    case 'TransferredEvent':
      return moved(event, event.transferringDevice, event.transferredToDevice, event.transferredConnections);
    case 'ConferencedEvent':
      return moved(event, event.conferencingDevice, event.addedParty, event.conferenceConnections);
    case 'CallClearedEvent':
      return { kind: 'call_over', call: event.clearedCall.callID, cause: event.cause };
    case 'CallInformationEvent':
      return event.connection === undefined || event.servicesPermitted === undefined
        ? undefined
        : { kind: 'services', call: event.connection.callID, services: event.servicesPermitted };
    case 'DigitsDialedEvent':
    case 'DigitsGeneratedEvent':
    case 'CallBackEvent':
    case 'ForwardingEvent':
    case 'DoNotDisturbEvent':
    case 'MessageWaitingEvent':
    case 'AgentLoggedOnEvent':
    case 'AgentLoggedOffEvent':
    case 'AgentReadyEvent':
    case 'AgentNotReadyEvent':
    case 'AgentBusyEvent':
    case 'AgentWorkingAfterCallEvent':
    case 'BackInServiceEvent':
    case 'OutOfServiceEvent':
    case 'SwitchingFunctionDevices':
      return undefined;
  }
}

/** What the events about one connection have in common; not each has all of it. */
interface ConnectionEvent {
  readonly name: string;
  readonly callingDevice?: Party | undefined;
  readonly calledDevice?: Party | undefined;
  readonly lastRedirectionDevice?: Party | undefined;
  readonly localConnectionInfo?: LocalConnectionState | undefined;
  readonly cause?: string | undefined;
  readonly servicesPermitted?: ServicesPermitted | undefined;
  readonly privateData?: CstaEvent['privateData'];
}

function connection(
  event: ConnectionEvent,
  subject: ConnectionId,
  state: LocalConnectionState,
  device: Party | undefined,
  destination?: Party,
): Happening {
  return {
    kind: 'connection',
    event: event.name,
    subject,
    device: idOf(device),
    state,
    local: event.localConnectionInfo,
    parties: {
      calling: idOf(event.callingDevice),
      called: idOf(event.calledDevice),
      redirecting: idOf(event.lastRedirectionDevice),
    },
    destination: idOf(destination),
    cause: event.cause,
    services: event.servicesPermitted,
    sipCallId: sipCallIdOf(event.privateData),
  };
}

type MergeEvent = Extract<CstaEvent, { name: 'TransferredEvent' | 'ConferencedEvent' }>;
type ConnectionItem = NonNullable<
  Extract<CstaEvent, { name: 'TransferredEvent' }>['transferredConnections']
>[number];

function moved(
  event: MergeEvent,
  actor: Party | undefined,
  target: Party | undefined,
  items: readonly ConnectionItem[] | undefined,
): Happening {
  return {
    kind: 'moved',
    event: event.name,
    primary: event.primaryOldCall,
    secondary: event.secondaryOldCall,
    actor: idOf(actor),
    target: idOf(target),
    connections: (items ?? []).flatMap(
      ({ newConnection, oldConnection, endpoint, resultingConnectionInfo }) =>
        newConnection === undefined
          ? []
          : [
              {
                before: oldConnection,
                after: newConnection,
                endpoint: endpoint?.deviceID,
                state: resultingConnectionInfo,
              },
            ],
    ),
    cause: event.cause,
    local: event.localConnectionInfo,
    services: event.servicesPermitted,
  };
}
