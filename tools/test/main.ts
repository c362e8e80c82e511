import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildWeb } from '../start/web-build.ts';
import { runCommand, runVitest } from './stages.ts';
import { closingLine, sum, type Tally } from './tally.ts';
import { installSystemPackages } from './system-packages.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
const help = `Runs every check: format, lint, import rules, types, unit, integration and browser tests.

  ./test [--only STAGE]... [--no-install]

  --only STAGE   one of: format, lint, imports, types, unit, integration, browser; may be repeated
  --no-install   do not install missing system packages (Chromium, SIP programs)
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    'no-install': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

const bin = path.join(repository, 'node_modules', '.bin');
process.env['PATH'] = `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`;
process.chdir(repository);

const stages: Readonly<Record<string, () => Promise<Tally>>> = {
  format: () => runCommand('oxfmt', ['--check', '.']),
  lint: () => runCommand('oxlint', ['--type-aware', '--deny-warnings']),
  imports: () => runCommand('node', ['tools/check-imports.ts']),
  types: async () =>
    sum([
      await runCommand('tsc', ['-p', 'tsconfig.json']),
      await runCommand('tsc', ['-p', 'tsconfig.web.json']),
      await runCommand('tsc', ['-p', 'e2e']),
    ]),
  unit: () => runVitest('unit'),
  integration: () => runVitest('integration'),
  browser: async () => {
    await buildWeb(repository, console.log);
    return sum([
      await runCommand('node', ['apps/phone/scripts/budget/main.ts']),
      await runVitest('browser*'),
    ]);
  },
};

async function runStages(wanted: readonly string[]): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const name of wanted) {
    const stage = stages[name];
    if (stage === undefined) {
      console.error(`There is no stage "${name}". The stages are: ${Object.keys(stages).join(', ')}.`);
      tallies.push({ passed: 0, failed: 1, skipped: 0 });
      continue;
    }
    console.log(`\n== ${name}`);
    const began = performance.now();
    const tally = await stage().catch((error: unknown): Tally => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    tallies.push(tally);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`== ${name}: ${closingLine(tally)} in ${seconds} s`);
  }
  return sum(tallies);
}

if (values.help === true) {
  console.log(help);
} else {
  if (values['no-install'] !== true) {
    installSystemPackages();
  }
  const total = await runStages(values.only ?? Object.keys(stages));
  console.log(`\n${closingLine(total)}`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}
