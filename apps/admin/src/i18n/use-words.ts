import type { Language } from '@offhook/contract';
import { OffhookError } from '@offhook/contract';
import type { i18n } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { WordKey } from '../words/keys.ts';

/** The words for a key in the person's language, with its placeholders filled; `count` chooses singular or plural. */
export type Translate = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

export interface UseWords {
  readonly t: Translate;
  readonly i18n: i18n;
  readonly language: Language;
}

/** As `useTranslation`, but only for keys that exist. */
export function useWords(): UseWords {
  const { t, i18n } = useTranslation();
  return { t: (key, values) => t(key, { ...values }), i18n, language: i18n.language as Language };
}

/** What went wrong, in the person's language. */
export function problemWords(t: Translate, thrown: unknown): string {
  return t(`error.${OffhookError.from(thrown).code}`);
}
