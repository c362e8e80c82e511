import type { Language } from '@offhook/contract';
import type { LaterWords, Words } from './words.ts';

/** A language is loaded when somebody reads it. */
export const startWords: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import('./en/index.ts')).en,
  de: async () => (await import('./de/index.ts')).de,
  fr: async () => (await import('./fr/index.ts')).fr,
  es: async () => (await import('./es/index.ts')).es,
  it: async () => (await import('./it/index.ts')).it,
  nl: async () => (await import('./nl/index.ts')).nl,
  ca: async () => (await import('./ca/index.ts')).ca,
};

/** The rest of it, when they open the first section. */
export const laterWords: Readonly<Record<Language, () => Promise<LaterWords>>> = {
  en: async () => (await import('./en/later.ts')).later,
  de: async () => (await import('./de/later.ts')).later,
  fr: async () => (await import('./fr/later.ts')).later,
  es: async () => (await import('./es/later.ts')).later,
  it: async () => (await import('./it/later.ts')).later,
  nl: async () => (await import('./nl/later.ts')).later,
  ca: async () => (await import('./ca/later.ts')).later,
};

/** All that there is in a language. */
export async function allWords(language: Language): Promise<Words & LaterWords> {
  return { ...(await startWords[language]()), ...(await laterWords[language]()) };
}
