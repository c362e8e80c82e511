import type { DirectoryPerson, UserId } from '@offhook/contract';
import type { Request } from '../calls/acts.ts';
import { problemOf } from '../calls/problems.ts';
import type { Cancel, Clock, Log } from '../ports.ts';
import type { PhoneStore } from '../state/store.ts';

interface FavouritesPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Whom this person has starred. A change is shown at once, and taken back where the cloud refuses it. */
export class Favourites {
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #ports: FavouritesPorts;
  #later: Cancel | undefined;
  /** The answer of the last request holds, also where answers come in another order. */
  #requests = 0;

  constructor(store: PhoneStore, request: Request, ports: FavouritesPorts) {
    this.#store = store;
    this.#request = request;
    this.#ports = ports;
  }

  /** A new socket, or another window changed them. Does not reject. */
  async refresh(): Promise<void> {
    this.#requests += 1;
    const mine = this.#requests;
    try {
      const { people } = await this.#request('favourites.get', {});
      if (mine === this.#requests) this.#hold(people);
    } catch (thrown) {
      // Asked again with the next socket; until then the old ones stand.
      this.#ports.log('warn', 'favourites.failed', { problem: problemOf(thrown) });
    }
  }

  /** At some moment within so many milliseconds, where anybody is starred: all phones of the company hear of a change at once. */
  refreshWithin(ms: number): void {
    if (this.#list().length === 0) return;
    this.#later ??= this.#ports.clock.after(this.#ports.random() * ms, () => {
      this.#later = undefined;
      void this.refresh();
    });
  }

  /** Nobody's any more. */
  forget(): void {
    this.#later?.();
    this.#later = undefined;
  }

  /** Star somebody, or move them: before another one, else to the end. Does not reject. */
  place(person: DirectoryPerson, before?: UserId): Promise<void> {
    const { userId } = person;
    const others = this.#list().filter((one) => one.userId !== userId);
    const at = others.findIndex((one) => one.userId === before);
    others.splice(at === -1 ? others.length : at, 0, person);
    const params = { userId, ...(before === undefined ? {} : { before }) };
    return this.#change(others, () => this.#request('favourites.place', params));
  }

  /** Does not reject. */
  remove(userId: UserId): Promise<void> {
    const others = this.#list().filter((one) => one.userId !== userId);
    return this.#change(others, () => this.#request('favourites.remove', { userId }));
  }

  dismiss(): void {
    this.#store.setState(({ favourites }) => ({ favourites: { ...favourites, problem: undefined } }));
  }

  #list(): DirectoryPerson[] {
    return [...(this.#store.getState().favourites.held ?? [])];
  }

  async #change(
    wanted: readonly DirectoryPerson[],
    ask: () => Promise<{ people: readonly DirectoryPerson[] }>,
  ): Promise<void> {
    this.#requests += 1;
    const mine = this.#requests;
    const before = this.#store.getState().favourites.held;
    this.#store.setState({ favourites: { held: wanted, problem: undefined } });
    try {
      const { people } = await ask();
      if (mine === this.#requests) this.#hold(people);
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#ports.log('warn', 'favourites.not_changed', { problem });
      if (mine !== this.#requests) return;
      this.#store.setState({ favourites: { held: before, problem } });
      void this.refresh();
    }
  }

  #hold(held: readonly DirectoryPerson[]): void {
    this.#store.setState(({ favourites }) => ({ favourites: { ...favourites, held } }));
  }
}
