import type { EndCause, HistoryEntry } from '@offhook/contract';

export type Kind = 'missed' | 'incoming' | 'outgoing';

/** Somebody dealt with the call although this user did not talk. */
const settled: ReadonlySet<EndCause> = new Set<EndCause>([
  'answered_elsewhere',
  'declined',
  'deflected',
  'transferred',
  'joined',
  'parked',
]);

/** Missed is what rang here and nobody of this user took, refused or sent on, on any device. */
export function kindOf({ direction, answeredAt, cause }: HistoryEntry): Kind {
  if (direction === 'outgoing') return 'outgoing';
  return answeredAt !== undefined || settled.has(cause) ? 'incoming' : 'missed';
}
