import type { Agent } from '../agent/agent.ts';
import { ClientRequest } from '../agent/client-request.ts';
import type { ClientRequestOptions } from '../agent/client-request.ts';
import type { ExtraHeaders, Millis } from '../endpoint/api.ts';
import { canonicalName } from '../message/names.ts';
import type { SipRequest } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';
import { sixtyFourT1 } from '../timing/timing.ts';
import { cancelFor } from '../transaction/derived-requests.ts';

type State =
  | { readonly name: 'inviting' }
  | { readonly name: 'cancel_wanted'; readonly headers: ExtraHeaders }
  | { readonly name: 'cancelling' | 'let_go'; readonly guard: Timer }
  | { readonly name: 'over' };

/**
 * An INVITE of ours that can be cancelled (RFC 3261 section 9.1).
 *
 * ```
 *   inviting ──cancel, 1xx has come──────► cancelling ──final response────────► over
 *      │ │                                  ▲   │ 64·T1 without one: time-out ──►
 *      │ └─cancel─► cancel_wanted ──1xx─────┘
 *      │                  │
 *      └──────────────────┴────────final response or failure──────────────────► over
 * ```
 *
 * `letGo` is for a re-INVITE whose dialog has ended: its final response may never come, because a 2xx is not
 * retransmitted any more after a BYE; one that comes within 64·T1 is still acknowledged.
 */
export class InviteRequest {
  readonly #agent: Agent;
  readonly #options: ClientRequestOptions;
  readonly #request: ClientRequest;
  #state: State = { name: 'inviting' };

  constructor(agent: Agent, options: ClientRequestOptions, now: Millis) {
    this.#agent = agent;
    this.#options = options;
    this.#request = new ClientRequest(
      agent,
      {
        ...options,
        onResponse: (response, sent, flow, at) => {
          if (response.status < 200) this.#provisional(at);
          else this.#over();
          options.onResponse(response, sent, flow, at);
        },
        onFailure: (failure, at) => {
          this.#over();
          options.onFailure(failure, at);
        },
      },
      now,
    );
  }

  /**
   * `withdrawn`: nothing was sent and nothing will come. `pending`: a final response or a failure will come; it may be a
   * 2xx that crossed the CANCEL.
   */
  cancel(headers: ExtraHeaders, now: Millis): 'withdrawn' | 'pending' {
    if (this.#state.name !== 'inviting') return 'pending';
    if (this.#request.withdraw()) {
      this.#state = { name: 'over' };
      return 'withdrawn';
    }
    this.#request.stopRetrying();
    this.#state = { name: 'cancel_wanted', headers };
    if (this.#request.transaction?.stateName === 'proceeding') this.#sendCancel(headers, now);
    return 'pending';
  }

  /** Nobody waits for the outcome any more. */
  letGo(now: Millis): void {
    if (this.#state.name !== 'inviting' && this.#state.name !== 'cancel_wanted') return;
    if (this.#request.withdraw()) {
      this.#state = { name: 'over' };
      return;
    }
    this.#request.stopRetrying();
    this.#state = { name: 'let_go', guard: this.#guard(now) };
  }

  #provisional(now: Millis): void {
    if (this.#state.name === 'cancel_wanted') this.#sendCancel(this.#state.headers, now);
  }

  #sendCancel(headers: ExtraHeaders, now: Millis): void {
    const invite = this.#request.transaction;
    if (invite === undefined) return;
    const { transactions } = this.#agent;
    // The answer to the CANCEL tells nothing; the INVITE's own final response does.
    const indifferent = { onResponse: nothing, onTimeout: nothing, onTransportError: nothing };
    const cancel = withHeaders(cancelFor(invite.request), headers);
    transactions.startClient(cancel, invite.target, indifferent, now);
    this.#state = { name: 'cancelling', guard: this.#guard(now) };
  }

  #guard(now: Millis): Timer {
    const { timers, timing } = this.#agent;
    return timers.arm(now + sixtyFourT1(timing), (at) => {
      this.#state = { name: 'over' };
      this.#request.abandon();
      this.#options.onFailure({ kind: 'timeout' }, at);
    });
  }

  #over(): void {
    if (this.#state.name === 'cancelling' || this.#state.name === 'let_go') this.#state.guard.cancel();
    this.#state = { name: 'over' };
  }
}

const nothing = (): void => undefined;

function withHeaders(request: SipRequest, headers: ExtraHeaders): SipRequest {
  const added = headers.map(([name, value]) => ({ name: canonicalName(name), value }));
  return { ...request, headers: [...request.headers, ...added] };
}
