import type { WorldReport } from './run.test-support.ts';

/** Sums over many worlds; the worlds themselves are forgotten. */
export class RunTotals {
  calls = 0;
  readonly #sums = {
    worlds: 0,
    failedWorlds: 0,
    answered: 0,
    unreachable: 0,
    steps: 0,
    sent: 0,
    lost: 0,
    duplicated: 0,
    restarts: 0,
    cuts: 0,
  };
  readonly #seen = new Map<string, number>();
  readonly #violations = new Map<string, number>();

  add(report: WorldReport): void {
    const { answered, unreachable, steps, restarts, cuts, datagrams, violations, seen } = report;
    this.calls += report.calls;
    const more = {
      worlds: 1,
      failedWorlds: violations.length > 0 ? 1 : 0,
      answered,
      unreachable,
      steps,
      restarts,
      cuts,
    };
    for (const [name, count] of Object.entries({ ...more, ...datagrams })) {
      if (isSum(name)) this.#sums[name] += count;
    }
    for (const [what, count] of Object.entries(seen))
      this.#seen.set(what, (this.#seen.get(what) ?? 0) + count);
    for (const { invariant } of violations) {
      this.#violations.set(invariant, (this.#violations.get(invariant) ?? 0) + 1);
    }
  }

  summary(): Readonly<Record<string, unknown>> {
    return {
      calls: this.calls,
      ...this.#sums,
      violations: Object.fromEntries(this.#violations),
      seen: Object.fromEntries([...this.#seen].toSorted(([left], [right]) => left.localeCompare(right))),
    };
  }
}

const sums = [
  'worlds',
  'failedWorlds',
  'answered',
  'unreachable',
  'steps',
  'sent',
  'lost',
  'duplicated',
  'restarts',
  'cuts',
] as const;
const isSum = (name: string): name is (typeof sums)[number] => sums.some((each) => each === name);
