import type { Millis } from './desk-api.ts';

interface Entry<T> {
  readonly at: Millis;
  readonly what: T;
}

/** Things that are due at their time, in the order of their times; those of one time in the order in which they came. */
export class Timetable<T> {
  #entries: Entry<T>[] = [];

  add(at: Millis, what: T): void {
    const behind = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(behind < 0 ? this.#entries.length : behind, 0, { at, what });
  }

  deadline(): Millis | undefined {
    return this.#entries[0]?.at;
  }

  takeDue(now: Millis): readonly T[] {
    const due = this.#entries.filter(({ at }) => at <= now);
    this.#entries = this.#entries.filter(({ at }) => at > now);
    return due.map(({ what }) => what);
  }

  /** All that pass, whenever they are due. */
  take(passes: (what: T) => boolean): readonly T[] {
    const taken = this.#entries.filter(({ what }) => passes(what));
    this.#entries = this.#entries.filter(({ what }) => !passes(what));
    return taken.map(({ what }) => what);
  }

  get size(): number {
    return this.#entries.length;
  }
}
