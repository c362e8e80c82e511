import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A built piece in Vite's `manifest.json`, as far as it is read here. */
export interface Piece {
  readonly file: string;
  /** Keys of the pieces that are loaded with it. */
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

export type Manifest = Readonly<Record<string, Piece>>;

export interface Weighed {
  readonly file: string;
  readonly gzBytes: number;
}

export interface CriticalPath {
  /** Heaviest first. */
  readonly scripts: readonly Weighed[];
  readonly styles: readonly Weighed[];
  readonly jsGzBytes: number;
  readonly cssGzBytes: number;
}

/** `import()` that the page waits for before it draws anything: the words of one language. */
const CATALOGUE = /^src\/i18n\/[a-z]{2}\/index\.ts$/u;

/**
 * What a browser has to have before the phone is ready to dial: the entry, all it imports statically, and the heaviest language.
 *
 * @throws Error where there is no build, or the page has no script of it.
 */
export function criticalPath(dist: string): CriticalPath {
  const manifest = JSON.parse(readFileSync(path.join(dist, '.vite', 'manifest.json'), 'utf8')) as Manifest;
  const weigh = (file: string): Weighed => ({
    file,
    gzBytes: gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length,
  });
  const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
  const { scripts, styles } = criticalFiles(manifest, entriesOf(page), (file) => weigh(file).gzBytes);
  const weighed = (files: readonly string[]) => files.map(weigh).toSorted((a, b) => b.gzBytes - a.gzBytes);
  const [js, css] = [weighed(scripts), weighed(styles)];
  return { scripts: js, styles: css, jsGzBytes: sum(js), cssGzBytes: sum(css) };
}

/** The module scripts of a page, relative to the build. */
export function entriesOf(page: string): readonly string[] {
  return [...page.matchAll(/<script type="module"[^>]* src="\/([^"]+)"/gu)].map((found) => found[1] ?? '');
}

/** Pure: the files of the critical path, by a manifest, the page's scripts and a weight for each file. */
export function criticalFiles(
  manifest: Manifest,
  entries: readonly string[],
  weight: (file: string) => number,
): { readonly scripts: readonly string[]; readonly styles: readonly string[] } {
  const roots = Object.keys(manifest).filter((key) => entries.includes(manifest[key]?.file ?? ''));
  if (roots.length === 0) throw new Error('The page has no script of the build.');
  const start = withImports(manifest, roots);
  const languages = [...start]
    .flatMap((key) => manifest[key]?.dynamicImports ?? [])
    .filter((key) => CATALOGUE.test(key))
    .map((key) => withImports(manifest, [...start, key]));
  const total = (keys: ReadonlySet<string>) =>
    [...keys].reduce((all, key) => all + weight(manifest[key]?.file ?? ''), 0);
  const all = languages.toSorted((a, b) => total(b) - total(a))[0] ?? start;
  const pieces = [...all].flatMap((key) => manifest[key] ?? []);
  return {
    scripts: pieces.map(({ file }) => file),
    styles: [...new Set(pieces.flatMap(({ css }) => css ?? []))],
  };
}

function withImports(manifest: Manifest, keys: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const todo = [...keys];
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    todo.push(...(manifest[key]?.imports ?? []));
  }
  return found;
}

function sum(files: readonly Weighed[]): number {
  return files.reduce((all, { gzBytes }) => all + gzBytes, 0);
}
