/** Which rows of a long list are drawn: all have one height, so that no row has to be measured. */
export interface Window {
  readonly first: number;
  /** Not itself drawn. */
  readonly end: number;
}

/** Rows beyond either edge, so that scrolling does not show blanks. */
const MARGIN = 6;

export function windowOf(scrollTop: number, height: number, rowHeight: number, rows: number): Window {
  const first = Math.max(0, Math.min(rows, Math.floor(scrollTop / rowHeight)) - MARGIN);
  const end = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + MARGIN);
  return { first, end: Math.max(first, end) };
}

/** The letters that names begin with, each with its first row; what is no letter stands under `#`. Names are sorted and folded. */
export function lettersOf(names: readonly string[]): readonly (readonly [string, number])[] {
  const first = new Map<string, number>();
  for (const [row, name] of names.entries()) {
    const letter = letterOf(name);
    if (!first.has(letter)) first.set(letter, row);
  }
  return [...first];
}

const letterOf = (name: string): string => (/^\p{L}/u.test(name) ? (name[0] ?? '#').toUpperCase() : '#');
