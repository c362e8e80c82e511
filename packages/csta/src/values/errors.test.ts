import { expect, it } from 'vitest';
import type { CstaErrorCode, RefusalReason } from './errors.ts';
import { ERROR_CODES, refusalReason } from './errors.ts';

it.each<[CstaErrorCode, RefusalReason]>([
  ['operation.serviceNotSupported', 'not_supported'],
  ['operation.requestIncompatibleWithDevice', 'not_supported'],
  ['operation.privilegeViolationCalledDevice', 'not_permitted'],
  ['security.generic', 'not_permitted'],
  ['operation.invalidDeviceID', 'not_found'],
  ['operation.invalidConnectionID', 'not_found'],
  ['operation.objectNotKnown', 'not_found'],
  ['operation.invalidDestination', 'not_found'],
  ['stateIncompatibility.noActiveCall', 'wrong_state'],
  ['stateIncompatibility.other', 'wrong_state'],
  ['systemResourceAvailability.resourceBusy', 'busy'],
  ['systemResourceAvailability.deviceOutOfService', 'out_of_service'],
  ['systemResourceAvailability.conferenceMemberLimitExceeded', 'limit'],
  ['subscribedResourceAvailability.outstandingReqLimitExceeded', 'limit'],
  ['subscribedResourceAvailability.generic', 'busy'],
  ['performanceManagement.generic', 'limit'],
  ['privateDataInformation.cSTAPrivateDataInfoError', 'invalid'],
  ['operation.generic', 'invalid'],
])('[ECMA-269-12.2.14] %s means %s', (code, reason) => {
  expect(refusalReason({ code, detail: '' })).toBe(reason);
});

it('[ECMA-269-12.2.14] every category has a code for values of the future', () => {
  expect(ERROR_CODES.filter((code) => code.endsWith('.other'))).toHaveLength(8);
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
});
