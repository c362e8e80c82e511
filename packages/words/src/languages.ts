import { Language } from '@offhook/contract';

export const languages: readonly Language[] = Language.options;

/** Each language by its own name, as people look for it in a list. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  nl: 'Nederlands',
  ca: 'Català',
};
