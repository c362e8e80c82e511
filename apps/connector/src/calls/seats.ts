import { othersToHold, type Seat, type UserCall } from '@offhook/call-model';
import { OffhookError, type CallId, type UserId } from '@offhook/contract';
import type { Clock } from '../clock.ts';
import type { Platform, Subject } from '../platforms/platform.ts';
import type { CallBoard } from './board.ts';
import type { CallControl } from './control.ts';

export interface SeatsOptions {
  readonly board: CallBoard;
  readonly control: CallControl;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly subject: (userId: UserId, call: UserCall) => Subject;
}

/** Milliseconds for the others to be held. Who has asked hears no answer later than in 10 s: nothing is dialled after that. */
const PATIENCE = 8_000;

/** One person talks in one call at a time, at a client as at the desk phone: who begins to talk in one has the others held. */
export class Seats {
  readonly #options: SeatsOptions;

  constructor(options: SeatsOptions) {
    this.#options = options;
  }

  /**
   * Holds what the user talks in at this seat, but for `callId` and what is mixed with it: one after the other, so that a
   * refusal leaves the rest as it is. Rejects with `hold_refused`, or with what the platform said.
   */
  async clear(userId: UserId, seat: Seat | undefined, callId: CallId | undefined): Promise<void> {
    if (seat === undefined) return;
    const { board, clock } = this.#options;
    const until = clock.now().at + PATIENCE;
    for (const other of othersToHold(board.calls(userId), seat, callId)) {
      // Who holds a call that is on its way elsewhere disturbs that.
      if (other.handOver !== undefined) throw new OffhookError('hold_refused');
      try {
        await this.#hold(userId, seat, other);
      } catch (error) {
        const now = othersToHold(board.calls(userId), seat, callId);
        // It has ended or left meanwhile, which serves as well.
        if (!now.some((still) => still.callId === other.callId)) continue;
        // What is not permitted is to hold that one, and not what was asked for.
        const isOurs = OffhookError.from(error).code === 'call_not_permitted';
        throw isOurs ? new OffhookError('hold_refused') : error;
      }
    }
    if (clock.now().at >= until) throw new OffhookError('hold_refused');
  }

  async #hold(userId: UserId, seat: Seat, call: UserCall): Promise<void> {
    const { control, platform, subject } = this.#options;
    if (seat.at === 'desk_phone') await platform.calls.hold(subject(userId, call));
    else await control.leg(call.callId)?.request(seat.clientId, { method: 'hold' });
  }
}
