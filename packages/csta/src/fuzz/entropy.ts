/** Where a generator's choices come from: a seeded source in tests and fuzz runs, so that each case can be had again. */
export interface Entropy {
  /** Both included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
}
