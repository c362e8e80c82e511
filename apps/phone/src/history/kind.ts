import type { HistoryEntry } from '@offhook/contract';

export type Kind = 'missed' | 'incoming' | 'outgoing';

/** Missed is what rang here and nobody of this user took or refused, on any device. */
export function kindOf({ direction, answeredAt, cause }: HistoryEntry): Kind {
  if (direction === 'outgoing') return 'outgoing';
  const settled = answeredAt !== undefined || cause === 'answered_elsewhere' || cause === 'declined';
  return settled ? 'incoming' : 'missed';
}
