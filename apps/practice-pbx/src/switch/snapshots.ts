import type { CallSnapshot, ConnectionSnapshot } from './api.ts';
import { isConference } from './call.ts';
import type { Call, Connection } from './call.ts';
import { permittedServices } from './permitted.ts';

export function snapshotOf(call: Call): CallSnapshot {
  return {
    id: call.id,
    connections: [...call.connections]
      .filter(({ state }) => state !== 'null')
      .map((connection) => connectionSnapshot(connection)),
    calling: call.calling,
    called: call.called,
    lastRedirection: call.lastRedirection,
    conference: isConference(call),
    parkedAt: call.parked?.slot.device,
    startedAt: call.startedAt,
  };
}

export function connectionSnapshot(connection: Connection): ConnectionSnapshot {
  const { call, device, state, person, since } = connection;
  return {
    call: call.id,
    device,
    state,
    party: person,
    servicesPermitted: permittedServices(connection),
    since,
  };
}
