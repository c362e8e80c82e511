/**
 * A seeded generator of pseudo-random numbers (xoshiro128**, Blackman and Vigna), so that a failed run can be
 * repeated from its printed seed. Not for secrets.
 */
export class SeededRandom {
  readonly seed: number;
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.seed = seed;
    // SplitMix32 spreads a small seed over the whole state, as the generator's authors advise.
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = mixed;
      word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return (word ^ (word >>> 15)) >>> 0;
    });
  }

  /** An integer of 32 random bits. */
  uint32(): number {
    const state = this.#state;
    const at = (index: number): number => state[index] ?? 0;
    const result = Math.imul(rotateLeft(Math.imul(at(1), 5), 7), 9) >>> 0;
    const shifted = at(1) << 9;
    state[2] = at(2) ^ at(0);
    state[3] = at(3) ^ at(1);
    state[1] = at(1) ^ at(2);
    state[0] = at(0) ^ at(3);
    state[2] = at(2) ^ shifted;
    state[3] = rotateLeft(at(3), 11);
    return result;
  }

  /** In [0, 1). */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** An integer in [from, to], both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  /** Octets, in the shape of the endpoint's `random` option. */
  readonly bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => this.uint32() & 0xff);

  /** An independent generator: what one part draws does not shift what another part sees. */
  fork(): SeededRandom {
    return new SeededRandom(this.uint32());
  }
}

const rotateLeft = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;

/**
 * The seeds of a simulation: those given, so that every run of the suite sees the same; or those in the environment
 * variable `OFFHOOK_SEED` (`7`, or `100-199`), to search further or to repeat a failure. Put the seed into the test's title.
 */
export function chosenSeeds(
  usual: readonly number[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly number[] {
  const given = /^(\d+)(?:-(\d+))?$/.exec(environment['OFFHOOK_SEED'] ?? '');
  if (given === null) return usual;
  const first = Number(given[1]);
  const last = Number(given[2] ?? first);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
