import type { EndCause } from '@offhook/contract';

/** How a connection stood when it went. */
export interface Leaving {
  readonly event: string;
  /** Event cause of ECMA-269 section 12.2.15, or a word of the vendor's. */
  readonly cause: string | undefined;
  readonly direction: 'incoming' | 'outgoing';
  readonly isAnswered: boolean;
  /** Another connection of the call has been answered. */
  readonly isAnsweredElsewhere: boolean;
}

const REFUSED: Readonly<Record<string, EndCause>> = {
  busy: 'busy',
  doNotDisturb: 'busy',
  callNotAnswered: 'no_answer',
  noAnswer: 'no_answer',
  callCancelled: 'cancelled',
  rejected: 'rejected',
  destNotObtainable: 'unknown_number',
  invalidNumberFormat: 'unknown_number',
  invalidNumber: 'unknown_number',
  destOutOfOrder: 'unreachable',
  networkNotObtainable: 'unreachable',
  networkCongestion: 'unreachable',
  networkOutOfOrder: 'unreachable',
  resourcesNotAvailable: 'unreachable',
  trunksBusy: 'unreachable',
  incompatibleDestination: 'failed',
};

const MOVED: Readonly<Record<string, EndCause>> = {
  transfer: 'transferred',
  singleStepTransfer: 'transferred',
  conference: 'joined',
  park: 'parked',
  callPickup: 'answered_elsewhere',
  answeredElsewhere: 'answered_elsewhere',
};

const FORWARDED: ReadonlySet<string> = new Set([
  'redirected',
  'callForward',
  'callForwardBusy',
  'callForwardImmediate',
  'callForwardNoAnswer',
  'distributed',
]);

/** Why a connection of the user is gone, for people. Words that nobody knows say no more than the event. */
export function endCauseOf(leaving: Leaving): EndCause | undefined {
  const { event, cause = '', direction, isAnswered, isAnsweredElsewhere } = leaving;
  const moved = MOVED[cause];
  if (moved !== undefined) return moved;
  if (event === 'TransferredEvent') return 'transferred';
  if (event === 'ConferencedEvent') return 'joined';
  if (event === 'DivertedEvent') return 'deflected';
  if (isAnswered) return 'completed';
  // For want of a word of the standard it is told as redirected, too.
  if (isAnsweredElsewhere && direction === 'incoming') return 'answered_elsewhere';
  if (FORWARDED.has(cause)) return 'deflected';
  const refused = REFUSED[cause];
  if (refused !== undefined) return refused;
  return event === 'FailedEvent' ? 'failed' : undefined;
}
