import { CsvReader, delimiters, type Delimiter } from './read.ts';

/** Characters of a file's beginning that are enough to tell its delimiter. */
export const SNIFF_CHARS = 64 * 1024;
const RECORDS = 50;

export type Sniffed = {
  delimiter: Delimiter;
  /** Characters to pass over: Excel's line `sep=;`. */
  skip: number;
};

/**
 * The delimiter of delimited text, from its beginning. The line `sep=` says it; else it is the one with which most records have as many fields as
 * the first, and of those the one with the most fields. Of text without any it is the comma.
 */
export function sniffDelimiter(head: string): Sniffed {
  const said = /^sep=([,;\t|])(?:\r\n|\r|\n|$)/iu.exec(head);
  if (said !== null) return { delimiter: said[1] as Delimiter, skip: said[0].length };
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const score = scoreOf(head.slice(0, SNIFF_CHARS), delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  return { delimiter: best.delimiter, skip: 0 };
}

function scoreOf(head: string, delimiter: Delimiter): number {
  const records = new CsvReader(delimiter).push(`${head}\n`).slice(0, RECORDS);
  const width = records[0]?.fields.length ?? 0;
  if (width < 2) return 0;
  const alike = records.filter(({ fields }) => fields.length === width).length;
  return alike / records.length + width / 1_000;
}
