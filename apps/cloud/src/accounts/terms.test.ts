import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { languages } from '@offhook/words';
import { expect, onTestFinished, test } from 'vitest';
import { readTerms, usualTerms } from './terms.ts';

const folderWith = (files: Record<string, string>) => {
  const folder = mkdtempSync(join(tmpdir(), 'terms-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

test('the usual terms are there in every language, each in words of its own and with as many paragraphs', () => {
  const texts = languages.map((language) => usualTerms.texts[language]);
  expect(new Set(texts).size).toBe(languages.length);
  expect(new Set(texts.map((text) => text.split('\n\n').length)).size).toBe(1);
});

test('terms of the provider’s own are read from a folder; English stands in for a language that is missing', () => {
  const terms = readTerms(folderWith({ 'version.txt': 'v7\n', 'en.txt': 'Terms', 'de.txt': 'Bedingungen' }));
  expect(terms).toMatchObject({ version: 'v7', texts: { en: 'Terms', de: 'Bedingungen', ca: 'Terms' } });
});

test('a folder without a version or the English text is refused in words', () => {
  for (const files of [
    {},
    { 'version.txt': 'v7' },
    { 'en.txt': 'Terms' },
    { 'version.txt': '', 'en.txt': 'x' },
  ]) {
    expect(() => readTerms(folderWith(files))).toThrow(/must hold version\.txt/u);
  }
});
