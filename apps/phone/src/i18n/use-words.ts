import type { i18n } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { WordKey } from './words.ts';

/** The words for a key in the person's language, with its placeholders filled. */
export type Translate = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

export interface UseWords {
  readonly t: Translate;
  readonly i18n: i18n;
}

/** As `useTranslation`, but only for keys that exist. */
export function useWords(): UseWords {
  const { t, i18n } = useTranslation();
  return { t: (key, values) => t(key, { ...values }), i18n };
}
