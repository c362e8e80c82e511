import type { HistoryFilter } from '@offhook/contract';

/** What of the history is asked for; `search` as typed. */
export interface HistoryWish {
  readonly filter: HistoryFilter;
  readonly search: string;
}
