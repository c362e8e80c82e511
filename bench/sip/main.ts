import { execFile } from 'node:child_process';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { findProgram } from '@offhook/testkit';
import type { Row } from './statistics.ts';

/** Every measure is a program of its own: what one leaves on the heap, or in the compiler, does not meet the next. */
const measures = ['parse', 'transactions', 'registrations', 'dialogs', 'uas', 'b2bua'] as const;
const withSipp: readonly string[] = ['uas', 'b2bua'];

const help = `Measures the SIP stack. The table comes first, one JSON object is the last line.

  npm run bench:sip -- [--quick] [--only MEASURE]...

  --quick   three short runs instead of five: for a look, not for a record
  --only    one of: ${measures.join(', ')}
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [...measures] },
    help: { type: 'boolean', default: false },
  },
});

async function run(measure: string): Promise<readonly Row[]> {
  const file = path.join(import.meta.dirname, `${measure}.ts`);
  const args = ['--expose-gc', file, ...(values.quick ? ['--quick'] : [])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout) as readonly Row[];
}

const digits = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 3 : value < 1_000 ? 1 : 0 });

function print({ label, unit, figure: { median, least, most } }: Row): void {
  const spread = least === most ? '' : `${digits(least)} – ${digits(most)}`;
  console.log(`${label.padEnd(48)} ${digits(median).padStart(12)}  ${unit.padEnd(15)} ${spread}`);
}

async function main(): Promise<void> {
  const unknown = values.only.filter((name) => !(measures as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`There is no measure ${unknown.join(', ')}.\n\n${help}`);
  console.log(`${'measure'.padEnd(48)} ${'median'.padStart(12)}  ${'unit'.padEnd(15)} least – most`);
  const medians: Record<string, number> = {};
  for (const measure of values.only) {
    if (withSipp.includes(measure) && findProgram('sipp') === undefined) {
      console.log(`${measure}: left out, SIPp is not installed (Debian package sip-tester)`);
      continue;
    }
    for (const row of await run(measure)) {
      print(row);
      medians[row.key] = Number(row.figure.median.toPrecision(5));
    }
  }
  console.log(JSON.stringify(medians));
}

if (values.help) console.log(help);
else {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
