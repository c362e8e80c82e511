import {
  SipUsageError,
  type Body,
  type SubscribeParams,
  type SubscriptionEvent,
  type SubscriptionId,
} from '@offhook/sip';
import type { SipDriver } from '../../calls/leg-sip.ts';
import type { Clock } from '../../clock.ts';

export interface ProbeOptions {
  readonly sip: SipDriver;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** `undefined` while the line cannot subscribe. */
  readonly params: () => SubscribeParams | undefined;
  /** The PBX has the package for this line, or has it no more. */
  readonly onPresence: (present: boolean) => void;
  readonly onBody: (body: Body) => void;
  readonly onSubscription: (subscription: SubscriptionId) => void;
}

/** Milliseconds after which a PBX that does not offer a package is asked again: it may have been set up meanwhile. */
const AGAIN_AFTER_REFUSAL = 6 * 3_600_000;
/** The same where it did not answer at all. */
const AGAIN_AFTER_SILENCE = 30 * 60_000;

type State =
  | { readonly name: 'off' }
  /** Nobody is asked in the same moment as everybody else. */
  | { readonly name: 'waiting'; readonly cancel: () => void }
  | { readonly name: 'asking' | 'there'; readonly subscription: SubscriptionId };

/**
 * Finds out whether the PBX offers an event package for a line, and keeps the subscription where it does.
 *
 * ```
 *   off ── start ──► waiting ── random time ──► asking ── active ──► there ── its loss ──► asking
 *                      ▲                          │ refused: again in 6 h, silent: in 30 min, both ± a half
 *                      └──────────────────────────┘
 *   stop: unsubscribes ──► off
 * ```
 *
 * The endpoint's own attempts are for a subscription that has stood once; one that was refused is not repeated by it, for
 * thousands of lines would ask a PBX for ever for what it does not have.
 */
export class Probe {
  readonly #options: ProbeOptions;
  #state: State = { name: 'off' };

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  get present(): boolean {
    return this.#state.name === 'there';
  }

  /** Asks within `spread` milliseconds, if it does not already. */
  start(spread: number): void {
    if (this.#state.name === 'off') this.#wait(this.#options.random() * spread);
  }

  stop(): void {
    const { present } = this;
    if (this.#state.name === 'waiting') this.#state.cancel();
    if (this.#state.name === 'asking' || this.#state.name === 'there') {
      this.#unsubscribe(this.#state.subscription);
    }
    this.#state = { name: 'off' };
    if (present) this.#options.onPresence(false);
  }

  /** To be called for the events of what was told to `onSubscription`; what is of an older one is passed over. */
  onEvent(event: Extract<SubscriptionEvent, { subscription: SubscriptionId }>): void {
    const state = this.#state;
    if ((state.name !== 'asking' && state.name !== 'there') || state.subscription !== event.subscription)
      return;
    if (event.type === 'subscription.notified') {
      if (event.body !== undefined) this.#options.onBody(event.body);
      return;
    }
    switch (event.state.name) {
      case 'active':
        if (state.name === 'there') break;
        this.#state = { name: 'there', subscription: state.subscription };
        this.#options.onPresence(true);
        break;
      case 'failed': {
        const { why } = event.state;
        const isSilent = why.kind === 'timeout' || why.kind === 'transport';
        // A PBX that was restarted knows the subscription no more, and has the package as before (RFC 6665 section 4.1.2.2).
        const isForgotten = why.kind === 'response' && why.response.status === 481;
        this.#lost(
          state,
          isSilent || isForgotten || why.kind === 'terminated',
          isSilent ? AGAIN_AFTER_SILENCE : AGAIN_AFTER_REFUSAL,
        );
        break;
      }
      case 'ended':
        this.#lost(state, false, AGAIN_AFTER_REFUSAL);
        break;
      case 'subscribing':
      case 'pending':
        break;
    }
  }

  #lost(state: Extract<State, { subscription: SubscriptionId }>, mayCome: boolean, again: number): void {
    const { subscription } = state;
    if (state.name === 'there' && mayCome) {
      // A PBX that restarts: the endpoint asks again by itself.
      this.#state = { name: 'asking', subscription };
      this.#options.onPresence(false);
      return;
    }
    const wasThere = state.name === 'there';
    this.#wait(again * (0.5 + this.#options.random()));
    this.#unsubscribe(subscription);
    if (wasThere) this.#options.onPresence(false);
  }

  #wait(milliseconds: number): void {
    const cancel = this.#options.clock.after(milliseconds, () => {
      this.#ask();
    });
    this.#state = { name: 'waiting', cancel };
  }

  #ask(): void {
    const params = this.#options.params();
    if (params === undefined) {
      this.#state = { name: 'off' };
      return;
    }
    try {
      this.#options.sip.run((endpoint, now) => {
        const subscription = endpoint.subscribe(params, now);
        this.#state = { name: 'asking', subscription };
        this.#options.onSubscription(subscription);
      });
    } catch (error) {
      // There are too many.
      if (!(error instanceof SipUsageError)) throw error;
      this.#wait(AGAIN_AFTER_SILENCE * (0.5 + this.#options.random()));
    }
  }

  #unsubscribe(subscription: SubscriptionId): void {
    try {
      this.#options.sip.run((endpoint, now) => {
        endpoint.unsubscribe(subscription, now);
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
    }
  }
}
