/** What stands between the fields of a file. */
export type Delimiter = ',' | ';' | '\t' | '|';
export const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

export type CsvLimits = {
  /** Characters of one field. */
  fieldChars: number;
  columns: number;
};
export const csvLimits: CsvLimits = { fieldChars: 4_096, columns: 100 };

/** One record. What a limit cut off is not held: `overflow` says which, and at which column (from 0). */
export type CsvRecord = {
  /** As a spreadsheet numbers rows: the first is 1, empty rows count, and a line break within quotes does not. */
  row: number;
  fields: string[];
  overflow?: { limit: 'too_long' | 'too_many_columns'; column: number };
};

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

type State =
  /** Before a field, so that a quote opens it. */
  | 'start'
  | 'plain'
  | 'quoted'
  /** After a quote within quotes: another one is a quote itself, anything else ends the quoted part. */
  | 'closing';

/**
 * Reads delimited text as Excel writes it, in pieces of any size (RFC 4180, and what it leaves open: other delimiters, line ends of one character,
 * a quote in the middle of a field stands for itself, text after the closing quote belongs to the field). Holds one record at a time, within
 * {@link CsvLimits}; takes time proportional to the text, whatever the text is. Records without any text are counted and not given.
 */
export class CsvReader {
  readonly #delimiter: number;
  readonly #limits: CsvLimits;
  #state: State = 'start';
  #afterCr = false;
  #row = 1;
  #field = '';
  #fieldIsCut = false;
  #fields: string[] = [];
  #columns = 0;
  #overflow: CsvRecord['overflow'];
  #isEmpty = true;

  constructor(delimiter: Delimiter, limits: CsvLimits = csvLimits) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#limits = limits;
  }

  /** The records that this piece completes. */
  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#afterCr) {
        this.#afterCr = false;
        if (code === LF) {
          from = at + 1;
          continue;
        }
      }
      if (this.#state === 'quoted') {
        if (code !== QUOTE) continue;
        this.#take(text, from, at);
        this.#state = 'closing';
        from = at + 1;
        continue;
      }
      if (code === QUOTE && this.#state !== 'plain') {
        // The second of two within quotes is part of the text.
        from = this.#state === 'closing' ? at : at + 1;
        this.#state = 'quoted';
        this.#isEmpty = false;
        continue;
      }
      if (code === this.#delimiter) {
        this.#take(text, from, at);
        this.#endField();
        from = at + 1;
      } else if (code === CR || code === LF) {
        this.#take(text, from, at);
        this.#endRecord(records);
        this.#afterCr = code === CR;
        from = at + 1;
      } else {
        this.#state = 'plain';
        this.#isEmpty = false;
      }
    }
    this.#take(text, from, text.length);
    return records;
  }

  /** What is left at the end of the text. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    if (!this.#isEmpty || this.#columns > 0) this.#endRecord(records);
    return records;
  }

  #take(text: string, from: number, to: number): void {
    if (to <= from) return;
    const room = this.#limits.fieldChars - this.#field.length;
    if (to - from > room) {
      this.#fieldIsCut = true;
      this.#field += text.slice(from, from + room);
    } else this.#field += text.slice(from, to);
  }

  #endField(): void {
    const column = this.#columns;
    if (column < this.#limits.columns) this.#fields.push(this.#field);
    else this.#overflow ??= { limit: 'too_many_columns', column };
    if (this.#fieldIsCut) this.#overflow ??= { limit: 'too_long', column };
    this.#columns += 1;
    this.#field = '';
    this.#fieldIsCut = false;
    this.#state = 'start';
  }

  #endRecord(records: CsvRecord[]): void {
    this.#endField();
    if (!this.#isEmpty) {
      records.push({
        row: this.#row,
        fields: this.#fields,
        ...(this.#overflow === undefined ? {} : { overflow: this.#overflow }),
      });
    }
    this.#row += 1;
    this.#fields = [];
    this.#columns = 0;
    this.#overflow = undefined;
    this.#isEmpty = true;
  }
}
