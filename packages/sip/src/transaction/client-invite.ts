import type { Millis } from '../endpoint/api.ts';
import type { Step, TransactionTiming } from '../timing/timing.ts';
import { earliest, sixtyFourT1 } from '../timing/timing.ts';
import type { ClientInput } from './machine.ts';

/**
 * The INVITE client transaction: RFC 3261 section 17.1.1, figure 5, with the Accepted state of RFC 6026 section 7.2.
 *
 * ```
 *                     │ INVITE from the user: send
 *                     ▼
 *     timer A:  ┌───────────┐  timer B or transport error: tell the user
 *     send   ┌─►│  calling  ├──────────────────────────────────────────────┐
 *            └──┤           │                                              │
 *               └─┬──┬───┬──┘                                              │
 *            1xx │   │2xx│ 300–699: deliver, ACK                           │
 *                ▼   │   └────────────────────┐                            │
 *   1xx:   ┌──────────┐│                      ▼                            │
 *   deliver│proceeding├┼────300–699────►┌───────────┐ timer D or           │
 *        └►│          ││ deliver, ACK   │ completed │ transport error      │
 *          └──────┬───┘│                │           ├──────────────────────┤
 *             2xx │    │                └───────────┘                      │
 *         deliver ▼    ▼                  ▲       │ 300–699: ACK           │
 *               ┌──────────┐              └───────┘                        ▼
 *   2xx:deliver │ accepted │ timer M                               ┌────────────┐
 *             └►│          ├──────────────────────────────────────►│ terminated │
 *               └──────────┘                                       └────────────┘
 * ```
 */
export type ClientInviteState =
  | {
      readonly name: 'calling';
      /** Timer A (17.1.1.2): only on unreliable transports. */
      readonly retransmitAt?: Millis;
      readonly interval: Millis;
      /** Timer B. */
      readonly giveUpAt: Millis;
    }
  | { readonly name: 'proceeding' }
  /** Timer D: absorbs retransmitted failures. */
  | { readonly name: 'completed'; readonly endAt: Millis }
  /** Timer M: lets 2xx of every fork, and their retransmissions, through to the user. */
  | { readonly name: 'accepted'; readonly endAt: Millis }
  | { readonly name: 'terminated' };

export type ClientInviteOutput =
  | 'send_request'
  | 'send_ack'
  | 'deliver_response'
  | 'report_timeout'
  | 'report_transport_error';

type Result = Step<ClientInviteState, ClientInviteOutput>;

/** Timer D: "at least 32 seconds" on unreliable transports (17.1.1.2). */
const timerD = (timing: TransactionTiming): Millis =>
  timing.reliable ? 0 : Math.max(32_000, sixtyFourT1(timing));

export function startClientInvite(timing: TransactionTiming, now: Millis): Result {
  const giveUpAt = now + timing.transactionTimeout;
  return {
    state: timing.reliable
      ? { name: 'calling', interval: timing.t1, giveUpAt }
      : { name: 'calling', interval: timing.t1, giveUpAt, retransmitAt: now + timing.t1 },
    outputs: ['send_request'],
  };
}

export function stepClientInvite(
  state: ClientInviteState,
  input: ClientInput,
  timing: TransactionTiming,
  now: Millis,
): Result {
  switch (state.name) {
    case 'calling':
      if (input.kind === 'response') return answered(state, input.status, timing, now);
      if (input.kind === 'transport_error') return ended('report_transport_error');
      if (now >= state.giveUpAt) return ended('report_timeout');
      if (state.retransmitAt !== undefined && now >= state.retransmitAt) {
        const interval = state.interval * 2;
        return {
          state: { ...state, interval, retransmitAt: now + interval },
          outputs: ['send_request'],
        };
      }
      return { state, outputs: [] };
    case 'proceeding':
      return input.kind === 'response' ? answered(state, input.status, timing, now) : { state, outputs: [] };
    case 'completed':
      if (input.kind === 'response' && input.status >= 300) return { state, outputs: ['send_ack'] };
      if (input.kind === 'transport_error') return ended('report_transport_error');
      return expire(state, input, now);
    case 'accepted':
      if (input.kind === 'response' && input.status >= 200 && input.status < 300) {
        return { state, outputs: ['deliver_response'] };
      }
      return expire(state, input, now);
    case 'terminated':
      return { state, outputs: [] };
  }
}

function answered(state: ClientInviteState, status: number, timing: TransactionTiming, now: Millis): Result {
  if (status < 200) {
    return {
      state: state.name === 'proceeding' ? state : { name: 'proceeding' },
      outputs: ['deliver_response'],
    };
  }
  if (status < 300) {
    return {
      state: { name: 'accepted', endAt: now + sixtyFourT1(timing) },
      outputs: ['deliver_response'],
    };
  }
  const lifetime = timerD(timing);
  return {
    state: lifetime === 0 ? { name: 'terminated' } : { name: 'completed', endAt: now + lifetime },
    outputs: ['send_ack', 'deliver_response'],
  };
}

const ended = (why: ClientInviteOutput): Result => ({
  state: { name: 'terminated' },
  outputs: [why],
});

function expire(
  state: Extract<ClientInviteState, { endAt: Millis }>,
  input: ClientInput,
  now: Millis,
): Result {
  return input.kind === 'tick' && now >= state.endAt
    ? { state: { name: 'terminated' }, outputs: [] }
    : { state, outputs: [] };
}

/** When the machine wants its next `tick`. */
export function clientInviteDeadline(state: ClientInviteState): Millis | undefined {
  switch (state.name) {
    case 'calling':
      return earliest(state.retransmitAt, state.giveUpAt);
    case 'completed':
    case 'accepted':
      return state.endAt;
    case 'proceeding':
    case 'terminated':
      return undefined;
  }
}
