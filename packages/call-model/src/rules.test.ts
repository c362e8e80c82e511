import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/*
 * A rule is a sentence in the README, a place in the source that keeps it, and a test that proves it. Here the three are held
 * against each other, so that none of them can be forgotten.
 */
const folder = import.meta.dirname;
const idsOf = (text: string): string[] =>
  [...text.matchAll(/\[(?:CM-\d+ )*CM-\d+(?: [A-Z]\d+)*\]/gu)].flatMap(
    ([cited]) => cited.match(/CM-\d+/gu) ?? [],
  );
const textsOf = (isWanted: (file: string) => boolean): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test-support.ts') && isWanted(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
const isTest = (file: string): boolean => file.endsWith('.test.ts');
const inOrder = (ids: Iterable<string>): string[] =>
  [...new Set(ids)].toSorted((a, b) => Number(a.slice(3)) - Number(b.slice(3)));

const rules = [
  ...readFileSync(path.join(folder, '../README.md'), 'utf8').matchAll(/^- \[(CM-\d+)\] (.+)$/gmu),
];
const listed = rules.map(([, id = '']) => id);
const kept = textsOf((file) => !isTest(file)).flatMap(idsOf);
const tests = textsOf((file) => isTest(file) && file !== path.basename(import.meta.filename));
/** Of `it(…)` and of the tables of `it.each([…])(…)`. */
const titles = tests.flatMap((text) => text.match(/(?:\bit\(|[^)]\)\()\s*['"`][^\n]*/gu) ?? []);
const proved = titles.flatMap(idsOf);

describe('the rules in the README', () => {
  it('[rules] are there, each once and each one sentence', () => {
    expect(listed.length).toBeGreaterThan(50);
    expect(listed).toHaveLength(new Set(listed).size);
    expect(
      rules.filter(([, , sentence = '']) => !/^[A-Z].*\.$/u.test(sentence) || sentence.includes('. ')),
    ).toEqual([]);
  });

  it('[rules] are those that the source keeps', () => {
    expect(inOrder(kept)).toEqual(inOrder(listed));
  });

  it('[rules] are those that tests prove by their titles', () => {
    expect(inOrder(proved)).toEqual(inOrder(listed));
  });

  it('[rules] leave no test without a rule', () => {
    expect(titles.length).toBeGreaterThan(80);
    expect(titles.filter((title) => idsOf(title).length === 0)).toEqual([]);
  });
});
