import type { Language } from '@offhook/contract';
import type { Words } from './words.ts';

/** A language is loaded when somebody reads it. */
export const catalogues: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import('./en/index.ts')).en,
  de: async () => (await import('./de/index.ts')).de,
  fr: async () => (await import('./fr/index.ts')).fr,
  es: async () => (await import('./es/index.ts')).es,
  it: async () => (await import('./it/index.ts')).it,
  nl: async () => (await import('./nl/index.ts')).nl,
  ca: async () => (await import('./ca/index.ts')).ca,
};
