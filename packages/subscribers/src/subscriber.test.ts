import type { HeaderMapping } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { CsvReader } from './csv/read.ts';
import { csvLine } from './csv/write.ts';
import { readElement, readRecord } from './subscriber.ts';
import { readNumber } from './values.ts';

const headings = ['Mail', 'Vorname', 'Nachname', 'Nummer', 'Kennwort', 'Rolle', 'Sprache', 'Mobil'];
const columns: HeaderMapping['columns'] = [
  'email',
  'firstName',
  'lastName',
  'number',
  'password',
  'role',
  'language',
  'alternativeNumber',
];
const read = (...fields: string[]) => readRecord({ row: 2, fields }, headings, { columns });

test('a full row', () => {
  expect(
    read(
      ' Anna@X.example ',
      'Anna',
      'Berger',
      '+49 (0) 89 / 123-45',
      ' pass ',
      'Administrator',
      'de-AT',
      '0170 5',
    ),
  ).toEqual({
    subscriber: {
      email: 'anna@x.example',
      name: 'Anna Berger',
      number: '+498912345',
      password: ' pass ',
      role: 'admin',
      language: 'de',
      alternativeNumber: '01705',
    },
  });
});

test('what is empty says nothing, and a row of blanks is no row', () => {
  expect(read('a@x.example', '', 'Berger')).toEqual({ subscriber: { email: 'a@x.example', name: 'Berger' } });
  expect(read(' ', '', ' ')).toBeUndefined();
});

describe('what cannot be used is told with its column and value', () => {
  test.each([
    [['', 'Anna', 'B'], { code: 'email_missing', column: 'Mail' }],
    [['anna', 'Anna', 'B'], { code: 'email_invalid', column: 'Mail', value: 'anna' }],
    [['a@x.example', ' ', ''], { code: 'name_missing', column: 'Nachname' }],
    [
      ['a@x.example', 'A', 'B', '4,98912E+11'],
      { code: 'number_invalid', column: 'Nummer', value: '4,98912E+11' },
    ],
    [['a@x.example', 'A', 'B', '1;drop'], { code: 'number_invalid', column: 'Nummer', value: '1;drop' }],
    [['a@x.example', 'A', 'B', '1', '', 'boss'], { code: 'role_invalid', column: 'Rolle', value: 'boss' }],
    [
      ['a@x.example', 'A', 'B', '1', '', '', 'xx'],
      { code: 'language_invalid', column: 'Sprache', value: 'xx' },
    ],
    [['a@x.example', 'A'.repeat(250), 'B'], { code: 'too_long', column: 'Nachname' }],
  ])('%j', (fields, problem) => {
    expect(read(...fields)?.problem).toMatchObject(problem);
  });

  test('but never a password', () => {
    expect(read('a@x.example', 'A', 'B', '1', 'p'.repeat(300))?.problem).toEqual({
      code: 'too_long',
      column: 'Kennwort',
    });
  });

  test('a record beyond a limit', () => {
    const overflow = { limit: 'too_long', column: 1 } as const;
    expect(readRecord({ row: 2, fields: ['a@x.example', 'x'], overflow }, headings, { columns })).toEqual({
      problem: { code: 'too_long', column: 'Vorname' },
      email: 'a@x.example',
    });
  });
});

test('control characters, which a database cannot hold, are no part of a name', () => {
  expect(read('a@x.example', 'An\u0000na', 'Ber\nger\ud800')?.subscriber?.name).toBe('An na Ber ger\ufffd');
});

test('what an export made harmless is what it was', () => {
  const [record] = new CsvReader(',').push(csvLine(['a@x.example', '@nna', 'Berger', '+4989123']));
  expect(record === undefined ? undefined : readRecord(record, headings, { columns })).toEqual({
    subscriber: { email: 'a@x.example', name: '@nna Berger', number: '+4989123' },
  });
});

test.each([
  ['+49 89 123-45', '+498912345'],
  ['089/12345', '08912345'],
  ['(089) 123.45', '08912345'],
  ['*21#', '*21#'],
  ['anna.berger', 'anna.berger'],
  ['123E5', undefined],
  ['', undefined],
])('number %j is %j', (text, number) => {
  expect(readNumber(text)).toBe(number);
});

describe('elements of the JSON', () => {
  test('are read by the same rules; what is not known is passed over', () => {
    expect(
      readElement({ email: 'A@x.example', name: 'A', number: '+49 1', later: { than: 'this' } }),
    ).toEqual({
      subscriber: { email: 'a@x.example', name: 'A', number: '+491' },
    });
  });

  test.each([[3], [null], ['x'], [[]], [undefined]])('%j is none', (element) => {
    expect(readElement(element).problem).toEqual({ code: 'not_an_object' });
  });

  test('a value that is no text is told', () => {
    expect(readElement({ email: 'a@x.example', name: 'A', number: 123 }).problem).toEqual({
      code: 'not_an_object',
      column: 'number',
    });
  });
});
