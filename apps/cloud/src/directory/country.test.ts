import { countries, internationalDigits } from '@offhook/contract';
import { expect, test } from 'vitest';
import { getCountries } from 'libphonenumber-js/min';
import { countryOfTimeZone, numberingOf } from './country.ts';

test('a time zone has a country; one of no country has the usual one', () => {
  const zones = ['Europe/Berlin', 'Europe/Madrid', 'Europe/Zurich', 'America/New_York', 'UTC', 'Mars/Base'];
  expect(zones.map(countryOfTimeZone)).toEqual(['DE', 'ES', 'CH', 'US', 'DE', 'DE']);
});

test('[C4] numbers as people of each country dial them', () => {
  const samples = {
    DE: ['089 700721', '4989700721'],
    AT: ['01 58858', '43158858'],
    CH: ['044 668 18 00', '41446681800'],
    GB: ['020 7946 0018', '442079460018'],
    FR: ['01 70 18 99 00', '33170189900'],
    NL: ['020 123 4567', '31201234567'],
    ES: ['912 345 678', '34912345678'],
    IT: ['06 698 12345', '390669812345'],
    US: ['(650) 253-0000', '16502530000'],
    FI: ['00 49 89 700721', '4989700721'],
  };
  for (const [country, [typed, digits]] of Object.entries(samples)) {
    expect([country, internationalDigits(typed ?? '', numberingOf(country))]).toEqual([country, digits]);
  }
});

test('the countries to choose from are those that are known', () => {
  expect(countries).toEqual(getCountries().toSorted());
  for (const country of countries) expect(numberingOf(country).callingCode).toMatch(/^\d+$/u);
});
