import type { Target } from '@offhook/sip';
import type { SocketLimit } from './limits.ts';

export interface TargetCacheOptions {
  /** An answer is used again for so long: the DNS is asked once for a burst of calls. */
  readonly freshMs: number;
  /** And for so long where nobody answers any more: a call must not fail because the DNS does. */
  readonly staleMs: number;
  readonly names: number;
  /** Names asked for at the same time. Contacts and referrals of peers name some. */
  readonly lookups: number;
}

export const defaultTargetCache: TargetCacheOptions = {
  freshMs: 30_000,
  staleMs: 60 * 60_000,
  names: 1_000,
  lookups: 1_000,
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
  readonly #limited: (limit: SocketLimit) => void;
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Map<string, Promise<readonly Target[]>>();

  constructor(
    now: Clock,
    options: TargetCacheOptions = defaultTargetCache,
    limited: (limit: SocketLimit) => void = () => undefined,
  ) {
    this.#now = now;
    this.#options = options;
    this.#limited = limited;
  }

  /** Never rejects: without any answer, fresh or stale, the list is empty. */
  find(key: string, ask: () => Promise<readonly Target[]>): Promise<readonly Target[]> {
    const answer = this.#answers.get(key);
    if (answer !== undefined && this.#now() - answer.at < this.#options.freshMs) {
      return Promise.resolve(answer.targets);
    }
    const underWay = this.#asking.get(key);
    if (underWay !== undefined) return underWay;
    if (this.#asking.size >= this.#options.lookups) {
      this.#limited('lookups');
      return Promise.resolve(this.#stillUsable(answer));
    }
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
      return this.#stillUsable(old);
    }
  }

  #stillUsable(old: Answer | undefined): readonly Target[] {
    return old !== undefined && this.#now() - old.at < this.#options.staleMs ? old.targets : [];
  }

  #remember(key: string, targets: readonly Target[]): void {
    this.#answers.delete(key);
    // Nothing found may be a name that is being set up: it is asked for again each time.
    if (targets.length === 0) return;
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= this.#options.names && oldest !== undefined) {
      this.#answers.delete(oldest);
      this.#limited('names');
    }
    this.#answers.set(key, { targets, at: this.#now() });
  }
}
