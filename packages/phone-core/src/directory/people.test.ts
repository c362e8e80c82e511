import { DirectoryPerson, type Numbering } from '@offhook/contract';
import { expect, test } from 'vitest';
import {
  filterPeople,
  noPeople,
  peopleOf,
  searchPeople,
  whoseNumber,
  withoutParts,
  withPart,
} from './people.ts';

const germany: Numbering = { callingCode: '49', international: '00', national: '0' };
const person = (name: string, email: string, number?: string, rest: object = {}) =>
  DirectoryPerson.parse({ userId: email.replace('@', '.'), name, email, number, ...rest });

const company = [
  person('Anna Berger', 'anna@demo.example', '101'),
  person('Ben Carter', 'ben@demo.example', '102'),
  person('Jürgen Müller-Lüdenscheidt', 'j.mueller@demo.example', '1010'),
  person('Łucja Weiß', 'lucja@demo.example', '089 7007-555', { shortNumber: '555' }),
  person('Benedikt Anders', 'anders@demo.example', undefined, { others: ['+49 30 1234567'] }),
];
const people = peopleOf(company, germany);
const names = (query: string, limit = 10) => searchPeople(people, query, limit).map(({ name }) => name);

test('[D7] names are found by the beginnings of their words, in any order, without accents', () => {
  expect(names('ber')).toEqual(['Anna Berger']);
  expect(names('carter ben')).toEqual(['Ben Carter']);
  expect(names('MULLER jur')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(names('lüdens')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(names('lucja weiss')).toEqual(['Łucja Weiß']);
  expect(names('arter')).toEqual([]);
  expect(names('anna@demo')).toEqual(['Anna Berger']);
});

test('[D7] numbers are found however they and the query are written', () => {
  for (const query of [
    '+49 89 7007555',
    '0049 (89) 7007-555',
    '089/7007 555',
    '0897007',
    '0049 89',
    '089',
    '555',
    '+4989',
  ]) {
    expect(names(query)[0]).toBe('Łucja Weiß');
  }
  expect(names('030 1234567')).toEqual(['Benedikt Anders']);
  expect(names('7007555')).toEqual(['Łucja Weiß']);
});

test('[D7] the best come first: the very number, then beginnings of numbers and names, then later words', () => {
  expect(names('101')).toEqual(['Anna Berger', 'Jürgen Müller-Lüdenscheidt']);
  expect(names('an')).toEqual(['Anna Berger', 'Benedikt Anders']);
  expect(names('ben')).toEqual(['Ben Carter', 'Benedikt Anders']);
  expect(names('', 2)).toEqual(['Anna Berger', 'Ben Carter']);
});

test('[C4] a number is one person’s, or nobody’s', () => {
  expect(whoseNumber(people, '+49897007555')?.name).toBe('Łucja Weiß');
  expect(whoseNumber(people, '102')?.name).toBe('Ben Carter');
  expect(whoseNumber(people, '10')).toBeUndefined();
  const twice = withPart(people, 'more', [person('Otto Zwei', 'otto@demo.example', '102')]);
  expect(whoseNumber(twice, '102')).toBeUndefined();
});

test('parts come in any order and go again; the list stays by name', () => {
  const parts = company.map((one, at) => [`part-${at}`, [one]] as const);
  const all = parts.toReversed().reduce((so, [part, added]) => withPart(so, part, added), noPeople(germany));
  expect(all.entries.map(({ person: { name } }) => name)).toEqual([
    'Anna Berger',
    'Ben Carter',
    'Benedikt Anders',
    'Jürgen Müller-Lüdenscheidt',
    'Łucja Weiß',
  ]);
  const fewer = withoutParts(all, new Set(['part-0', 'part-2']));
  expect(fewer.entries).toHaveLength(3);
  expect(filterPeople(fewer, 'ben').map(({ person: { name } }) => name)).toEqual([
    'Ben Carter',
    'Benedikt Anders',
  ]);
});
