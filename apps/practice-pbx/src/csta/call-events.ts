import type { CstaEvent, MonitorCrossRefId, Party } from '@offhook/csta';
import type { CallId, CallSnapshot, ConnectionSnapshot, DeviceId, SwitchEvent } from '../switch/api.ts';
import type { CallBook } from './call-book.ts';
import type { ServiceContext } from './context.ts';
import { extendedPermissions, partyOf, permissions } from './snapshots.ts';
import { EVENT_CAUSES, STATES } from './words.ts';

type ConnectionEvent = Extract<SwitchEvent, { kind: 'connection' }>;
type MergeEvent = Extract<SwitchEvent, { kind: 'transferred' | 'conferenced' }>;
type DigitsEvent = Extract<SwitchEvent, { kind: 'digits' }>;

/** A monitor of one device. */
export interface Watched {
  readonly id: MonitorCrossRefId;
  readonly device: DeviceId;
}

/**
 * What a device monitor tells of a change of one connection (ECMA-269 section 17.2): everything in the calls that the device is in, as
 * long as it is in them. The last words of a call are the device's own ConnectionCleared: that the other side has left a call of two
 * is not told besides, so that the basic flow is the one that is seen on OpenScape.
 */
export function connectionEvent(
  event: ConnectionEvent,
  monitor: Watched,
  context: ServiceContext,
): CstaEvent | undefined {
  const { call, connection, name } = event;
  const own = ownConnection(call, monitor);
  const isOwn = connection.device === monitor.device;
  if (!isOwn && own === undefined) return undefined;
  if (!isOwn && name === 'connectionCleared' && call.connections.length < 2) return undefined;
  const { naming } = context;
  const subject = naming.connection(connection);
  const device = partyOf(connection.device, call, context);
  const parties = {
    callingDevice: partyOf(call.calling, call, context),
    calledDevice: partyOf(call.called, call, context),
    lastRedirectionDevice: lastRedirection(call, context),
  };
  const rest = {
    monitorCrossRefID: monitor.id,
    localConnectionInfo: STATES[isOwn ? event.after : (own?.state ?? 'null')],
    cause: EVENT_CAUSES[event.cause],
    ...ownPermissions(own, context),
  };
  switch (name) {
    case 'serviceInitiated':
      return {
        name: 'ServiceInitiatedEvent',
        initiatedConnection: subject,
        initiatingDevice: device,
        ...rest,
      };
    case 'originated': {
      const { callingDevice, calledDevice } = parties;
      return { name: 'OriginatedEvent', originatedConnection: subject, callingDevice, calledDevice, ...rest };
    }
    case 'delivered':
      return { name: 'DeliveredEvent', connection: subject, alertingDevice: device, ...parties, ...rest };
    case 'established':
      return {
        name: 'EstablishedEvent',
        establishedConnection: subject,
        answeringDevice: device,
        ...parties,
        ...rest,
      };
    case 'held':
      return { name: 'HeldEvent', heldConnection: subject, holdingDevice: device, ...rest };
    case 'retrieved':
      return { name: 'RetrievedEvent', retrievedConnection: subject, retrievingDevice: device, ...rest };
    case 'queued':
      return { name: 'QueuedEvent', queuedConnection: subject, queue: device, ...parties, ...rest };
    case 'failed':
      return { name: 'FailedEvent', failedConnection: subject, failingDevice: device, ...parties, ...rest };
    case 'diverted':
      return {
        name: 'DivertedEvent',
        connection: subject,
        divertingDevice: device,
        newDestination:
          event.divertedTo === undefined ? { kind: 'notKnown' } : partyOf(event.divertedTo, call, context),
        ...parties,
        ...rest,
      };
    case 'connectionCleared':
      return {
        name: 'ConnectionClearedEvent',
        droppedConnection: subject,
        releasingDevice: device,
        ...rest,
      };
    default:
      return name satisfies never;
  }
}

/** A connection that has left its call for another without a word of the switch. */
export function leftBehind(call: CallId, monitor: Watched, { naming }: ServiceContext): CstaEvent {
  return {
    name: 'ConnectionClearedEvent',
    monitorCrossRefID: monitor.id,
    droppedConnection: naming.connection({ call, device: monitor.device }),
    localConnectionInfo: 'null',
    cause: 'callPickup',
  };
}

/** Transferred and Conferenced, to all who are in the call now and to who is out of it. */
export function mergeEvent(
  event: MergeEvent,
  monitor: Watched,
  book: CallBook,
  context: ServiceContext,
): CstaEvent | undefined {
  const { call, primaryOld, secondaryOld } = event;
  const { naming } = context;
  const own = ownConnection(call, monitor);
  const acting = event.kind === 'transferred' ? event.transferring : event.conferencing;
  if (own === undefined && acting !== monitor.device) return undefined;
  const connections = call.connections.map(({ device, state }) => {
    const old = secondaryOld !== undefined && book.has(secondaryOld, device) ? secondaryOld : primaryOld;
    return {
      newConnection: naming.connection({ call: call.id, device }),
      oldConnection: naming.connection({ call: old, device }),
      endpoint: { deviceID: naming.device(device) },
      resultingConnectionInfo: STATES[state],
    };
  });
  const common = {
    monitorCrossRefID: monitor.id,
    primaryOldCall: naming.connection({ call: primaryOld, device: acting }),
    ...(secondaryOld !== undefined && {
      secondaryOldCall: naming.connection({ call: secondaryOld, device: acting }),
    }),
    localConnectionInfo: STATES[own?.state ?? 'null'],
    cause: EVENT_CAUSES[event.cause],
    ...ownPermissions(own, context),
  };
  switch (event.kind) {
    case 'transferred':
      return {
        name: 'TransferredEvent',
        ...common,
        transferringDevice: partyOf(event.transferring, call, context),
        transferredToDevice: partyOf(event.transferredTo, call, context),
        transferredConnections: connections,
      };
    case 'conferenced':
      return {
        name: 'ConferencedEvent',
        ...common,
        conferencingDevice: partyOf(event.conferencing, call, context),
        addedParty: partyOf(event.added, call, context),
        conferenceConnections: connections,
      };
    default:
      return event satisfies never;
  }
}

export function digitsEvent(
  { connection, digits }: DigitsEvent,
  monitor: Watched,
  { api, naming }: ServiceContext,
): CstaEvent | undefined {
  const call = api.call(connection.call);
  const own = call && ownConnection(call, monitor);
  if (own === undefined) return undefined;
  return {
    name: 'DigitsGeneratedEvent',
    monitorCrossRefID: monitor.id,
    connection: naming.connection(connection),
    digitGeneratedList: digits,
    localConnectionInfo: STATES[own.state],
  };
}

function ownConnection(call: CallSnapshot, { device }: Watched): ConnectionSnapshot | undefined {
  return call.connections.find((connection) => connection.device === device);
}

function lastRedirection(call: CallSnapshot, context: ServiceContext): Party {
  const { lastRedirection: device } = call;
  return device === undefined ? { kind: 'notRequired' } : partyOf(device, call, context);
}

function ownPermissions(
  own: ConnectionSnapshot | undefined,
  context: ServiceContext,
): Pick<Extract<CstaEvent, { name: 'HeldEvent' }>, 'servicesPermitted' | 'privateData'> {
  const privateData = extendedPermissions(own, context);
  return {
    ...permissions(own ?? { servicesPermitted: [] }, context),
    ...(privateData !== undefined && { privateData }),
  };
}
