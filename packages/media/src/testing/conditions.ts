/** Promises for conditions on what has happened so far: no polling, no sleeping. For tests. */
export class Conditions {
  #waiting: { readonly holds: () => boolean; readonly resolve: () => void }[] = [];

  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ holds, resolve });
    await promise;
  }

  /** Something has happened. */
  check(): void {
    const ready = this.#waiting.filter((waiter) => waiter.holds());
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}
