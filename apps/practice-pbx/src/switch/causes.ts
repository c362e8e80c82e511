import type { Cause, ForwardingType } from './api.ts';

/** What a final status of SIP means in the words of CSTA. */
export function causeOf(status: number): Cause {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 404:
    case 484:
    case 604:
      return 'invalidNumber';
    case 403:
    case 603:
      return 'rejected';
    case 408:
    case 480:
      return 'noAnswer';
    case 487:
      return 'callCancelled';
    case 415:
    case 488:
    case 606:
      return 'incompatibleDestination';
    case 503:
      return 'resourcesNotAvailable';
    default:
      return 'destNotObtainable';
  }
}

export function forwardingCause(type: ForwardingType): Cause {
  switch (type) {
    case 'immediate':
      return 'callForwardImmediate';
    case 'busy':
      return 'callForwardBusy';
    case 'noAnswer':
      return 'callForwardNoAnswer';
    default:
      return type satisfies never;
  }
}
