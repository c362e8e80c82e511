import type { UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { searchable, searchDirectory } from './search.ts';

const user = (name: string, email: string, number?: string, shortNumber?: string) =>
  searchable({
    userId: email as UserId,
    name,
    email,
    number,
    shortNumber,
    devices: [],
    connectorId: undefined,
  });

const people = [
  user('Anna Berger', 'anna@demo.example', '101'),
  user('Ben Carter', 'ben@demo.example', '102'),
  user('Jürgen Müller-Lüdenscheidt', 'j.mueller@demo.example', '1010'),
  user('Łucja Weiß', 'lucja@demo.example', '+49 89 7007-555'),
  user('Benedikt Anders', 'anders@demo.example'),
];
const names = (query: string, limit = 10) => searchDirectory(people, query, limit).map((entry) => entry.name);

test('names are found by the beginning of any of their words, in any order', () => {
  expect(names('ber')).toEqual(['Anna Berger']);
  expect(names('carter ben')).toEqual(['Ben Carter']);
  expect(names('luden')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(names('arter')).toEqual([]);
});

test('accents and case do not matter', () => {
  expect(names('JURGEN MULLER')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(names('müller')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(names('lucja weiss')).toEqual(['Łucja Weiß']);
});

test('the very number comes before numbers that begin so', () => {
  expect(names('101')).toEqual(['Anna Berger', 'Jürgen Müller-Lüdenscheidt']);
});

test('numbers are found however they are written', () => {
  expect(names('+49 (89) 7007 555')).toEqual(['Łucja Weiß']);
  expect(names('+4989')).toEqual(['Łucja Weiß']);
});

test('short numbers are found as the numbers are', () => {
  const short = [user('Cara Dahl', 'cara@demo.example', '+49 89 7007-21', '21'), ...people];
  const found = (query: string) => searchDirectory(short, query, 10);
  expect(found('21')).toEqual([{ userId: 'cara@demo.example', name: 'Cara Dahl', number: '+49 89 7007-21' }]);
  expect(found('2')).toHaveLength(1);
});

test('e-mail addresses are found', () => {
  expect(names('anna@demo.example')).toEqual(['Anna Berger']);
  expect(names('j.mue')).toEqual(['Jürgen Müller-Lüdenscheidt']);
});

test('names that begin with the query come before those in which a later word does', () => {
  expect(names('an')).toEqual(['Anna Berger', 'Benedikt Anders']);
});

test('the limit holds, and an empty query lists by name', () => {
  expect(names('', 2)).toEqual(['Anna Berger', 'Ben Carter']);
});
