import { SeededRandom } from '@offhook/testkit';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { createDecoder, createEncodingDetector, type Encoding } from '../encoding.ts';
import { encode } from '../testing.test-support.ts';
import { CsvReader, delimiters, type CsvRecord, type Delimiter } from './read.ts';
import { sniffDelimiter } from './sniff.ts';

const readAll = (text: string, delimiter: Delimiter, limits?: ConstructorParameters<typeof CsvReader>[1]) => {
  const reader = new CsvReader(delimiter, limits);
  return [...reader.push(text), ...reader.end()];
};
const fieldsOf = (records: CsvRecord[]) => records.map(({ fields }) => fields);

/** Pieces of any size, cut anywhere. */
function* cut<T extends { length: number; slice: (from: number, to: number) => T }>(
  whole: T,
  random: SeededRandom,
): Generator<T> {
  for (let from = 0; from < whole.length;) {
    const to = Math.min(whole.length, from + random.integer(1, 40));
    yield whole.slice(from, to);
    from = to;
  }
}

describe('as Excel writes it', () => {
  test('quotes, doubled quotes, line breaks within quotes, empty fields and the three line ends', () => {
    expect(fieldsOf(readAll('a;"b ""c""";"d\r\ne"\r\n;;x\ny;"";\rlast', ';'))).toEqual([
      ['a', 'b "c"', 'd\r\ne'],
      ['', '', 'x'],
      ['y', '', ''],
      ['last'],
    ]);
  });

  test('rows are numbered as a spreadsheet shows them, empty ones counted and left out', () => {
    const records = readAll('h\r\n\r\n"a\nb"\r\n,,\r\nc\r\n', ',');
    expect(records.map(({ row, fields }) => [row, ...fields])).toEqual([
      [1, 'h'],
      [3, 'a\nb'],
      [5, 'c'],
    ]);
  });

  test('a quote in the middle of a field stands for itself, and text after a closing quote is kept', () => {
    expect(fieldsOf(readAll('5" plate,"a"b,"c" ,d', ','))).toEqual([['5" plate', 'ab', 'c ', 'd']]);
  });
});

describe('bounds', () => {
  test('a field that is too long is cut and told', () => {
    expect(readAll(`a,${'x'.repeat(20)},b\nc`, ',', { fieldChars: 8, columns: 5 })).toEqual([
      { row: 1, fields: ['a', 'xxxxxxxx', 'b'], overflow: { limit: 'too_long', column: 1 } },
      { row: 2, fields: ['c'] },
    ]);
  });

  test('columns beyond the limit are dropped and told', () => {
    expect(readAll('a,b,c,d\ne', ',', { fieldChars: 8, columns: 2 })).toEqual([
      { row: 1, fields: ['a', 'b'], overflow: { limit: 'too_many_columns', column: 2 } },
      { row: 2, fields: ['e'] },
    ]);
  });

  test('a quote that is never closed holds no more than one field', () => {
    const reader = new CsvReader(',');
    expect(reader.push('a,"')).toEqual([]);
    for (let piece = 0; piece < 1_000; piece += 1) expect(reader.push('x,\n'.repeat(1_000))).toEqual([]);
    const [record] = reader.end();
    expect(record?.overflow).toEqual({ limit: 'too_long', column: 1 });
    expect(record?.fields[1]?.length).toBe(4_096);
  });
});

const alphabet = ['a', 'Z', 'ä', 'ß', '€', '"', '""', ',', ';', '\t', '\n', '\r\n', '\r', ' ', "'", '=', '0'];
const text = (random: SeededRandom, longest: number) =>
  Array.from({ length: random.integer(0, longest) }, () => random.pick(alphabet)).join('');

describe.each([1, 2, 3, 4, 5])('seed %i', (seed) => {
  test('what is written is read, over encodings × delimiters × quotes, in pieces', () => {
    const random = new SeededRandom(seed);
    const encodings: readonly [Encoding, boolean][] = [
      ['utf-8', true],
      ['utf-8', false],
      ['windows-1252', false],
      ['utf-16le', true],
      ['utf-16le', false],
      ['utf-16be', true],
      ['utf-16be', false],
    ];
    for (const [encoding, withMark] of encodings) {
      for (const delimiter of delimiters) {
        const headings = ['E-Mail', 'Größe', 'Name'];
        const rows = [
          headings,
          ...Array.from({ length: 30 }, (_, row) => [
            `p${row}@x.example`,
            text(random, 12),
            text(random, 12),
          ]),
        ];
        const quoted = (field: string) =>
          /["\r\n,;\t]/u.test(field) || random.chance(0.3) ? `"${field.replaceAll('"', '""')}"` : field;
        const file = rows.map((row) => row.map(quoted).join(delimiter)).join(random.pick(['\r\n', '\n']));
        const bytes = encode(file, encoding, withMark);
        const detector = createEncodingDetector();
        for (const piece of cut(bytes, random)) detector.push(piece);
        expect(detector.end()).toBe(encoding);
        const decoder = createDecoder(encoding);
        const decoded =
          Array.from(cut(bytes, random), (piece) => decoder.push(piece)).join('') + decoder.end();
        expect(decoded).toBe(file);
        expect(sniffDelimiter(file)).toEqual({ delimiter, skip: 0 });
        const reader = new CsvReader(delimiter);
        const records = [...cut(file, random)].flatMap((piece) => reader.push(piece));
        expect(fieldsOf([...records, ...reader.end()])).toEqual(rows);
      }
    }
  });

  test('agrees with csv-parse on whatever that reads', () => {
    const random = new SeededRandom(seed);
    for (let round = 0; round < 300; round += 1) {
      const delimiter = random.pick(delimiters);
      const rows = Array.from({ length: random.integer(1, 5) }, () =>
        Array.from({ length: random.integer(1, 4) }, () => `x${text(random, 6)}`),
      );
      const file = rows
        .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(delimiter))
        .join('\r\n');
      const options = { delimiter, relax_column_count: true, record_delimiter: '\r\n' };
      expect(fieldsOf(readAll(file, delimiter))).toEqual(parse(file, options));
    }
  });

  test('takes garbage of any kind, in the same way whatever the pieces, in time that grows with its length', () => {
    const random = new SeededRandom(seed);
    for (let round = 0; round < 200; round += 1) {
      const garbage = text(random, 400);
      const delimiter = random.pick(delimiters);
      const limits = { fieldChars: 16, columns: 4 };
      const whole = readAll(garbage, delimiter, limits);
      const reader = new CsvReader(delimiter, limits);
      const pieces = [...cut(garbage, random)].flatMap((piece) => reader.push(piece));
      expect([...pieces, ...reader.end()]).toEqual(whole);
      for (const { fields } of whole) {
        expect(fields.length).toBeLessThanOrEqual(4);
        for (const field of fields) expect(field.length).toBeLessThanOrEqual(16);
      }
    }
    const bytes = random.bytes(1_000_000);
    const detector = createEncodingDetector();
    detector.push(bytes);
    const decoded = createDecoder(detector.end()).push(bytes);
    const began = performance.now();
    readAll(decoded, sniffDelimiter(decoded).delimiter);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('the delimiter', () => {
  test.each([
    ['sep=;\r\na;b,c\r\n', ';', 7],
    ['sep=,\na,b', ',', 6],
    ['SEP=\t\na,b', '\t', 6],
  ])('%j says it itself', (file, delimiter, skip) => {
    expect(sniffDelimiter(file)).toEqual({ delimiter, skip });
  });

  test('commas within the fields do not mislead', () => {
    const file = 'Name;E-Mail\r\nBerger, Anna;a@x.example\r\nCarter, Ben;b@x.example\r\n';
    expect(sniffDelimiter(file).delimiter).toBe(';');
  });

  test('one column has a comma', () => {
    expect(sniffDelimiter('E-Mail\r\na@x.example\r\n').delimiter).toBe(',');
  });
});
