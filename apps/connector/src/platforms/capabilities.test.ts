import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { withCapabilities } from './capabilities.ts';

it('the capability matrix in the documentation is the one of the adapters (npm run docs:capabilities)', () => {
  const file = path.resolve(import.meta.dirname, '../../../../docs/platforms.md');
  const document = readFileSync(file, 'utf8');
  expect(document).toBe(withCapabilities(document));
});
