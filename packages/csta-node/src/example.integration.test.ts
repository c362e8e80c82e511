import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const example = join(import.meta.dirname, '../examples/both-sides.ts');

it('the example of the README is the file, and it runs', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../csta/README.md'), 'utf8');
  expect(readme).toContain(readFileSync(example, 'utf8'));
  const child = spawn(process.execPath, [example], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  await new Promise<void>((done, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      printed += text.toString();
      if (printed.split('\n').length > 2) done();
    });
    child.once('exit', () => failed(new Error('it has ended')));
  });
  child.kill('SIGKILL');
  expect(printed.trim().split('\n').toSorted()).toEqual(['1', 'Anna true']);
});
