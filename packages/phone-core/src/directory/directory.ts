import {
  OffhookError,
  type DirectoryIndex,
  type DirectoryPart,
  type DirectoryPerson,
  type PartId,
  type UserId,
} from '@offhook/contract';
import type { Cancel, Clock, Log } from '../ports.ts';
import type { PhoneStore } from '../state/store.ts';
import { noPeople, prepareSearch, withoutParts, withPart, type People } from './people.ts';

export interface DirectorySource {
  directory(): Promise<DirectoryIndex>;
  directoryPart(partId: PartId): Promise<DirectoryPart>;
}

export interface DirectoryPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Parts that are asked for at a time. */
const AT_A_TIME = 4;

/** Milliseconds. */
const RETRY_AFTER = 15_000;
/** Readings in a row where parts go out of date meanwhile; what is left then waits as after a failure. */
const AT_ONCE = 2;

/**
 * Everybody of the company at this phone, read when somebody looks for a person the first time, and kept up to date from then on:
 * only the parts that have changed are asked for.
 */
export class Directory {
  readonly #source: DirectorySource;
  readonly #ports: DirectoryPorts;
  readonly #store: PhoneStore;
  #wanted = false;
  #reading = false;
  /** Something changed while it was being read. */
  #again = false;
  #held = new Set<PartId>();
  #byId = new Map<UserId, DirectoryPerson>();
  #later: Cancel | undefined;
  /** Grows when everything is forgotten: what is still on its way then is nobody's. */
  #life = 0;

  constructor(source: DirectorySource, ports: DirectoryPorts, store: PhoneStore) {
    this.#source = source;
    this.#ports = ports;
    this.#store = store;
  }

  /** Somebody looks for people. */
  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.#read();
  }

  person(userId: UserId): DirectoryPerson | undefined {
    return this.#byId.get(userId);
  }

  /** A new socket: what changed before it was not told. */
  online(): void {
    if (this.#wanted) void this.#read();
  }

  /** @param within milliseconds; several changes within are asked for once */
  changed(within: number): void {
    if (!this.#wanted || this.#later !== undefined) return;
    this.#readAfter(this.#ports.random() * within);
  }

  #readAfter(ms: number): void {
    this.#later?.();
    this.#later = this.#ports.clock.after(ms, () => {
      this.#later = undefined;
      void this.#read();
    });
  }

  forget(): void {
    this.#life += 1;
    this.#later?.();
    this.#later = undefined;
    this.#wanted = false;
    this.#reading = false;
    this.#again = false;
    this.#held.clear();
    this.#byId.clear();
  }

  async #read(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    const life = this.#life;
    try {
      let readings = 0;
      do {
        this.#again = false;
        await this.#readOnce(life);
        if (life !== this.#life) return;
        readings += 1;
      } while (this.#again && readings < AT_ONCE);
      // Two nodes of the cloud may know different lists for a while.
      if (this.#again) this.#readAfter(this.#ports.random() * RETRY_AFTER);
    } catch (thrown) {
      if (life !== this.#life) return;
      this.#ports.log('warn', 'directory.failed', { code: OffhookError.from(thrown).code });
      this.#store.setState(({ directory }) => ({ directory: { ...directory, reading: 'failed' } }));
      this.#readAfter(RETRY_AFTER);
    }
    if (life === this.#life) this.#reading = false;
  }

  async #readOnce(life: number): Promise<void> {
    const index = await this.#source.directory();
    if (life !== this.#life) return;
    const before = this.#store.getState().directory.people;
    const same = before !== undefined && JSON.stringify(before.numbering) === JSON.stringify(index.numbering);
    if (!same) this.#held.clear();
    const gone = this.#held.difference(new Set(index.parts));
    const missing = index.parts.filter((part) => !this.#held.has(part));
    this.#put(same ? before : noPeople(index.numbering), missing.length === 0);
    const work = async (): Promise<void> => {
      for (let part = missing.shift(); part !== undefined; part = missing.shift()) {
        const added = await this.#part(part);
        if (life !== this.#life || added === undefined) return;
        this.#held.add(part);
        for (const person of added.people) this.#byId.set(person.userId, person);
        const { people } = this.#store.getState().directory;
        if (people !== undefined) this.#put(withPart(people, part, added.people), false);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    if (life !== this.#life) return;
    // Last: somebody who moved to another part is not away meanwhile.
    const { people } = this.#store.getState().directory;
    if (people === undefined) return;
    this.#held = this.#held.difference(gone);
    const whole = gone.size === 0 ? people : withoutParts(people, gone);
    this.#byId = new Map(whole.entries.map(({ person }) => [person.userId, person]));
    this.#put(whole, !this.#again);
    this.#ports.clock.after(0, () => prepareSearch(whole));
  }

  /** Undefined: it is out of date, and so is the list of parts. */
  async #part(part: PartId): Promise<DirectoryPart | undefined> {
    try {
      return await this.#source.directoryPart(part);
    } catch (thrown) {
      if (OffhookError.from(thrown).code !== 'not_found') throw thrown;
      this.#again = true;
      return undefined;
    }
  }

  #put(people: People, whole: boolean): void {
    this.#store.setState({ directory: { people, reading: whole ? 'whole' : 'under_way' } });
  }
}
