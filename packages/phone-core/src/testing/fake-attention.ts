import type { Attention, Cancel } from '../ports.ts';

/** A person at the device whenever a test says so. */
export class FakeAttention implements Attention {
  readonly #listeners = new Set<() => void>();

  onSign(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sign(): void {
    for (const listener of this.#listeners) listener();
  }
}
