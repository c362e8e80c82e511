import type { Locks, TabStorage } from '../ports.ts';
import { settle } from './fake-clock.ts';

export class FakeTabStorage implements TabStorage {
  readonly #values: Map<string, string>;

  constructor(values: Iterable<[string, string]> = []) {
    this.#values = new Map(values);
  }

  read(key: string): string | undefined {
    return this.#values.get(key);
  }

  write(key: string, value: string): void {
    this.#values.set(key, value);
  }

  /** What a browser does when a tab is duplicated. */
  copy(): FakeTabStorage {
    return new FakeTabStorage(this.#values);
  }
}

/** The locks of one browser; each page takes its own view and lets go of everything when it is unloaded. */
export class FakeLockManager {
  readonly #held = new Map<string, object>();

  page(): Locks & { unload(): void } {
    const me = {};
    const held = this.#held;
    return {
      async hold(name, waitMs) {
        // A lock that is let go of meanwhile is got within the wait.
        if (waitMs > 0) await settle();
        if (held.has(name)) return false;
        held.set(name, me);
        return true;
      },
      unload() {
        for (const [name, holder] of held) if (holder === me) held.delete(name);
      },
    };
  }
}
