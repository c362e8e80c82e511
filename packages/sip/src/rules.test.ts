import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * RULES.md says which rule of which standard is proved by which test. A table that nobody checks is a wish: here each of its
 * ids has to stand in the title of a test, each id in a title has to stand in the table, and each file in it has to exist.
 */
const packages = path.join(import.meta.dirname, '../..');
const rules = readFileSync(path.join(packages, 'sip/RULES.md'), 'utf8');
const files = ['sip', 'sip-node'].flatMap((name) =>
  readdirSync(path.join(packages, name), { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.includes('node_modules'))
    .map((file) => path.join(packages, name, file)),
);
const tests = files
  .filter((file) => file.endsWith('.test.ts') && file !== import.meta.filename)
  .map((file) => readFileSync(file, 'utf8'));

/** `RFC3261-10.3-7` in brackets; the titles of a table of tests have `%s` or `$section` in the place of the section. */
const idsOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, id = '']) => id);
const titled = new Set(tests.flatMap((text) => idsOf(text, /\[(RFC\d{4}(?:-[\w.-]+)?)\]/g)));
const listed = new Set(idsOf(rules, /`(RFC\d{4}(?:-[\w.-]+)?)`/g));

function isProved(id: string): boolean {
  if (titled.has(id)) return true;
  const [rfc = '', ...section] = id.split('-');
  const template = new RegExp(`\\[${rfc}-[%$]`);
  return tests.some((text) => template.test(text) && text.includes(`'${section.join('-')}'`));
}

describe('RULES.md', () => {
  it('[rules] names rules by ids, and each stands in the title of a test', () => {
    expect(listed.size).toBeGreaterThan(150);
    expect([...listed].filter((id) => !isProved(id))).toEqual([]);
  });

  it('[rules] lists each rule that a test cites', () => {
    expect([...titled].filter((id) => !listed.has(id)).toSorted()).toEqual([]);
  });

  it('[rules] leads to files that are there', () => {
    const named = idsOf(rules, /`([\w./-]+\.ts)`/g);
    const missing = named.filter(
      (name) =>
        !files.some((file) => file.endsWith(`/${name}`)) && !existsSync(path.join(packages, 'sip', name)),
    );
    expect(missing).toEqual([]);
  });

  it('[rules] has no row of an RFC without an id', () => {
    expect(rules.split('\n').filter((line) => /^\| (?:RFC|\d{4})/.test(line))).toEqual([]);
  });
});
