import { ImportField } from '@offhook/contract';
import { expect, test } from 'vitest';
import { guessMapping, isUsable } from './headings.ts';

test.each([
  ['E-Mail-Adresse', 'email'],
  ['e_mail address *', 'email'],
  ['Vorname', 'firstName'],
  ['NACHNAME', 'lastName'],
  ['Rufnummer', 'number'],
  ['Telefon-Nr.', undefined],
  ['Hauptrufnummer', 'mainNumber'],
  ['Durchwahl', 'shortNumber'],
  ['Caller ID', 'callerId'],
  ['SIP-Benutzer', 'authUser'],
  ['Kennwort', 'password'],
  ['Tischtelefon', 'deskPhone'],
  ['Mobil', 'alternativeNumber'],
  ['Sprache', 'language'],
  ['Rolle', 'role'],
  ['Abteilung', undefined],
])('“%s” is %s', (heading, field) => {
  expect(guessMapping([heading], []).columns).toEqual([field ?? null]);
});

test('the columns that the ancestors of this import had', () => {
  const names = ['email', 'last name', 'first name', 'phone number', 'caller ID', 'connector'];
  expect(guessMapping(names, []).columns).toEqual([
    'email',
    'lastName',
    'firstName',
    'number',
    'callerId',
    null,
  ]);
});

test('every field is known by its own name, so that exports come back', () => {
  expect(guessMapping(ImportField.options, []).columns).toEqual(ImportField.options);
});

test('of two headings alike the first is taken, and an address is known by what it looks like', () => {
  const samples = [
    ['Anna', 'a@x.example', '1'],
    ['Ben', 'b@x.example', '2'],
  ];
  expect(guessMapping(['Name', 'Konto', 'Name'], samples).columns).toEqual(['name', 'email', null]);
  expect(guessMapping(['Name', 'Konto', 'Name'], []).columns).toEqual(['name', null, null]);
});

test('a mapping needs an address and no field twice', () => {
  expect(isUsable({ columns: ['email', null, 'name'] })).toBe(true);
  expect(isUsable({ columns: ['name'] })).toBe(false);
  expect(isUsable({ columns: ['email', 'number', 'number'] })).toBe(false);
});
