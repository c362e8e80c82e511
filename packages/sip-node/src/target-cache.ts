import type { Target } from '@offhook/sip';

export interface TargetCacheOptions {
  /** An answer is used again for so long: the DNS is asked once for a burst of calls. */
  readonly freshMs: number;
  /** And for so long where nobody answers any more: a call must not fail because the DNS does. */
  readonly staleMs: number;
  readonly names: number;
}

export const defaultTargetCache: TargetCacheOptions = {
  freshMs: 30_000,
  staleMs: 60 * 60_000,
  names: 1_000,
};

interface Answer {
  readonly targets: readonly Target[];
  readonly at: number;
}

type Clock = () => number;

/** Remembers where names went, shares questions under way, and outlives an outage of the DNS. */
export class TargetCache {
  readonly #options: TargetCacheOptions;
  readonly #now: Clock;
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Map<string, Promise<readonly Target[]>>();

  constructor(now: Clock, options: TargetCacheOptions = defaultTargetCache) {
    this.#now = now;
    this.#options = options;
  }

  /** Never rejects: without any answer, fresh or stale, the list is empty. */
  find(key: string, ask: () => Promise<readonly Target[]>): Promise<readonly Target[]> {
    const answer = this.#answers.get(key);
    if (answer !== undefined && this.#now() - answer.at < this.#options.freshMs) {
      return Promise.resolve(answer.targets);
    }
    const underWay = this.#asking.get(key);
    if (underWay !== undefined) return underWay;
    const asking = this.#ask(key, answer, ask).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(
    key: string,
    old: Answer | undefined,
    ask: () => Promise<readonly Target[]>,
  ): Promise<readonly Target[]> {
    try {
      const targets = await ask();
      this.#remember(key, targets);
      return targets;
    } catch {
      return old !== undefined && this.#now() - old.at < this.#options.staleMs ? old.targets : [];
    }
  }

  #remember(key: string, targets: readonly Target[]): void {
    this.#answers.delete(key);
    // Nothing found may be a name that is being set up: it is asked for again each time.
    if (targets.length === 0) return;
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= this.#options.names && oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(key, { targets, at: this.#now() });
  }
}
