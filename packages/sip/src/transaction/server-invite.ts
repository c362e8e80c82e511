import type { Millis } from '../endpoint/api.ts';
import type { Step, TransactionTiming } from '../timing/timing.ts';
import { doubledUpToT2, earliest, sixtyFourT1, tryingDelay } from '../timing/timing.ts';
import type { ServerInput } from './machine.ts';

/**
 * The INVITE server transaction: RFC 3261 section 17.2.1, figure 7, with the Accepted state of RFC 6026 section 7.1.
 * A transport error is told to the user and changes no state (RFC 6026 section 7.1): when the peer retransmits,
 * the response may find its way.
 *
 * ```
 *                      │ INVITE: deliver
 *                      ▼
 *    INVITE or   ┌────────────┐  2xx from the user: send   ┌──────────┐
 *    1xx:     ┌─►│ proceeding ├───────────────────────────►│ accepted │◄─┐ INVITE: absorb
 *    send     └──┤            │                            │          ├──┘ 2xx: send, ACK: deliver
 *                └─────┬──────┘                            └────┬─────┘
 *      300–699: send   │                                        │ timer L
 *                      ▼                                        │
 *    INVITE or   ┌────────────┐  timer H: tell the user         │
 *    timer G: ┌─►│ completed  ├──────────────────────┐          │
 *    send     └──┤            │                      │          │
 *                └─────┬──────┘                      ▼          ▼
 *                  ACK │                         ┌────────────────┐
 *                      ▼                         │   terminated   │
 *    ACK:        ┌────────────┐  timer I         │                │
 *    absorb   ┌─►│ confirmed  ├─────────────────►│                │
 *             └──┤            │                  └────────────────┘
 *                └────────────┘
 * ```
 *
 * In proceeding the first word is the user's if it comes within 200 ms; else, or when the INVITE comes again before, it is
 * 100, so that an answer at once costs one message and a slow one stops the peer's retransmissions (timer A, 500 ms).
 */
export type ServerInviteState =
  | {
      readonly name: 'proceeding';
      /** Nothing is sent yet: then 100 goes out. */
      readonly tryingAt?: Millis;
    }
  | {
      readonly name: 'completed';
      /** Timer G: only on unreliable transports. */
      readonly retransmitAt?: Millis;
      readonly interval: Millis;
      /** Timer H. */
      readonly giveUpAt: Millis;
    }
  /** Timer I: absorbs further ACKs. */
  | { readonly name: 'confirmed'; readonly endAt: Millis }
  /** Timer L: absorbs retransmitted INVITEs while the user retransmits its 2xx. */
  | { readonly name: 'accepted'; readonly endAt: Millis }
  | { readonly name: 'terminated' };

export type ServerInviteOutput =
  /** 100, which no user has given. */
  | 'send_trying'
  /** The response just given. */
  | 'send_response'
  /** The last response again. */
  | 'retransmit_response'
  | 'deliver_ack'
  | 'report_timeout'
  | 'report_transport_error';

type Result = Step<ServerInviteState, ServerInviteOutput>;

export function startServerInvite(now: Millis): ServerInviteState {
  return { name: 'proceeding', tryingAt: now + tryingDelay };
}

export function stepServerInvite(
  state: ServerInviteState,
  input: ServerInput,
  timing: TransactionTiming,
  now: Millis,
): Result {
  if (input.kind === 'transport_error' && state.name !== 'terminated') {
    return { state, outputs: ['report_transport_error'] };
  }
  switch (state.name) {
    case 'proceeding':
      if (input.kind === 'respond') return responded(input.status, timing, now);
      if (state.tryingAt === undefined) {
        return { state, outputs: input.kind === 'request' ? ['retransmit_response'] : [] };
      }
      return input.kind === 'request' || (input.kind === 'tick' && now >= state.tryingAt)
        ? { state: { name: 'proceeding' }, outputs: ['send_trying'] }
        : { state, outputs: [] };
    case 'completed':
      if (input.kind === 'request') return { state, outputs: ['retransmit_response'] };
      if (input.kind === 'ack') {
        return {
          state: timing.reliable ? { name: 'terminated' } : { name: 'confirmed', endAt: now + timing.t4 },
          outputs: [],
        };
      }
      if (input.kind === 'tick' && now >= state.giveUpAt) {
        return { state: { name: 'terminated' }, outputs: ['report_timeout'] };
      }
      if (input.kind === 'tick' && state.retransmitAt !== undefined && now >= state.retransmitAt) {
        const interval = doubledUpToT2(state.interval, timing);
        return {
          state: { ...state, interval, retransmitAt: now + interval },
          outputs: ['retransmit_response'],
        };
      }
      return { state, outputs: [] };
    case 'accepted':
      if (input.kind === 'respond' && input.status >= 200 && input.status < 300) {
        return { state, outputs: ['send_response'] };
      }
      if (input.kind === 'ack') return { state, outputs: ['deliver_ack'] };
      return expire(state, input, now);
    case 'confirmed':
      return expire(state, input, now);
    case 'terminated':
      return { state, outputs: [] };
  }
}

function responded(status: number, timing: TransactionTiming, now: Millis): Result {
  if (status < 200) return { state: { name: 'proceeding' }, outputs: ['send_response'] };
  const giveUpAt = now + sixtyFourT1(timing);
  if (status < 300) {
    return { state: { name: 'accepted', endAt: giveUpAt }, outputs: ['send_response'] };
  }
  return {
    state: timing.reliable
      ? { name: 'completed', interval: timing.t1, giveUpAt }
      : { name: 'completed', interval: timing.t1, giveUpAt, retransmitAt: now + timing.t1 },
    outputs: ['send_response'],
  };
}

function expire(
  state: Extract<ServerInviteState, { endAt: Millis }>,
  input: ServerInput,
  now: Millis,
): Result {
  return input.kind === 'tick' && now >= state.endAt
    ? { state: { name: 'terminated' }, outputs: [] }
    : { state, outputs: [] };
}

/** When the machine wants its next `tick`. */
export function serverInviteDeadline(state: ServerInviteState): Millis | undefined {
  switch (state.name) {
    case 'completed':
      return earliest(state.retransmitAt, state.giveUpAt);
    case 'confirmed':
    case 'accepted':
      return state.endAt;
    case 'proceeding':
      return state.tryingAt;
    case 'terminated':
      return undefined;
  }
}
