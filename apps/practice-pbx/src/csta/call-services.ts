import type { ConnectionId, CstaErrorCode, CstaRequest, CstaResponse, PrivateData } from '@offhook/csta';
import { readSiemensData } from '@offhook/csta';
import type { ConnectionRef, DeviceId, SwitchCommand } from '../switch/api.ts';
import type { CommandPlan, Plan, ServiceContext } from './context.ts';
import { refused } from './context.ts';
import { readConnection, readDevice } from './naming.ts';
import type { CALL_SERVICES } from './service-names.ts';

export type CallRequest = Extract<CstaRequest, { readonly name: (typeof CALL_SERVICES)[number] }>;

/** Call control, call-associated and call-back services (ECMA-269 clauses 17, 18 and 22) as commands of the switch. */
export function callPlan(request: CallRequest, context: ServiceContext): Plan {
  const { naming } = context;
  switch (request.name) {
    case 'MakeCall':
      return {
        kind: 'command',
        command: {
          kind: 'makeCall',
          device: readDevice(request.callingDevice),
          to: readDevice(request.calledDirectoryNumber),
          autoAnswer: request.autoOriginate !== 'prompt',
        },
        response: (made) => made && { name: 'MakeCallResponse', callingDevice: naming.connection(made) },
      };
    case 'AnswerCall':
      return at(request.callToBeAnswered, (connection) =>
        plain({ kind: 'answerCall', connection }, { name: 'AnswerCallResponse' }),
      );
    case 'ClearConnection':
      return at(request.connectionToBeCleared, (connection) =>
        plain({ kind: 'clearConnection', connection }, { name: 'ClearConnectionResponse' }),
      );
    case 'ClearCall':
      return at(request.callToBeCleared, ({ call }) =>
        plain({ kind: 'clearCall', call }, { name: 'ClearCallResponse' }),
      );
    case 'HoldCall':
      return at(request.callToBeHeld, (connection) =>
        plain({ kind: 'holdCall', connection }, { name: 'HoldCallResponse' }),
      );
    case 'RetrieveCall':
      return at(request.callToBeRetrieved, (connection) =>
        plain({ kind: 'retrieveCall', connection }, { name: 'RetrieveCallResponse' }),
      );
    case 'AlternateCall':
      return atBoth(request, (held, active) =>
        plain({ kind: 'alternateCall', held, active }, { name: 'AlternateCallResponse' }),
      );
    case 'ReconnectCall':
      return atBoth(request, (held, active) =>
        plain({ kind: 'reconnectCall', held, active }, { name: 'ReconnectCallResponse' }),
      );
    case 'TransferCall':
      return atBoth(request, (held, active) =>
        plain({ kind: 'transferCall', held, active }, { name: 'TransferCallResponse' }),
      );
    case 'ConferenceCall':
      return atBoth(request, (held, active) =>
        plain({ kind: 'conferenceCall', held, active }, { name: 'ConferenceCallResponse' }),
      );
    case 'ConsultationCall':
      return at(request.existingCall, (connection) => ({
        kind: 'command',
        command: { kind: 'consultationCall', connection, to: readDevice(request.consultedDevice) },
        response: (made) =>
          made && { name: 'ConsultationCallResponse', initiatedCall: naming.connection(made) },
      }));
    case 'SingleStepTransferCall':
      return at(request.activeCall, (connection) =>
        moved(request, request.transferredTo, context, (to, autoAnswer) => ({
          connection,
          command: { kind: 'singleStepTransferCall', connection, to, autoAnswer },
          response: { name: 'SingleStepTransferCallResponse' },
        })),
      );
    case 'DeflectCall':
      return at(request.callToBeDiverted, (connection) =>
        moved(request, request.newDestination, context, (to, autoAnswer) => ({
          connection,
          command: { kind: 'deflectCall', connection, to, autoAnswer },
          response: { name: 'DeflectCallResponse' },
        })),
      );
    case 'SingleStepConferenceCall':
      // Nobody can listen in silence here.
      if (request.participationType === 'silent') return refused('operation.invalidParticipationType');
      return at(request.activeCall, (connection) =>
        plain(
          { kind: 'singleStepConference', connection, to: readDevice(request.deviceToJoin) },
          { name: 'SingleStepConferenceCallResponse' },
        ),
      );
    case 'DirectedPickupCall':
      return at(request.callToBePickedUp, (connection) => ({
        kind: 'command',
        command: { kind: 'directedPickupCall', connection, device: readDevice(request.requestingDevice) },
        response: (made) => ({
          name: 'DirectedPickupCallResponse',
          pickedCall: made && naming.connection(made),
        }),
      }));
    case 'GroupPickupCall':
      return {
        kind: 'command',
        command: { kind: 'groupPickupCall', device: readDevice(request.newDestination) },
        response: (made) => ({
          name: 'GroupPickupCallResponse',
          pickedCall: made && naming.connection(made),
        }),
      };
    case 'ParkCall':
      return at(request.parking, (connection) => {
        const slot = slotOf(readDevice(request.parkTo), context);
        return plain(
          { kind: 'parkCall', connection, ...(slot !== undefined && { slot }) },
          { name: 'ParkCallResponse' },
        );
      });
    case 'CallBackCallRelated':
      return at(request.callbackConnection, ({ call, device }) => {
        const found = context.api.call(call);
        if (found === undefined) return refused('operation.invalidCallID');
        return plain(
          { kind: 'callBack', device, to: found.called },
          { name: 'CallBackCallRelatedResponse', targetDevice: naming.device(found.called) },
        );
      });
    case 'CallBackNonCallRelated':
      return plain(
        {
          kind: 'callBack',
          device: readDevice(request.originatingDevice),
          to: readDevice(request.targetDevice),
        },
        { name: 'CallBackNonCallRelatedResponse' },
      );
    case 'CancelCallBack':
      return plain(
        {
          kind: 'cancelCallBack',
          device: readDevice(request.originatingDevice),
          ...(request.targetDevice !== undefined && { to: readDevice(request.targetDevice) }),
        },
        { name: 'CancelCallBackResponse' },
      );
    case 'GenerateDigits':
      if (request.digitMode === 'rotaryPulse') return refused('operation.digitModeNotSupported');
      return at(request.connectionToSendDigits, (connection) =>
        plain(
          { kind: 'generateDigits', connection, digits: request.charactersToSend },
          { name: 'GenerateDigitsResponse' },
        ),
      );
    default:
      return request satisfies never;
  }
}

function plain(command: SwitchCommand, response: CstaResponse): CommandPlan {
  return { kind: 'command', command, response: () => response };
}

function at(id: ConnectionId, plan: (connection: ConnectionRef) => Plan): Plan {
  const connection = readConnection(id);
  return connection === undefined ? refused('operation.invalidConnectionID') : plan(connection);
}

function atBoth(
  ids: { readonly heldCall: ConnectionId; readonly activeCall: ConnectionId },
  plan: (held: ConnectionRef, active: ConnectionRef) => Plan,
): Plan {
  const held = readConnection(ids.heldCall);
  const active = readConnection(ids.activeCall);
  if (held === undefined) return refused('operation.invalidHeldConnectionID');
  return active === undefined ? refused('operation.invalidActiveConnectionID') : plan(held, active);
}

interface Move {
  readonly connection: ConnectionRef;
  readonly command: SwitchCommand;
  readonly response: CstaResponse;
}

/** A transfer or a deflection, to a number or to one device of it. */
function moved(
  { privateData }: { readonly privateData?: PrivateData | undefined },
  destination: Parameters<typeof readDevice>[0],
  context: ServiceContext,
  move: (to: string, autoAnswer: boolean) => Move,
): Plan {
  const number = readDevice(destination);
  const { targetDevice, autoAnswer = false } = readSiemensData(privateData);
  if (targetDevice === undefined || !context.personality.privateData.targetDevice) {
    const { command, response } = move(number, autoAnswer);
    return plain(command, response);
  }
  const target = readDevice(targetDevice);
  const { connection, command, response } = move(target, autoAnswer);
  const fault = handOverFault(connection, number, target, context);
  if (fault !== undefined) return refused(fault);
  return { ...plain(command, response), handOver: { connection, target } };
}

/** What can be known before anything is done: some platforms answer before that. */
function handOverFault(
  { call, device }: ConnectionRef,
  number: DeviceId,
  target: DeviceId,
  { api }: ServiceContext,
): CstaErrorCode | undefined {
  const found = api.call(call);
  if (found === undefined) return 'operation.invalidCallID';
  const connection = found.connections.find((one) => one.device === device);
  if (connection === undefined) return 'operation.invalidConnectionID';
  const extension = api.device(target)?.extension;
  if (extension === undefined || api.device(number)?.extension !== extension) {
    return 'operation.invalidDestinationDeviceID';
  }
  if (device === target) return 'operation.notDifferentDevices';
  if (api.device(target)?.inService !== true) {
    return 'systemResourceAvailability.destinationDeviceOutOfService';
  }
  const { servicesPermitted } = connection;
  const isMovable = servicesPermitted.some(
    (service) => service === 'singleStepTransferCall' || service === 'deflectCall',
  );
  return isMovable ? undefined : 'stateIncompatibility.invalidConnectionState';
}

function slotOf(device: DeviceId, { numbers }: ServiceContext): number | undefined {
  const { parkSlots } = numbers;
  const digit = device.startsWith(parkSlots) ? device.slice(parkSlots.length) : '';
  return /^[1-9]$/.test(digit) ? Number(digit) : undefined;
}
