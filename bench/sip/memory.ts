/** Octets held by live objects, on the heap and outside, after the garbage is gone. */
export function heldBytes(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc');
  // What finalisers let go of is found by the next round.
  for (let round = 0; round < 3; round += 1) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
