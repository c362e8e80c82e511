import type { CstaRequestName } from '@offhook/csta';

/** Services about one call or a pair of them (ECMA-269 clauses 17 and 18). */
export const CALL_CONTROL = [
  'MakeCall',
  'AnswerCall',
  'ClearConnection',
  'ClearCall',
  'HoldCall',
  'RetrieveCall',
  'AlternateCall',
  'ConsultationCall',
  'ReconnectCall',
  'TransferCall',
  'ConferenceCall',
  'SingleStepTransferCall',
  'SingleStepConferenceCall',
  'DeflectCall',
  'DirectedPickupCall',
  'GroupPickupCall',
  'ParkCall',
  'CallBackCallRelated',
] as const satisfies readonly CstaRequestName[];

/** All that the switch carries out as a command about calls. */
export const CALL_SERVICES = [
  ...CALL_CONTROL,
  'CallBackNonCallRelated',
  'CancelCallBack',
  'GenerateDigits',
] as const satisfies readonly CstaRequestName[];
