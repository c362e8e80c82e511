import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withCompatibility } from '../src/compatibility/document.ts';

/** Writes which versions are supported into the documentation. */
const file = path.resolve(import.meta.dirname, '../../../docs/platforms.md');
writeFileSync(file, withCompatibility(readFileSync(file, 'utf8')));
