import { parseArgs } from 'node:util';
import type { Row } from './statistics.ts';

/** How long and how often to measure. */
export interface Effort {
  readonly isQuick: boolean;
  readonly runs: number;
  /** The folder for profiles of the agents; `undefined` where none are wanted. */
  readonly profiles: string | undefined;
}

/** A measure's program: measures, and prints its rows as one line of JSON for `main.ts`. */
export async function runMeasure(measure: (effort: Effort) => Promise<readonly Row[]> | readonly Row[]) {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, profiles: { type: 'string' } },
  });
  const isQuick = values.quick;
  const rows = await measure({ isQuick, runs: isQuick ? 3 : 5, profiles: values.profiles });
  console.log(JSON.stringify(rows));
}
