import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withCapabilities } from '../src/platforms/capabilities.ts';

/** Writes what the adapters can into the documentation. */
const file = path.resolve(import.meta.dirname, '../../../docs/platforms.md');
writeFileSync(file, withCapabilities(readFileSync(file, 'utf8')));
