import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { laterWords, startWords } from './catalogues.ts';

const source = path.resolve(import.meta.dirname, '..');

/** The files of the phone that are loaded with `file`: what it imports, and not with `import()` or for its types. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = /^(?:import|export) (?!type )[^;]*?from '(?<from>\.[^']+\.tsx?)';/gmu;
  for (const { groups } of readFileSync(file, 'utf8').matchAll(imports)) {
    const next = path.resolve(path.dirname(file), groups?.['from'] ?? '');
    if (existsSync(next)) loadedWith(next, seen);
  }
  return seen;
}

it('what is loaded at the start says nothing of the words that come later', async () => {
  const keys = Object.keys(await laterWords.en()).map((key) => key.replace(/_(?:one|other)$/u, ''));
  const spoken = [...loadedWith(path.join(source, 'main.tsx'))].flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return keys.filter((key) => text.includes(`'${key}'`)).map((key) => `${path.basename(file)}: ${key}`);
  });
  expect(spoken).toEqual([]);
});

it('no key is in both', async () => {
  const start = await startWords.en();
  expect(Object.keys(await laterWords.en()).filter((key) => key in start)).toEqual([]);
});
