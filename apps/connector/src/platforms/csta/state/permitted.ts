import type { CallService } from '@offhook/contract';
import type { CallControlService, ServicesPermitted } from '@offhook/csta';

/** What people ask for, by the service that it takes. `deflect` serves all that send a ringing call elsewhere. */
const BY_SERVICE: Partial<Record<CallControlService, readonly CallService[]>> = {
  alternateCall: ['alternate'],
  answerCall: ['answer', 'answerAtDesk'],
  callBack: ['callBack'],
  clearConnection: ['hangUp', 'reject'],
  conferenceCall: ['conference'],
  consultationCall: ['consult'],
  deflectCall: ['deflect', 'toVoicemail', 'pushToAlternative'],
  holdCall: ['hold'],
  parkCall: ['park'],
  reconnectCall: ['reconnect'],
  retrieveCall: ['retrieve'],
  singleStepTransfer: ['transfer', 'pushToDesk', 'pushToAlternative'],
  transferCall: ['completeTransfer'],
};

/**
 * `servicesPermitted` (ECMA-269 section 12.2.25) in our words. `undefined` where the platform sends none: then the connection
 * state and the abilities decide, as the call model has it.
 */
export function permittedServices(services: ServicesPermitted | undefined): CallService[] | undefined {
  if (services === undefined) return undefined;
  const permitted = new Set(services.callControl.flatMap((service) => BY_SERVICE[service] ?? []));
  if (services.callAssociated.includes('generateDigits')) permitted.add('dtmf');
  return [...permitted];
}
