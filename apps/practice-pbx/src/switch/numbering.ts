/** Always admitted, and answered with an announcement. */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(['112', '110', '911']);

/**
 * The one form of an outside number, `+` and the country's code, from what people dial: `+49…` itself, `0` to get out and then the
 * international (`000…`) or national form. What follows `00` is international where it begins with the country's own code, and
 * national otherwise, for the second `0` is then the national prefix. Undefined for what is no outside number.
 *
 * ```
 *   +4915550101 · 004915550101 · 0004915550101 · 0015550101 · 015550101  ─►  +4915550101
 * ```
 */
export function outsideNumber(dialled: string, countryCode: string): string | undefined {
  const [, plus, digits] = /^(\+?)(\d{4,18})$/.exec(dialled.replaceAll(/[-./() ]/g, '')) ?? [];
  if (digits === undefined) return undefined;
  const number = plus === '+' ? digits : withCountry(digits, countryCode);
  return number !== undefined && /^[1-9]\d{3,14}$/.test(number) ? `+${number}` : undefined;
}

function withCountry(digits: string, countryCode: string): string | undefined {
  if (!digits.startsWith('0')) return undefined;
  if (digits.startsWith('000')) return digits.slice(3);
  if (!digits.startsWith('00')) return `${countryCode}${digits.slice(1)}`;
  const rest = digits.slice(2);
  return rest.startsWith(countryCode) ? rest : `${countryCode}${rest}`;
}
