import type { Millis } from '../endpoint/api.ts';
import type { Step, TransactionTiming } from '../timing/timing.ts';
import { doubledUpToT2, earliest } from '../timing/timing.ts';
import type { ClientInput } from './machine.ts';

/**
 * The non-INVITE client transaction: RFC 3261 section 17.1.2, figure 6.
 *
 * ```
 *                   │ request from the user: send
 *                   ▼
 *   timer E:  ┌───────────┐  timer F or transport error: tell the user
 *   send   ┌─►│  trying   ├────────────────────────────────┐
 *          └──┤           ├──200–699: deliver──┐           │
 *             └─────┬─────┘                    │           │
 *               1xx │ deliver                  ▼           │
 *                   ▼                   ┌───────────┐      │
 *   timer E:  ┌───────────┐  200–699    │ completed │      │
 *   send   ┌─►│proceeding ├────────────►│           │      │
 *   (T2)   └──┤           │   deliver   └─────┬─────┘      │
 *             └─────┬─────┘           timer K │            ▼
 *                   │                         │     ┌────────────┐
 *                   └─timer F, transp. error──┴────►│ terminated │
 *                                                   └────────────┘
 * ```
 */
export type ClientNonInviteState =
  | {
      readonly name: 'trying' | 'proceeding';
      /** Timer E: only on unreliable transports. */
      readonly retransmitAt?: Millis;
      readonly interval: Millis;
      /** Timer F. */
      readonly giveUpAt: Millis;
    }
  /** Timer K: absorbs retransmitted final responses. */
  | { readonly name: 'completed'; readonly endAt: Millis }
  | { readonly name: 'terminated' };

export type ClientNonInviteOutput =
  | 'send_request'
  | 'deliver_response'
  | 'report_timeout'
  | 'report_transport_error';

type Result = Step<ClientNonInviteState, ClientNonInviteOutput>;

export function startClientNonInvite(timing: TransactionTiming, now: Millis): Result {
  const giveUpAt = now + timing.transactionTimeout;
  return {
    state: timing.reliable
      ? { name: 'trying', interval: timing.t1, giveUpAt }
      : { name: 'trying', interval: timing.t1, giveUpAt, retransmitAt: now + timing.t1 },
    outputs: ['send_request'],
  };
}

export function stepClientNonInvite(
  state: ClientNonInviteState,
  input: ClientInput,
  timing: TransactionTiming,
  now: Millis,
): Result {
  switch (state.name) {
    case 'trying':
    case 'proceeding':
      if (input.kind === 'response') {
        if (input.status < 200) {
          return { state: { ...state, name: 'proceeding' }, outputs: ['deliver_response'] };
        }
        return {
          state: timing.reliable ? { name: 'terminated' } : { name: 'completed', endAt: now + timing.t4 },
          outputs: ['deliver_response'],
        };
      }
      if (input.kind === 'transport_error') return ended('report_transport_error');
      if (now >= state.giveUpAt) return ended('report_timeout');
      if (state.retransmitAt !== undefined && now >= state.retransmitAt) {
        // In proceeding, timer E is reset with T2 (17.1.2.2).
        const interval = state.name === 'proceeding' ? timing.t2 : doubledUpToT2(state.interval, timing);
        return {
          state: { ...state, interval, retransmitAt: now + interval },
          outputs: ['send_request'],
        };
      }
      return { state, outputs: [] };
    case 'completed':
      return input.kind === 'tick' && now >= state.endAt
        ? { state: { name: 'terminated' }, outputs: [] }
        : { state, outputs: [] };
    case 'terminated':
      return { state, outputs: [] };
  }
}

const ended = (why: ClientNonInviteOutput): Result => ({
  state: { name: 'terminated' },
  outputs: [why],
});

/** When the machine wants its next `tick`. */
export function clientNonInviteDeadline(state: ClientNonInviteState): Millis | undefined {
  switch (state.name) {
    case 'trying':
    case 'proceeding':
      return earliest(state.retransmitAt, state.giveUpAt);
    case 'completed':
      return state.endAt;
    case 'terminated':
      return undefined;
  }
}
