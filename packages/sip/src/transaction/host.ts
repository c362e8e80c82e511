import type { Target, Transport } from '../endpoint/api.ts';
import type { WireMessage } from '../message/serialise.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { TimerQueue } from '../timing/timer-queue.ts';
import type { TransactionTiming } from '../timing/timing.ts';

/** What a transaction needs around it. */
export interface TransactionHost {
  readonly timers: TimerQueue;
  timingOver(transport: Transport): TransactionTiming;
  /** The 100 to an INVITE that nobody has answered yet. */
  trying(invite: SipRequest): SipResponse;
  transmit(target: Target, message: WireMessage, isRetransmission: boolean): void;
}
