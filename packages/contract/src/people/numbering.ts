import * as z from 'zod';

/** An ISO 3166-1 code, `DE`. */
export const Country = z.string().regex(/^[A-Z]{2}$/u);
export type Country = z.infer<typeof Country>;

/** How numbers are dialled in a country. Empty: there is nothing to dial before. */
export const Numbering = z.object({
  /** `49`. */
  callingCode: z.string().regex(/^\d{1,3}$/u),
  /** Before the calling code of another country: `00`. */
  international: z.string().regex(/^\d{0,4}$/u),
  /** Before an area code: `0`. */
  national: z.string().regex(/^\d{0,3}$/u),
});
export type Numbering = z.infer<typeof Numbering>;

/** Shorter ones are extensions and short codes, which mean nothing outside their telephone system. */
const SHORTEST_PUBLIC = 7;

/** The shortest that is taken for a whole national number where no prefix says so. */
const SHORTEST_NATIONAL = 9;

/**
 * The digits of a public number with its calling code (E.164 without the plus), however it is written: `+49 (0)89 7007-21`, `004989700721` and
 * `089 700721` are one. Undefined for what is none: an extension, a local number without its area, a SIP account.
 * @param atLeast digits, with the calling code: fewer for a number that is still being typed
 */
export function internationalDigits(
  text: string,
  numbering: Numbering,
  atLeast = SHORTEST_PUBLIC,
): string | undefined {
  const { callingCode, international, national } = numbering;
  // A trunk prefix in brackets is for those who dial without the calling code.
  const bare = text.replace(/^(\s*\+.*?)\(0\)/u, '$1').replaceAll(/[\s().\-/]/gu, '');
  if (!/^\+?\d+$/u.test(bare)) return undefined;
  if (bare.startsWith('+')) return longEnough(bare.slice(1), atLeast);
  if (international !== '' && bare.startsWith(international)) {
    return longEnough(bare.slice(international.length), atLeast);
  }
  if (callingCode === '1') return bare.length === 11 && bare.startsWith('1') ? bare : tenDigits(bare);
  if (national !== '') {
    return bare.startsWith(national)
      ? longEnough(callingCode + bare.slice(national.length), atLeast)
      : undefined;
  }
  return bare.length >= SHORTEST_NATIONAL ? callingCode + bare : undefined;
}

const longEnough = (digits: string, atLeast: number): string | undefined =>
  digits.length >= atLeast && digits.length <= 15 ? digits : undefined;

/** North America: an area code and seven digits, with or without a `1`. */
const tenDigits = (bare: string): string | undefined => (bare.length === 10 ? `1${bare}` : undefined);
