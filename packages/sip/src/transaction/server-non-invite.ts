import type { Millis } from '../endpoint/api.ts';
import type { Step, TransactionTiming } from '../timing/timing.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import type { ServerInput } from './machine.ts';

/**
 * The non-INVITE server transaction: RFC 3261 section 17.2.2, figure 8. As in `server-invite.ts`, a transport error
 * is told to the user and changes no state: the retransmitted request finds its response again.
 *
 * ```
 *                    │ request: deliver
 *                    ▼
 *   request:   ┌───────────┐  200–699 from the user: send
 *   absorb  ┌─►│  trying   ├───────────────────────────────┐
 *           └──┤           │                               │
 *              └─────┬─────┘                               │
 *    1xx: send       │                                     ▼
 *                    ▼                               ┌───────────┐
 *   request or ┌───────────┐  200–699: send          │ completed │◄─┐ request:
 *   1xx:    ┌─►│proceeding ├────────────────────────►│           ├──┘ send again
 *   send    └──┤           │                         └─────┬─────┘
 *              └───────────┘                      timer J  │
 *                                                          ▼
 *   trying, proceeding: RFC 4320 section 4.2      ┌────────────────┐
 *   forbids an answer after timer F: abandoned ──►│   terminated   │
 *                                                 └────────────────┘
 * ```
 */
export type ServerNonInviteState =
  | {
      readonly name: 'trying' | 'proceeding';
      /** After 64·T1 the client has given up: a final response would come too late for anybody. */
      readonly abandonAt: Millis;
    }
  /** Timer J. */
  | { readonly name: 'completed'; readonly endAt: Millis }
  | { readonly name: 'terminated' };

export type ServerNonInviteOutput =
  | 'send_response'
  | 'retransmit_response'
  | 'report_abandoned'
  | 'report_transport_error';

type Result = Step<ServerNonInviteState, ServerNonInviteOutput>;

export function startServerNonInvite(timing: TransactionTiming, now: Millis): ServerNonInviteState {
  return { name: 'trying', abandonAt: now + sixtyFourT1(timing) };
}

export function stepServerNonInvite(
  state: ServerNonInviteState,
  input: ServerInput,
  timing: TransactionTiming,
  now: Millis,
): Result {
  if (input.kind === 'transport_error' && state.name !== 'terminated') {
    return { state, outputs: ['report_transport_error'] };
  }
  switch (state.name) {
    case 'trying':
    case 'proceeding':
      if (input.kind === 'request') {
        return { state, outputs: state.name === 'proceeding' ? ['retransmit_response'] : [] };
      }
      if (input.kind === 'respond') {
        if (input.status < 200) {
          return { state: { ...state, name: 'proceeding' }, outputs: ['send_response'] };
        }
        return {
          state: timing.reliable
            ? { name: 'terminated' }
            : { name: 'completed', endAt: now + sixtyFourT1(timing) },
          outputs: ['send_response'],
        };
      }
      return input.kind === 'tick' && now >= state.abandonAt
        ? { state: { name: 'terminated' }, outputs: ['report_abandoned'] }
        : { state, outputs: [] };
    case 'completed':
      if (input.kind === 'request') return { state, outputs: ['retransmit_response'] };
      return input.kind === 'tick' && now >= state.endAt
        ? { state: { name: 'terminated' }, outputs: [] }
        : { state, outputs: [] };
    case 'terminated':
      return { state, outputs: [] };
  }
}

/** When the machine wants its next `tick`. */
export function serverNonInviteDeadline(state: ServerNonInviteState): Millis | undefined {
  switch (state.name) {
    case 'trying':
    case 'proceeding':
      return state.abandonAt;
    case 'completed':
      return state.endAt;
    case 'terminated':
      return undefined;
  }
}
