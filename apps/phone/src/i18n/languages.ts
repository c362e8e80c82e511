import { de } from './de.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';

/** To add a language: a file with all the words, and one line here. */
export const languages = {
  en: { name: 'English', words: en },
  de: { name: 'Deutsch', words: de },
} as const satisfies Record<string, { name: string; words: Words }>;

export type Language = keyof typeof languages;
export const languageCodes = Object.keys(languages) as Language[];

export function isLanguage(code: string): code is Language {
  return Object.hasOwn(languages, code);
}

/** The first of the person's languages that we speak; English where we speak none. */
export function bestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(code)) return code;
  }
  return 'en';
}
