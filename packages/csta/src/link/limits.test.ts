import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { linkLimits } from './limits.ts';

const root = path.join(import.meta.dirname, '..');
const tests = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(path.join(root, name), 'utf8'));

it.each(linkLimits)('%s: a test meets it, and the operator can read what it means', (limit) => {
  expect(tests.some((text) => new RegExp(`limits: ${limit}\\b`).test(text))).toBe(true);
  const manual = readFileSync(path.join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
  expect(manual).toContain(`| \`${limit}\` |`);
});
