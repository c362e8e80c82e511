/** Milliseconds for an answer; the waits that are used in practice with OpenScape. */
export const WAITS = {
  transfer: 4_000,
  /** Pull and push: OpenScape 4000 answers only when the call has arrived. */
  handOver: 6_000,
  pickUp: 4_000,
  other: 4_000,
} as const;
