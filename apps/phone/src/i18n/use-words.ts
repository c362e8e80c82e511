import type { i18n } from 'i18next';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { WordKey } from './words.ts';

/** The words for a key in the person's language, with its placeholders filled. */
export type Translate = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

export interface UseWords {
  readonly t: Translate;
  readonly i18n: i18n;
}

export const WordsContext = createContext<i18n | undefined>(undefined);

/** The words, drawn anew when the person chooses another language. */
export function useWords(): UseWords {
  const i18n = useContext(WordsContext);
  if (i18n === undefined) throw new Error('useWords is for components inside WordsContext.');
  const subscribe = useCallback(
    (changed: () => void) => {
      i18n.on('languageChanged', changed);
      return () => i18n.off('languageChanged', changed);
    },
    [i18n],
  );
  useSyncExternalStore(subscribe, () => i18n.language);
  return { t: (key, values) => i18n.t(key, { ...values }), i18n };
}
