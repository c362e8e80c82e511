import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram, readOptions } from '@offhook/testkit';
import { onOneCore } from './core.ts';
import { hottest, readProfile } from './profile.ts';
import type { Row } from './statistics.ts';

/** Every measure is a program of its own: what one leaves on the heap, or in the compiler, does not meet the next. */
const measures = ['parse', 'transactions', 'registrations', 'dialogs', 'uas', 'b2bua'] as const;
const withSipp: readonly string[] = ['uas', 'b2bua'];

const help = `Measures the SIP stack. The table comes first, one JSON object is the last line.

  npm run bench:sip -- [--quick] [--profile] [--only MEASURE]...

  --quick     three short runs instead of five: for a look, not for a record
  --profile   a CPU profile of each agent under load, and the functions with most time of their own; the sampling itself
              makes the figures of these runs higher
  --only      one of: ${measures.join(', ')}

What is measured runs on one core where taskset is there; SIPp runs where the system puts it.
`;

const values = readOptions(
  {
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [...measures] },
    help: { type: 'boolean', default: false },
  },
  help,
);

async function run(measure: string, profiles: string | undefined): Promise<readonly Row[]> {
  const file = path.join(import.meta.dirname, `${measure}.ts`);
  // With SIPp, the agents alone are bound to a core: SIPp would inherit it.
  const [program, ...before] = withSipp.includes(measure) ? ([process.execPath] as const) : onOneCore();
  const options = [...(values.quick ? ['--quick'] : []), ...(profiles ? ['--profiles', profiles] : [])];
  const args = [...before, '--expose-gc', file, ...options];
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout) as readonly Row[];
}

function printProfile(measure: string, profiles: string): void {
  const file = path.join(profiles, `${measure}.cpuprofile`);
  console.log(`\n${measure}: where the time went, of its own, without what was called (${file})`);
  for (const { name, share } of hottest(readProfile(file), 20)) {
    console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
  }
  console.log('');
}

const short = (value: number): number => Number(value.toPrecision(5));

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
  const profiles = values.profile ? mkdtempSync(path.join(tmpdir(), 'offhook-profiles-')) : undefined;
  const medians: Record<string, number> = {};
  const spread: Record<string, readonly [least: number, most: number]> = {};
  for (const measure of values.only) {
    if (withSipp.includes(measure) && findProgram('sipp') === undefined) {
      console.log(`${measure}: left out, SIPp is not installed (Debian package sip-tester)`);
      continue;
    }
    for (const row of await run(measure, profiles)) {
      const { median, least, most } = row.figure;
      print(row);
      medians[row.key] = short(median);
      spread[row.key] = [short(least), short(most)];
    }
    if (profiles !== undefined && withSipp.includes(measure)) printProfile(measure, profiles);
  }
  console.log(JSON.stringify({ ...medians, spread }));
}

if (values.help) console.log(help);
else {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
