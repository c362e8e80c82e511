/** One import of a source file, as written. */
export interface ImportLine {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Statements at the start of a line, over several lines too, and `import('…')` anywhere. Source is formatted before it is
 * checked, so that a statement never starts elsewhere; text inside of template literals is passed over where indented.
 */
const STATEMENT = /^(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*(['"])(?<specifier>[\w@./:-]+)\1/gmu;
const DYNAMIC = /\bimport\(\s*(['"])(?<specifier>[\w@./:-]+)\1/gu;

/** Pure: every specifier that a TypeScript source imports or re-exports from. */
export function scanImports(source: string): ImportLine[] {
  return [...source.matchAll(STATEMENT), ...source.matchAll(DYNAMIC)]
    .map((match) => ({
      specifier: match.groups?.['specifier'] ?? '',
      line: source.slice(0, match.index).split('\n').length,
    }))
    .toSorted((a, b) => a.line - b.line);
}
