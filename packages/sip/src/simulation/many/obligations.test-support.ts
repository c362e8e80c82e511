import type { VirtualClock } from '@offhook/testkit';
import type { Timer } from '../../timing/timer-queue.ts';

/** What the stack owes an application, and until when: a session that nothing could ever move misses it. */
export class Obligations<Debtor> {
  readonly #clock: VirtualClock;
  readonly #onMissed: (debtor: Debtor, what: string, owedFor: number) => void;
  readonly #open = new Map<Debtor, Map<string, Timer>>();

  constructor(clock: VirtualClock, onMissed: (debtor: Debtor, what: string, owedFor: number) => void) {
    this.#clock = clock;
    this.#onMissed = onMissed;
  }

  /** Once for each debtor and matter; what is owed already keeps its time. */
  owe(debtor: Debtor, what: string, within: number): void {
    let matters = this.#open.get(debtor);
    if (matters === undefined) this.#open.set(debtor, (matters = new Map()));
    if (matters.has(what)) return;
    const timer = this.#clock.after(within, () => {
      this.settle(debtor, what);
      this.#onMissed(debtor, what, within);
    });
    matters.set(what, timer);
  }

  settle(debtor: Debtor, what: string): void {
    const matters = this.#open.get(debtor);
    matters?.get(what)?.cancel();
    matters?.delete(what);
    if (matters?.size === 0) this.#open.delete(debtor);
  }

  forgiveWhere(matches: (debtor: Debtor) => boolean): void {
    for (const debtor of [...this.#open.keys()].filter(matches)) this.forgive(debtor);
  }

  /** It is over, or its host is: nothing is owed any more. */
  forgive(debtor: Debtor): void {
    for (const timer of this.#open.get(debtor)?.values() ?? []) timer.cancel();
    this.#open.delete(debtor);
  }
}
