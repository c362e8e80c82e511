import type { CstaRequest } from '@offhook/csta';
import { callPlan } from './call-services.ts';
import { capabilities } from './capabilities.ts';
import type { Plan, ServiceContext } from './context.ts';
import { refused } from './context.ts';
import { featurePlan } from './feature-services.ts';
import { snapshotPlan } from './snapshots.ts';

/** Requests that need the state of the link they come over. */
export type LinkRequest = Extract<
  CstaRequest,
  { readonly name: 'MonitorStart' | 'MonitorStop' | 'GetSwitchingFunctionDevices' }
>;

/** What is to be done for a request, whoever asks. Says nothing of whether the platform offers it. */
export function planOf(request: Exclude<CstaRequest, LinkRequest>, context: ServiceContext): Plan {
  switch (request.name) {
    case 'SystemRegister':
    case 'SystemRegisterCancel':
    case 'SystemStatus':
    case 'RequestSystemStatus':
      // The session answers them.
      return refused('operation.generic');
    case 'GetSwitchingFunctionCapabilities':
      return { kind: 'answer', response: capabilities(context.personality) };
    case 'SnapshotDevice':
    case 'SnapshotCall':
      return snapshotPlan(request, context);
    case 'SetForwarding':
    case 'GetForwarding':
    case 'SetDoNotDisturb':
    case 'GetDoNotDisturb':
    case 'SetAgentState':
    case 'GetAgentState':
    case 'SetMessageWaitingIndicator':
    case 'GetMessageWaitingIndicator':
      return featurePlan(request, context);
    case 'MakeCall':
    case 'AnswerCall':
    case 'ClearConnection':
    case 'ClearCall':
    case 'HoldCall':
    case 'RetrieveCall':
    case 'AlternateCall':
    case 'ConsultationCall':
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
      return callPlan(request, context);
    default:
      return request satisfies never;
  }
}
