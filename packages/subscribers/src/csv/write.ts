import type { Delimiter } from './read.ts';

/** What an export holds in a cell. `null` and `undefined` are empty. */
export type CsvCell = string | number | boolean | null | undefined;

/** How spreadsheets begin a formula; a tab or a line break before one does not help. */
const FORMULA = /^[=+\-@\t\r]/u;

/**
 * Text that a spreadsheet takes for text: where it would take it for a formula, an apostrophe comes first (OWASP, “CSV Injection”). A phone number such
 * as `+49 89…` is no formula in the file of somebody who reads it, but is in a spreadsheet: it becomes `'+49 89…`, and {@link undefuse}, which the
 * import applies, takes the apostrophe away again.
 */
export const defuse = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** What {@link defuse} was given. */
export const undefuse = (text: string): string => (/^'[=+\-@\t\r]/u.test(text) ? text.slice(1) : text);

/** One line of a file, with its line end. Numbers are our own and stay numbers, also below zero; text is defused. */
export function csvLine(cells: readonly CsvCell[], delimiter: Delimiter = ','): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`;
}

function csvCell(cell: CsvCell, delimiter: Delimiter): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = defuse(cell);
  const isPlain =
    !text.includes('"') && !text.includes(delimiter) && !/[\r\n]|^\s|\s$/u.test(text) && text !== '';
  return isPlain || text === '' ? text : `"${text.replaceAll('"', '""')}"`;
}

/** So many characters are given on at a time. */
const PIECE = 16 * 1024;

/**
 * A file in pieces, as fast as they are asked for: UTF-8 text that begins with the mark by which Excel knows it. For every export:
 * `Readable.from(writeCsv(['Day', 'Seats'], rows))`. An error of `rows` ends the file.
 */
export async function* writeCsv(
  headings: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>,
  delimiter: Delimiter = ',',
): AsyncGenerator<string, void, undefined> {
  let piece = `\ufeff${csvLine(headings, delimiter)}`;
  for await (const row of rows) {
    piece += csvLine(row, delimiter);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
