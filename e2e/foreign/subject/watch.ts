import { SOON } from '../../src/until.ts';

/** Waits for what happens: looks again each time that something has changed, and gives up with all that there was to see. */
export class Watch {
  readonly #explain: () => string;
  readonly #looks = new Set<() => void>();
  #failure: Error | undefined;

  constructor(explain: () => string) {
    this.#explain = explain;
  }

  changed(): void {
    for (const look of this.#looks) {
      look();
    }
  }

  /** Every wait is in vain from now on: rejects with `failure`, unless there is what it waits for. */
  fail(failure: Error): void {
    this.#failure ??= failure;
    this.changed();
  }

  /** The first thing that `look` finds, now or `within` milliseconds; else rejects, naming `what`. */
  until<T>(what: string, look: () => T | undefined, within: number = SOON): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        this.#looks.delete(again);
        act();
      };
      const again = () => {
        const found = look();
        const failure = this.#failure;
        if (found !== undefined) {
          finish(() => resolve(found));
        } else if (failure !== undefined) {
          finish(() => reject(failure));
        }
      };
      const inVain = () => reject(new Error(`No ${what} within ${within} ms.\n${this.#explain()}`));
      const timer = setTimeout(() => finish(inVain), within);
      this.#looks.add(again);
      again();
    });
  }
}
