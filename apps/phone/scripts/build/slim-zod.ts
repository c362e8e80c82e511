import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** Zod's makers of JSON Schema: methods of every schema, so nothing else can leave them out. */
const makers = /\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/u;
/** Zod's English sentences about what does not fit; without them every one is "Invalid input", with its code and path as before. */
const sentences = /\/zod\/v4\/locales\/en\.js$/u;

/**
 * Leaves out of Zod what the phone does not use, a fifth of it: it parses what comes, and shows words of its own. Whoever asks for a JSON Schema all the
 * same is told by an exception.
 */
export function slimZod(): Plugin {
  return {
    name: 'offhook-slim-zod',
    enforce: 'pre',
    async load(id) {
      if (sentences.test(id)) return 'export default () => ({});';
      if (makers.test(id)) return stubOf(await readFile(id, 'utf8'));
      return null;
    },
  };
}

/** A module with the same names (`export function`, `export const`, `export { a as b }`), each a function that throws. */
export function stubOf(source: string): string {
  const declared = [...source.matchAll(/^export (?:function|const) (\w+)/gmu)].map(([, name]) => name);
  const renamed = [...source.matchAll(/^export \{ \w+ as (\w+) \};/gmu)].map(([, name]) => name);
  const names = [...declared, ...renamed];
  return [
    "const absent = () => { throw new Error('JSON Schema is not part of this build.'); };",
    `export { ${names.map((name) => `absent as ${name}`).join(', ')} };`,
  ].join('\n');
}
