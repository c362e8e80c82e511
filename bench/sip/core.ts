import { availableParallelism } from 'node:os';
import { findProgram } from '@offhook/testkit';

/**
 * The command that runs Node.js on one core, the last: what is measured is not to gain by a second one. On a machine with one
 * core, or without `taskset` (util-linux), it runs where the system puts it.
 */
export function onOneCore(): readonly [program: string, ...args: string[]] {
  const last = availableParallelism() - 1;
  const taskset = findProgram('taskset');
  return taskset === undefined || last < 1
    ? [process.execPath]
    : [taskset, '-c', String(last), process.execPath];
}
