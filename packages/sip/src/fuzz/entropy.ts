/** Where a fuzzer's choices come from: a seeded generator, such as testkit's. */
export interface Entropy {
  /** In [from, to], both included. */
  integer(from: number, to: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** In [0, 1). */
  fraction(): number;
  /** Octets, in the shape of the endpoint's `random` option. */
  bytes(length: number): Uint8Array;
}

/** A generator for each case, so that one case can be run again without those before it. */
export type EntropyOf = (seed: number) => Entropy;

/** Some of `make`, at least `least` and at most `most`. */
export function several<T>(entropy: Entropy, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: entropy.integer(least, most) }, make);
}

/** Something a fuzzer has found: a rule of a target is broken. Everything else that is thrown is a finding as well. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule';
}

export function demand(isKept: boolean, rule: string): void {
  if (!isKept) throw new BrokenRule(rule);
}
