import type { CstaOutcome } from '@offhook/csta';
import type { SyncCounts } from './sync/api.ts';

/** Numbers of a control link for the metrics; those of requests only grow. */
export interface CtiCounts extends SyncCounts {
  readonly up: boolean;
  readonly ups: number;
  readonly requests: number;
  readonly refused: number;
  readonly timeouts: number;
  readonly lost: number;
}

export class LinkCounts {
  ups = 0;
  requests = 0;
  refused = 0;
  timeouts = 0;
  /** Answers that went with the link, or requests that were not sent for there was none. */
  lost = 0;

  get all(): Pick<CtiCounts, 'ups' | 'requests' | 'refused' | 'timeouts' | 'lost'> {
    const { ups, requests, refused, timeouts, lost } = this;
    return { ups, requests, refused, timeouts, lost };
  }

  count(outcome: CstaOutcome): void {
    this.requests += 1;
    if (outcome.ok) return;
    switch (outcome.failure.code) {
      case 'refused':
      case 'wrong_answer':
        this.refused += 1;
        return;
      case 'timeout':
        this.timeouts += 1;
        return;
      case 'link_lost':
      case 'not_ready':
      case 'too_many_requests':
      case 'too_large':
        this.lost += 1;
    }
  }
}
