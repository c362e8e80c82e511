import { givesWay, type LegFact, type UserCall } from '@offhook/call-model';
import { OffhookError, type CallId, type UserId } from '@offhook/contract';
import type { Log } from '../log.ts';
import type { CallBoard } from './board.ts';
import type { LiveCall } from './live-call.ts';

export interface OneTalksOptions {
  readonly board: CallBoard;
  readonly leg: (callId: CallId) => LiveCall | undefined;
  /** A number that can always be dialled. */
  readonly isEmergency: (number: string) => boolean;
  readonly log: Log;
}

/**
 * What a client asks for clears its seat first (`seats.ts`). What the far end does cannot be asked beforehand: of two calls that ring
 * out both can be answered, or one while the user has answered another. Then one of the two is put on hold at once, and is
 * not heard from that moment on; which one is said by the call model.
 */
export class OneTalks {
  readonly #options: OneTalksOptions;
  readonly #mixing = new Set<CallId>();

  constructor(options: OneTalksOptions) {
    this.#options = options;
  }

  legChanged(userId: UserId, fact: LegFact): void {
    const { board, leg } = this.#options;
    const before = board.calls(userId);
    board.legChanged(userId, fact);
    if (this.#mixing.has(fact.callId)) return;
    for (const call of givesWay(before, board.calls(userId), fact.callId, this.#comesFirst)) {
      const live = leg(call.callId);
      const { owner } = live?.call ?? {};
      if (live === undefined || owner === undefined) continue;
      live.request(owner.clientId, { method: 'hold' }).catch((error: unknown) => {
        // The PBX refuses to hold it: then both are heard, and the user hangs one up. What has ended meanwhile needs no hold.
        const { code, message } = OffhookError.from(error);
        if (code !== 'call_not_found') {
          this.#options.log.warn({ userId, callId: call.callId, code, message }, 'two calls talk at once');
        }
      });
    }
  }

  /** The two are to talk together: neither gives way to the other while `work` is under way. */
  async mixing(callIds: readonly CallId[], work: () => Promise<void>): Promise<void> {
    for (const callId of callIds) this.#mixing.add(callId);
    try {
      await work();
    } finally {
      for (const callId of callIds) this.#mixing.delete(callId);
    }
  }

  /** By what was dialled: who has answered may have another number. */
  readonly #comesFirst = ({ callId, direction }: UserCall): boolean => {
    const dialled = this.#options.leg(callId)?.call.facts.remote.number;
    return direction === 'outgoing' && dialled !== undefined && this.#options.isEmergency(dialled);
  };
}
