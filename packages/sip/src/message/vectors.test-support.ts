import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The conformance vectors lie beside the repository, not in it. `OFFHOOK_VECTORS` names another place; without
 * any, the tests that need them are skipped with one line that says so.
 */
const root = resolve(
  process.env['OFFHOOK_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors'),
);

export function vectorsAbsent(folder: string): boolean {
  const path = join(root, folder);
  if (existsSync(path)) return false;
  console.warn(`Skipped: no conformance vectors at ${path} (OFFHOOK_VECTORS names their folder)`);
  return true;
}

export function readVector(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(root, path)));
}

export function listVectors(folder: string, ending: string): string[] {
  return existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((name) => name.endsWith(ending))
    : [];
}

/** Rows of a tab-separated manifest by column name. */
export function readManifest(path: string): Record<string, string>[] {
  if (!existsSync(join(root, path))) return [];
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const [heading = '', ...rows] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const columns = heading.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}
