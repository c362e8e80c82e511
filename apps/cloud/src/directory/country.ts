import type { Country, Numbering } from '@offhook/contract';
import { getCountries, isSupportedCountry, Metadata, type CountryCode } from 'libphonenumber-js/min';

/** Where neither a country was chosen nor the time zone is one country's, such as `UTC`. */
const USUAL: CountryCode = 'DE';

/** Node knows this; the language's own declarations do not yet. */
type WithTimeZones = { getTimeZones?: () => string[] | undefined };

let countries: Map<string, CountryCode> | undefined;

/** The country of a time zone, as the Unicode data have it. */
export function countryOfTimeZone(timeZone: string): Country {
  countries ??= new Map(
    getCountries().flatMap((country) =>
      ((new Intl.Locale(`und-${country}`) as WithTimeZones).getTimeZones?.() ?? []).map(
        (zone) => [zone, country] as const,
      ),
    ),
  );
  return countries.get(timeZone) ?? USUAL;
}

/** Whether it is known how numbers are dialled there. */
export const isCountry = (country: string): boolean => isSupportedCountry(country);

/** How numbers are dialled in a country. */
export function numberingOf(country: Country): Numbering {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(isSupportedCountry(country) ? country : USUAL);
  // Declared without what it has: the prefixes are read with care.
  const plan = metadata.numberingPlan as unknown as {
    callingCode: () => string;
    IDDPrefix: () => string | undefined;
    defaultIDDPrefix: () => string | undefined;
    nationalPrefix: () => string | undefined;
  };
  return {
    callingCode: plan.callingCode(),
    international: digits(plan.IDDPrefix()) ?? digits(plan.defaultIDDPrefix()) ?? '00',
    // In Italy and San Marino the zero is a part of the number, and dialled with the calling code, too.
    national: keepsZero.has(country) ? '' : (digits(plan.nationalPrefix()) ?? ''),
  };
}

const keepsZero: ReadonlySet<string> = new Set(['IT', 'VA', 'SM']);

/** Countries with several prefixes have a pattern in their place. */
const digits = (prefix: string | undefined): string | undefined =>
  /^\d{1,4}$/u.test(prefix ?? '') ? prefix : undefined;
