import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Attributes that are seen or spoken. */
const SPOKEN = 'aria-label|aria-description|alt|label|placeholder|title|description|hint';

/** Words between tags, and in attributes that are seen or spoken. What is printed on a key (`<Kbd>`) is no word. */
export function textOutside(source: string): string[] {
  const markup = source
    .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
    .replaceAll(/^\s*\/\/.*$/gmu, '')
    .replaceAll(/<Kbd[^<]*<\/Kbd>/gu, '')
    .replaceAll(/^import[\s\S]*?;$/gmu, '');
  const between = [
    ...markup.matchAll(
      /(?:<\/?[\w.]+(?:\s[^<>{}]*)?>|^\s*>|\/>)\s*([\p{L}][^<>{}=;()]*?)\s*(?=<\/?[\w]|\{)/gmu,
    ),
  ].map((match) => match[1] ?? '');
  const attributes = [...markup.matchAll(new RegExp(`\\b(?:${SPOKEN})="([^"]*\\p{L}[^"]*)"`, 'gu'))].map(
    (match) => match[1] ?? '',
  );
  return [...between, ...attributes];
}

/** The files of markup under `folder` that people see: those of the galleries are for whoever builds the product. */
export function markupOf(folder: string): string[] {
  return globSync('**/*.tsx', { cwd: folder })
    .filter((file) => !`/${file}`.includes('/gallery/'))
    .toSorted();
}

/** The text that a file of markup has of its own, where all of it belongs in the catalogues. */
export function textOutsideIn(folder: string, file: string): string[] {
  return textOutside(readFileSync(join(folder, file), 'utf8'));
}
