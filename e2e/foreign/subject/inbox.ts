import type { Watch } from './watch.ts';

/** What has happened and was not yet taken, in order; whoever asks for what has not happened yet waits for it. */
export class Inbox<T> {
  readonly #watch: Watch;
  #items: readonly T[] = [];

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  put(item: T): void {
    this.#items = [...this.#items, item];
    this.#watch.changed();
  }

  /** Whether something like it has come and was not taken. */
  has(isRight: (item: T) => boolean): boolean {
    return this.#items.some(isRight);
  }

  /** The first that is right, whether it came already or comes `within` milliseconds; else rejects, naming `what`. */
  take<U extends T>(what: string, isRight: (item: T) => item is U, within?: number): Promise<U> {
    const look = () => {
      const found = this.#items.find(isRight);
      this.#items = this.#items.filter((item) => item !== found);
      return found;
    };
    return this.#watch.until(what, look, within);
  }
}
