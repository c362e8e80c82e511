import { expect, test } from 'vitest';
import { CsvReader } from './read.ts';
import { csvLine, defuse, undefuse, writeCsv } from './write.ts';

test.each(['=1+1', '+49891', '-2', '@SUM(A1)', '\t=1', '\r=1', '=cmd|"/C calc"!A0'])(
  '%j is no formula in an export, and comes back as it was',
  (text) => {
    expect(defuse(text)).toBe(`'${text}`);
    expect(undefuse(defuse(text))).toBe(text);
    const [record] = new CsvReader(',').push(csvLine([text]));
    expect(record?.fields).toEqual([`'${text}`]);
  },
);

test.each(['Anna', '', "O'Hara", ' =1', '5-3', 'a@b.example'])('%j stays', (text) => {
  expect(defuse(text)).toBe(text);
});

test('numbers stay numbers, also below zero; nothing is an empty cell', () => {
  expect(csvLine([-3, 2.5, true, null, undefined, 'x'])).toBe('-3,2.5,true,,,x\r\n');
});

test('quotes where they are needed', () => {
  expect(csvLine(['a"b', 'c,d', 'e\nf', ' g', 'h;i'])).toBe('"a""b","c,d","e\nf"," g",h;i\r\n');
  expect(csvLine(['h;i', 'c,d'], ';')).toBe('"h;i";c,d\r\n');
});

test('a file is written in pieces while its rows come, and begins with the mark', async () => {
  let asked = 0;
  async function* rows() {
    for (let row = 0; row < 5_000; row += 1) {
      asked += 1;
      yield [`person ${row}`, row];
    }
  }
  const file = writeCsv(['Name', 'Seats'], rows());
  const first = await file.next();
  expect(asked).toBeLessThan(2_000);
  let text = String(first.value);
  for await (const piece of file) text += piece;
  expect(text.startsWith('\ufeffName,Seats\r\nperson 0,0\r\n')).toBe(true);
  expect(text.split('\r\n')).toHaveLength(5_002);
});
