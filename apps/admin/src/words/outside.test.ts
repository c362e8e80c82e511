import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/* Every text that people read is in the catalogues: markup has none of its own. */

const folder = fileURLToPath(new URL('../../../..', import.meta.url));
const files = globSync('{apps/admin/src,packages/sign-in/src}/**/*.tsx', { cwd: folder }).filter(
  (file) => !file.includes('/gallery/'),
);
/** Attributes that are seen or spoken. */
const SPOKEN = 'aria-label|aria-description|alt|label|placeholder|title|description|hint';

/** Words between tags, and in attributes that are seen or spoken. Names of the product are no words. */
export function textOutside(source: string): string[] {
  const markup = source
    .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
    .replaceAll(/^\s*\/\/.*$/gmu, '')
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

it('finds text in markup and in what is spoken', () => {
  expect(textOutside('return <p>Hello there</p>;')).toEqual(['Hello there']);
  expect(textOutside('return <b className="x">Save {name}</b>;')).toEqual(['Save']);
  expect(textOutside('return <input aria-label="Your name" name="email" />;')).toEqual(['Your name']);
  expect(textOutside("return <p>{t('a.b')}</p>;")).toEqual([]);
});

it.each(files)('%s has no text outside the catalogues', (file) => {
  expect(textOutside(readFileSync(`${folder}/${file}`, 'utf8'))).toEqual([]);
});
