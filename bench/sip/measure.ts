import type { Row } from './statistics.ts';

/** How long and how often to measure. */
export interface Effort {
  readonly isQuick: boolean;
  readonly runs: number;
}

/** A measure's program: measures, and prints its rows as one line of JSON for `main.ts`. */
export async function runMeasure(measure: (effort: Effort) => Promise<readonly Row[]> | readonly Row[]) {
  const isQuick = process.argv.includes('--quick');
  const rows = await measure({ isQuick, runs: isQuick ? 3 : 5 });
  console.log(JSON.stringify(rows));
}
