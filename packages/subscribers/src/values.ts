import { Language, LineInput } from '@offhook/contract';

/** Text of one line, as databases and mails can hold it: no control characters, no halves of characters, no blanks around it. */
export const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();

/** What platforms and people write between the digits of a number. */
const BETWEEN_DIGITS = /[\s().\-/\u00a0\u2010-\u2015\u202f]/gu;

/**
 * A telephone number as lines have it: without what people put between digits, and without the `(0)` of `+49 (0) 89`. What is no number in digits
 * (a SIP account's name) stays as it is. `undefined`: no platform would take it; `4,98912E+11` is what a spreadsheet makes of a long number.
 */
export function readNumber(text: string): string | undefined {
  const trimmed = text.trim();
  const bare = trimmed.replace(/^(\+\d+)\s*\(0\)/u, '$1').replaceAll(BETWEEN_DIGITS, '');
  const number = /^\+?[\d*#]+$/u.test(bare) ? bare : trimmed;
  if (/^\d[.,]?\d*E\+?\d+$/iu.test(number)) return undefined;
  const { success } = LineInput.shape.number.safeParse(number);
  return success ? number : undefined;
}

const languageNames: Readonly<Record<Language, readonly string[]>> = {
  en: ['en', 'english', 'englisch'],
  de: ['de', 'german', 'deutsch'],
  fr: ['fr', 'french', 'französisch', 'français'],
  es: ['es', 'spanish', 'spanisch', 'español'],
  it: ['it', 'italian', 'italienisch', 'italiano'],
  nl: ['nl', 'dutch', 'niederländisch', 'nederlands'],
  ca: ['ca', 'catalan', 'katalanisch', 'català'],
};

/** `de`, `de-AT`, `de_DE`, `German`, `Deutsch`. */
export function readLanguage(text: string): Language | undefined {
  const word = text.trim().toLowerCase();
  const base = /^([a-z]{2})[-_][a-z]{2}$/u.exec(word)?.[1] ?? word;
  return Language.options.find((language) => languageNames[language].includes(base));
}

const roleNames = {
  user: ['user', 'benutzer', 'benutzerin', 'teilnehmer', 'teilnehmerin'],
  admin: ['admin', 'administrator', 'administratorin', 'verwalter', 'verwalterin'],
} as const;

export function readRole(text: string): 'user' | 'admin' | undefined {
  const word = text.trim().toLowerCase();
  const isOf = (role: 'user' | 'admin') => (roleNames[role] as readonly string[]).includes(word);
  return isOf('user') ? 'user' : isOf('admin') ? 'admin' : undefined;
}
