import { createReadStream } from 'node:fs';
import {
  createDecoder,
  createEncodingDetector,
  CsvReader,
  sniffDelimiter,
  SNIFF_CHARS,
  type CsvRecord,
} from '@offhook/subscribers';
import { foldColumn, InputError, type ExportRecord, type Mapping } from './mapping.ts';

type Delimited = Extract<Mapping['input'], { kind: 'delimited' }>;

/** A file's text in pieces, whatever its encoding. */
export async function* textOf(path: string): AsyncGenerator<string> {
  const detector = createEncodingDetector();
  for await (const bytes of createReadStream(path)) detector.push(bytes as Buffer);
  const decoder = createDecoder(detector.end());
  for await (const bytes of createReadStream(path)) yield decoder.push(bytes as Buffer);
  yield decoder.end();
}

/** Records of delimited text with headings. @throws InputError */
export async function* readDelimited(
  path: string,
  { delimiter, skipLines }: Delimited,
  wanted: ReadonlySet<string>,
): AsyncGenerator<ExportRecord> {
  let head: string | undefined = '';
  let reader: CsvReader | undefined;
  let headings: string[] | undefined;
  function* records(found: CsvRecord[]): Generator<ExportRecord> {
    for (const { row, fields, overflow } of found) {
      if (row <= skipLines) continue;
      if (headings === undefined) {
        headings = fields.map(foldColumn);
        requireColumns(wanted, headings, path);
        continue;
      }
      if (overflow !== undefined) {
        throw new InputError(
          `${path}, row ${row}: ${overflow.limit === 'too_long' ? 'a field is longer than 4,096 characters' : 'there are more than 100 columns'}. Is a quote missing, or is the delimiter another one? The mapping can say it (input.delimiter).`,
        );
      }
      const values = new Map<string, string>();
      for (const [place, heading] of headings.entries()) {
        // Of two columns of one name the first.
        if (!values.has(heading)) values.set(heading, fields[place] ?? '');
      }
      yield { row, values };
    }
  }
  const begin = (text: string) => {
    // What stands above the headings may be of any form.
    const said = sniffDelimiter(
      text
        .split(/\r\n|\r|\n/u)
        .slice(skipLines)
        .join('\n'),
    );
    reader = new CsvReader(delimiter ?? said.delimiter);
    return reader.push(skipLines === 0 ? text.slice(said.skip) : text);
  };
  for await (const text of textOf(path)) {
    if (head !== undefined) {
      head += text;
      if (head.length < SNIFF_CHARS) continue;
      const found = begin(head);
      head = undefined;
      yield* records(found);
    } else if (reader !== undefined) yield* records(reader.push(text));
  }
  if (head !== undefined) yield* records(begin(head));
  if (reader !== undefined) yield* records(reader.end());
  if (headings === undefined)
    throw new InputError(`${path} is empty, or has nothing after its first ${skipLines} lines.`);
}

function requireColumns(wanted: ReadonlySet<string>, headings: readonly string[], path: string): void {
  const missing = [...wanted].filter((column) => !headings.includes(column));
  if (missing.length === 0) return;
  throw new InputError(
    `${path} has no column ${missing.map((column) => `“${column}”`).join(', ')}. It has: ${headings.map((heading) => `“${heading}”`).join(', ')}. Correct the names in the mapping.`,
  );
}
