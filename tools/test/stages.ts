import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tallyOf, type Tally, type VitestReport } from './tally.ts';

/** A check that counts as one test. Its output goes to the terminal. */
export async function runCommand(program: string, args: readonly string[]): Promise<Tally> {
  const ok = await run(program, args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** A project of `vitest.config.ts`, or several by a pattern; how many files run at once is said there. */
export async function runVitest(project: string): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-test-'));
  const file = path.join(folder, 'report.json');
  try {
    await run('vitest', [
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]);
    return tallyOf(JSON.parse(readFileSync(file, 'utf8')) as VitestReport);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
}
