/** A figure of several runs. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return { median: middle, least: sorted[0] ?? middle, most: sorted.at(-1) ?? middle };
}

/** A line of the table. */
export interface Row {
  /** Key in the JSON line. */
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly figure: Figure;
}

export const row = (key: string, label: string, unit: string, values: readonly number[]): Row => ({
  key,
  label,
  unit,
  figure: figureOf(values),
});

/** CPU time of this process so far, all threads, in microseconds. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Runs `work`, which gives how much it did, for about this long; gives how much it does in a second of CPU. */
export function rate(milliseconds: number, work: () => number): number {
  const cpu = cpuTime();
  const end = performance.now() + milliseconds;
  let done = 0;
  while (performance.now() < end) done += work();
  return done / ((cpuTime() - cpu) / 1e6);
}
