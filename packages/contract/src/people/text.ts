/** How names and numbers are compared, on both sides alike: whoever is found by the phone is found by the cloud. */

/** Lower case without accents: `Müller` is found by `muller`, `Łódź` by `lodz`. */
export function fold(text: string): string {
  // Most of it has nothing to fold, and there is much of it.
  if (/^[ -~]*$/u.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae');
}

/** The words of a text that has been folded. */
export const wordsOf = (folded: string): string[] => folded.split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** A number as it is dialled: without what people put between its digits. */
export const bareNumber = (text: string): string => text.replaceAll(/[\s().\-/]/gu, '');
