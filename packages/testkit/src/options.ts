import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The options of a program; a mistake in them is told in one sentence with the help behind it, and ends it with 2. */
export function readOptions<const T extends Options>(
  options: T,
  help: string,
): ReturnType<typeof parseArgs<{ options: T }>>['values'] {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), help);
  }
}

export function refuse(mistake: string, help: string): never {
  console.error(`${mistake}\n\n${help}`);
  process.exit(2);
}
