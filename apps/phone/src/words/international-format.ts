import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

export function internationalFormat(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}
