import type { CstaRequest, CstaResponse } from '@offhook/csta';
import { toCallId } from '@offhook/csta';

const NO_CALL = toCallId('0'.repeat(32));

/**
 * A yes to a request that is not carried out. New connections are of a call that does not exist. `undefined` for what only asks: there is
 * nothing that could be left undone.
 */
export function falseAnswer(request: CstaRequest): CstaResponse | undefined {
  switch (request.name) {
    case 'MakeCall':
      return {
        name: 'MakeCallResponse',
        callingDevice: { callID: NO_CALL, deviceID: request.callingDevice },
      };
    case 'ConsultationCall':
      return {
        name: 'ConsultationCallResponse',
        initiatedCall: { callID: NO_CALL, deviceID: request.existingCall.deviceID },
      };
    case 'AnswerCall':
    case 'ClearConnection':
    case 'ClearCall':
    case 'HoldCall':
    case 'RetrieveCall':
    case 'AlternateCall':
    case 'ReconnectCall':
    case 'TransferCall':
    case 'ConferenceCall':
    case 'SingleStepTransferCall':
    case 'SingleStepConferenceCall':
    case 'DeflectCall':
    case 'DirectedPickupCall':
    case 'GroupPickupCall':
    case 'ParkCall':
    case 'CallBackCallRelated':
    case 'CallBackNonCallRelated':
    case 'CancelCallBack':
    case 'GenerateDigits':
    case 'SetForwarding':
    case 'SetDoNotDisturb':
    case 'SetAgentState':
    case 'SetMessageWaitingIndicator':
    case 'MonitorStop':
      return { name: `${request.name}Response` };
    case 'SystemRegister':
    case 'SystemRegisterCancel':
    case 'SystemStatus':
    case 'RequestSystemStatus':
    case 'GetSwitchingFunctionCapabilities':
    case 'GetSwitchingFunctionDevices':
    case 'MonitorStart':
    case 'SnapshotDevice':
    case 'SnapshotCall':
    case 'GetForwarding':
    case 'GetDoNotDisturb':
    case 'GetAgentState':
    case 'GetMessageWaitingIndicator':
      return undefined;
    default:
      return request satisfies never;
  }
}
