import type { OwnPresence, PresenceChoice, UserId, UserPresence } from '@offhook/contract';
import type { Request } from '../calls/acts.ts';
import { problemOf } from '../calls/problems.ts';
import type { Attention, Cancel, Clock, Log } from '../ports.ts';
import type { PhoneStore } from '../state/store.ts';
import { Idle } from './idle.ts';
import { Watches } from './watches.ts';

/** People come on the screen by the dozen when a list is drawn or scrolled: one message for all of them. */
export const WATCH_AFTER_MS = 100;

/** The first after a while goes sooner, with everybody who is drawn in the same moment: suggestions show what people do as fast as their names. */
export const FIRST_WATCH_AFTER_MS = 5;

export interface PresencePorts {
  readonly clock: Clock;
  readonly attention: Attention;
  readonly log: Log;
}

/** One's own presence, whether one is there, and the presence of exactly those colleagues that are on the screen. */
export class PresenceManager {
  readonly #ports: PresencePorts;
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #idle: Idle;
  readonly #watches = new Watches();
  /** Whom the cloud tells us of, on the socket that stands now. */
  #told = '';
  #cancelWatch: Cancel | undefined;
  #watchedAt = -Infinity;
  /** The last choice counts, also where the answers come in another order. */
  #choices = 0;

  constructor(ports: PresencePorts, store: PhoneStore, request: Request) {
    this.#ports = ports;
    this.#store = store;
    this.#request = request;
    this.#idle = new Idle(ports, (idle) => this.#tellIdle(idle));
  }

  /** Never rejects: what did not work is in the store. */
  async choose(choice: PresenceChoice): Promise<void> {
    this.#choices += 1;
    const mine = this.#choices;
    this.#store.setState(({ ownPresence }) => ({
      ownPresence: { ...ownPresence, pending: choice, problem: undefined },
    }));
    try {
      const { presence } = await this.#request('presence.set', { choice });
      if (mine === this.#choices) this.ownChanged(presence);
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#ports.log('warn', 'presence.choice_failed', { choice, problem });
      if (mine === this.#choices) {
        this.#store.setState(({ ownPresence }) => ({ ownPresence: { ...ownPresence, problem } }));
      }
    }
    if (mine === this.#choices) {
      this.#store.setState(({ ownPresence }) => ({ ownPresence: { ...ownPresence, pending: undefined } }));
    }
  }

  /** Follows these colleagues in `presences` until the returned function is called. */
  watch(userIds: readonly UserId[]): Cancel {
    this.#watches.add(userIds);
    this.#watchSoon();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#watches.remove(userIds);
      this.#watchSoon();
    };
  }

  ownChanged(held: OwnPresence): void {
    this.#store.setState(({ ownPresence }) => ({ ownPresence: { ...ownPresence, held } }));
  }

  changed({ userId, presence }: UserPresence): void {
    this.#store.setState(({ presences }) => ({ presences: { ...presences, [userId]: presence } }));
  }

  signedIn(): void {
    this.#idle.start();
  }

  /** A new socket knows nothing of this client: neither whom it watches nor that nobody is here. */
  online(): void {
    this.#told = '';
    this.#watchSoon();
    if (this.#idle.idle) this.#tellIdle(true);
  }

  signedOut(): void {
    this.#idle.stop();
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    this.#told = '';
  }

  close(): void {
    this.signedOut();
    this.#idle.close();
  }

  #watchSoon(): void {
    if (this.#cancelWatch !== undefined || !this.#isOnline()) return;
    const { clock } = this.#ports;
    const quiet = clock.now() - this.#watchedAt >= WATCH_AFTER_MS;
    this.#cancelWatch = clock.after(quiet ? FIRST_WATCH_AFTER_MS : WATCH_AFTER_MS, () => {
      this.#cancelWatch = undefined;
      this.#watchedAt = clock.now();
      void this.#tellWatched();
    });
  }

  async #tellWatched(): Promise<void> {
    const userIds = [...this.#watches.list()];
    const key = userIds.toSorted().join(' ');
    if (key === this.#told || !this.#isOnline()) return;
    this.#told = key;
    try {
      const { presences } = await this.#request('presence.watch', { userIds });
      if (this.#told !== key) return;
      const entries = presences.map(({ userId, presence }) => [userId, presence] as const);
      this.#store.setState({ presences: Object.fromEntries(entries) });
    } catch (thrown) {
      this.#ports.log('warn', 'presence.watch_failed', { problem: problemOf(thrown) });
      // Asked again with the next change, or on the next socket.
      if (this.#told === key) this.#told = '?';
    }
  }

  #tellIdle(idle: boolean): void {
    if (!this.#isOnline()) return;
    this.#request('presence.idle', { idle }).catch((thrown: unknown) =>
      this.#ports.log('debug', 'presence.idle_not_told', { problem: problemOf(thrown) }),
    );
  }

  #isOnline(): boolean {
    return this.#store.getState().connection.name === 'online';
  }
}
