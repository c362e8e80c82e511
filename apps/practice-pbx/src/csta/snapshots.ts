import type { CstaRequest, PrivateData, ServicesPermitted } from '@offhook/csta';
import { siemensData } from '@offhook/csta';
import type { CallSnapshot, ConnectionSnapshot } from '../switch/api.ts';
import { callId, deviceId } from '../switch/api.ts';
import type { Plan, ServiceContext } from './context.ts';
import { findDevice, refused } from './context.ts';
import { readDevice } from './naming.ts';
import { STATES, permitted } from './words.ts';

type SnapshotRequest = Extract<CstaRequest, { readonly name: 'SnapshotDevice' | 'SnapshotCall' }>;

/** Connections of a snapshot are listed as far as they fit into a frame. */
const MOST_CONNECTIONS = 50;

/** ECMA-269 clause 16. */
export function snapshotPlan(request: SnapshotRequest, context: ServiceContext): Plan {
  const { api } = context;
  switch (request.name) {
    case 'SnapshotDevice': {
      const device = findDevice(api, readDevice(request.snapshotObject));
      if (device === undefined) return refused('operation.invalidDeviceID');
      const snapshotData = device.connections.slice(0, MOST_CONNECTIONS).map((connection) => {
        const others = (api.call(connection.call)?.connections ?? []).filter(
          (other) => other.device !== connection.device,
        );
        return {
          connectionIdentifier: context.naming.connection(connection),
          endpointDevice: context.naming.party(connection.party, connection.call),
          localCallState: {
            compoundCallState: [connection, ...others].map(({ state }) => STATES[state]),
          },
          ...permissions(connection, context),
        };
      });
      return { kind: 'answer', response: { name: 'SnapshotDeviceResponse', snapshotData } };
    }
    case 'SnapshotCall': {
      const call = api.call(callId(request.snapshotObject.callID));
      if (call === undefined) return refused('operation.invalidCallID');
      return { kind: 'answer', response: callResponse(call, context) };
    }
    default:
      return request satisfies never;
  }
}

function callResponse(
  call: CallSnapshot,
  context: ServiceContext,
): Extract<Plan, { kind: 'answer' }>['response'] {
  return {
    name: 'SnapshotCallResponse',
    callingDevice: partyOf(call.calling, call, context),
    calledDevice: partyOf(call.called, call, context),
    snapshotData: call.connections.slice(0, MOST_CONNECTIONS).map((connection) => ({
      deviceOnCall: context.naming.party(connection.party, call.id),
      callIdentifier: context.naming.connection(connection),
      localConnectionInfo: STATES[connection.state],
      ...permissions(connection, context),
    })),
  };
}

/** As the others see it: the main number in place of a line of the same person. */
export function partyOf(
  number: string,
  call: CallSnapshot,
  { api, naming }: ServiceContext,
): ReturnType<typeof naming.party> {
  const id = deviceId(number);
  const inCall = call.connections.find(({ device }) => device === id)?.party;
  return naming.party(inCall ?? api.device(id)?.party ?? { number }, call.id);
}

/** `servicesPermitted`, where the platform sends it. */
export function permissions(
  { servicesPermitted }: Pick<ConnectionSnapshot, 'servicesPermitted'>,
  { personality }: ServiceContext,
): { readonly servicesPermitted?: ServicesPermitted } {
  if (!personality.sendsServicesPermitted) return {};
  return { servicesPermitted: permitted(servicesPermitted, personality.services) };
}

/**
 * `extendedServicesPermitted` of OpenScape Voice. Its words are not published; `handOver` is ours: the call can be moved to another device
 * of the same person.
 */
export function extendedPermissions(
  connection: Pick<ConnectionSnapshot, 'servicesPermitted'> | undefined,
  { personality }: ServiceContext,
): PrivateData | undefined {
  if (connection === undefined || !personality.privateData.extendedServicesPermitted) return undefined;
  const isMovable = connection.servicesPermitted.some(
    (service) => service === 'singleStepTransferCall' || service === 'deflectCall',
  );
  return isMovable ? siemensData({ extendedServicesPermitted: ['handOver'] }) : undefined;
}
