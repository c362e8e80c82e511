import { OffhookError, type Me } from '@offhook/contract';
import type { ApiClient } from '../api/api-client.ts';
import type { Cancel, Clock, Log } from '../ports.ts';
import { backoffDelay } from '../realtime/backoff.ts';
import type { SessionState, SignedOutReason } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';

const BACKOFF = { baseMs: 1_000, capMs: 15_000 } as const;

export interface SessionHandlers {
  onSignedIn(me: Me): void;
  onSignedOut(reason: SignedOutReason): void;
}

/** Who is signed in at this window. */
export class Session {
  readonly #ports: { clock: Clock; random: () => number; log: Log };
  readonly #api: ApiClient;
  readonly #store: PhoneStore;
  readonly #handlers: SessionHandlers;
  #attempt = 0;
  #finding = false;
  #cancelRetry: Cancel | undefined;

  constructor(
    ports: { clock: Clock; random: () => number; log: Log },
    api: ApiClient,
    store: PhoneStore,
    handlers: SessionHandlers,
  ) {
    this.#ports = ports;
    this.#api = api;
    this.#store = store;
    this.#handlers = handlers;
  }

  /** Finds out whether the cookie still speaks for somebody; asks again until there is an answer. */
  async find(): Promise<void> {
    if (this.#finding) return;
    this.#finding = true;
    this.#cancelRetry?.();
    try {
      this.#signedIn(await this.#api.session());
    } catch (thrown) {
      const { code } = OffhookError.from(thrown);
      // Somebody who signed in meanwhile is not signed out by an older answer.
      if (this.#store.getState().session.name === 'signedIn') return;
      if (code === 'unauthenticated') this.#enter({ name: 'signedOut', reason: undefined });
      else if (code === 'session_expired') this.#enter({ name: 'signedOut', reason: 'expired' });
      else if (code === 'second_factor_required') {
        this.#enter({ name: 'signedOut', reason: 'second_factor_missing' });
      } else this.#findLater();
    } finally {
      this.#finding = false;
    }
  }

  /** The network is back: do not wait out the delay. */
  nudge(): void {
    if (this.#store.getState().session.name === 'unreachable') void this.find();
  }

  /** Somebody has signed in at this window, by whatever way: the cookie is there. */
  enter(me: Me): void {
    this.#signedIn(me);
  }

  /** Rejects with `OffhookError` where the service could not be told. */
  async signOut(): Promise<void> {
    try {
      await this.#api.signOut();
    } catch (thrown) {
      const { code } = OffhookError.from(thrown);
      if (code !== 'unauthenticated' && code !== 'session_expired') throw thrown;
    }
    this.end('signed_out');
  }

  /** While the realtime socket cannot be opened, a browser does not say why: ask whether we are still signed in. */
  async verify(): Promise<void> {
    if (this.#store.getState().session.name !== 'signedIn') return;
    try {
      await this.#api.session();
    } catch (thrown) {
      const { code } = OffhookError.from(thrown);
      if (code === 'unauthenticated' || code === 'session_expired') this.end('expired');
      if (code === 'second_factor_required') this.end('second_factor_missing');
    }
  }

  end(reason: SignedOutReason): void {
    if (this.#store.getState().session.name !== 'signedIn') return;
    this.#enter({ name: 'signedOut', reason });
    this.#handlers.onSignedOut(reason);
  }

  close(): void {
    this.#cancelRetry?.();
  }

  #signedIn(me: Me): void {
    this.#attempt = 0;
    this.#enter({ name: 'signedIn', me });
    this.#handlers.onSignedIn(me);
  }

  #findLater(): void {
    const delay = backoffDelay(this.#attempt, BACKOFF, this.#ports.random);
    this.#attempt += 1;
    this.#enter({ name: 'unreachable', retryAt: this.#ports.clock.now() + delay });
    this.#cancelRetry = this.#ports.clock.after(delay, () => void this.find());
  }

  #enter(session: SessionState): void {
    this.#ports.log('info', 'session', { name: session.name });
    this.#store.setState({ session });
  }
}
