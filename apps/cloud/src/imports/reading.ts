import { AdminLimits, type HeaderMapping, type TenantId } from '@offhook/contract';
import {
  createDecoder,
  createEncodingDetector,
  CsvReader,
  guessMapping,
  isUsable,
  JsonFileError,
  JsonReader,
  readElement,
  readRecord,
  sniffDelimiter,
  SNIFF_CHARS,
  cleanText,
  type CsvRecord,
  type Delimiter,
  type Encoding,
  type SubscriberRow,
} from '@offhook/subscribers';
import { ImportFailed, type Columns } from './model.ts';
import type { ImportStore } from './store.ts';

/** A row of a file, before it is compared. */
export type ReadRow = { row: number } & SubscriberRow;

/** What a file turned out to be. */
export type FileFacts = {
  encoding: Encoding;
  /** Absent: JSON. */
  delimiter?: Delimiter;
  columns?: Columns;
  /** Absent: nobody can say yet which column is what. */
  mapping?: HeaderMapping;
};

export type FileSource = () => AsyncIterable<Uint8Array>;

/** An import's file as it lies in the database, one piece in memory at a time. */
export const storedFile = (store: ImportStore, tenantId: TenantId, importId: string): FileSource =>
  async function* () {
    for (let place = 0; ; place += 1) {
      const bytes = await store.chunk(tenantId, importId, place);
      if (bytes === undefined) return;
      yield bytes;
    }
  };

const SAMPLES = 3;
const SAMPLE_CHARS = 60;
/** Spreadsheets and archives, which people take for CSV, hold this; text does not. */
// eslint-disable-next-line no-control-regex
const NOT_TEXT = /\u0000|^PK\u0003\u0004/u;

/**
 * Read a whole file in two passes: its encoding first, then its rows, given on in batches. Holds a piece of the file and a batch.
 * @param mapping as somebody said; `ask`: only look, and say what the columns are
 * @param onRows gets rows in the order of the file; how many bytes have been read, and what the columns are
 * @throws ImportFailed `unreadable`, `empty`, `too_many_rows`, `version_unknown`
 */
export async function readFile(
  file: FileSource,
  mapping: HeaderMapping | 'ask' | undefined,
  onRows: (rows: ReadRow[], so: { bytes: number; columns: Columns | undefined }) => Promise<void>,
): Promise<FileFacts> {
  const detector = createEncodingDetector();
  let size = 0;
  for await (const bytes of file()) {
    detector.push(bytes);
    size += bytes.length;
  }
  if (size === 0) throw new ImportFailed('empty');
  const encoding = detector.end();

  const decoder = createDecoder(encoding);
  let bytesRead = 0;
  let head: string | undefined = '';
  let rows: RowReader | undefined;
  const give = async (read: ReadRow[] = []) => {
    if (read.length > 0) await onRows(read, { bytes: bytesRead, columns: rows?.facts().columns });
  };
  const feed = async (text: string, isLast: boolean) => {
    if (head !== undefined) {
      head += text;
      if (head.length < SNIFF_CHARS && !isLast) return;
      if (head.trim() === '') throw new ImportFailed('empty');
      if (NOT_TEXT.test(head)) throw new ImportFailed('unreadable');
      rows = /^\s*\{/u.test(head) ? jsonRows() : csvRows(head, mapping);
      text = head;
      head = undefined;
    }
    await give(rows?.push(text));
  };
  try {
    for await (const bytes of file()) {
      bytesRead += bytes.length;
      await feed(decoder.push(bytes), false);
    }
    await feed(decoder.end(), true);
    await give(rows?.end());
  } catch (error) {
    throw error instanceof JsonFileError ? new ImportFailed(error.fault, error) : error;
  }
  return { encoding, ...rows?.facts() };
}

type RowReader = {
  push: (text: string) => ReadRow[];
  end: () => ReadRow[];
  facts: () => Omit<FileFacts, 'encoding'>;
};

/** How many rows have come; a file with too many is refused as soon as it shows. */
function createRowLimit() {
  let count = 0;
  return {
    add: (rows: number): void => {
      count += rows;
      if (count > AdminLimits.importRows) throw new ImportFailed('too_many_rows');
    },
    end: () => {
      if (count === 0) throw new ImportFailed('empty');
    },
  };
}

function jsonRows(): RowReader {
  const reader = new JsonReader();
  const limit = createRowLimit();
  return {
    push: (text) => {
      const elements = reader.push(text);
      limit.add(elements.length);
      return elements.map(({ row, element }) => ({ row, ...readElement(element) }));
    },
    end: () => {
      reader.end();
      limit.end();
      return [];
    },
    facts: () => ({ mapping: { columns: [] } }),
  };
}

function csvRows(head: string, wanted: HeaderMapping | 'ask' | undefined): RowReader {
  const { delimiter, skip } = sniffDelimiter(head);
  const reader = new CsvReader(delimiter);
  const limit = createRowLimit();
  // Within the head there are enough rows to guess by; they are read again with the rest.
  const [first, ...next] = new CsvReader(delimiter).push(`${head.slice(skip)}\n`).slice(0, 1 + SAMPLES);
  if (first === undefined) throw new ImportFailed('empty');
  const headings = first.fields.map(cleanText);
  const samples = next.map(({ fields }) => fields);
  const guessed = guessMapping(headings, samples);
  const said = typeof wanted === 'object' ? fitted(wanted, headings.length) : guessed;
  const mapping = wanted === 'ask' || !isUsable(said) ? undefined : said;
  const columns = headings.map((heading, place) => ({
    heading: heading.slice(0, SAMPLE_CHARS),
    samples: samples.map((fields) => cleanText(fields[place] ?? '').slice(0, SAMPLE_CHARS)),
    field: said.columns[place] ?? null,
  }));
  let sawHeadings = false;
  let skipping = skip;
  const read = (records: CsvRecord[]): ReadRow[] => {
    const below = sawHeadings ? records : records.slice(1);
    sawHeadings ||= records.length > 0;
    limit.add(below.length);
    // Without a mapping rows are only counted.
    if (mapping === undefined) return [];
    return below.flatMap((record): ReadRow[] => {
      const row = readRecord(record, headings, mapping);
      return row === undefined ? [] : [{ row: record.row, ...row }];
    });
  };
  return {
    push: (text) => {
      const rest = text.slice(skipping);
      skipping = 0;
      return read(reader.push(rest));
    },
    end: () => {
      const rows = read(reader.end());
      limit.end();
      return rows;
    },
    facts: () => ({ delimiter, columns, ...(mapping === undefined ? {} : { mapping }) }),
  };
}

/** A mapping with as many columns as the file has. */
const fitted = ({ columns }: HeaderMapping, width: number): HeaderMapping => ({
  columns: Array.from({ length: width }, (_, place) => columns[place] ?? null),
});
