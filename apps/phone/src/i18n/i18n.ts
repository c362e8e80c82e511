import type { Language } from '@offhook/contract';
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readPreference, writePreference } from '../app/preferences.ts';
import { catalogues } from './catalogues.ts';
import { bestLanguage, isLanguage } from './languages.ts';

const STORAGE_KEY = 'offhook.language';

/** Loads the person's language and no other. */
export async function createI18n(forced?: Language): Promise<i18n> {
  const instance = createInstance();
  const language = forced ?? preferredLanguage();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await catalogues[language]() } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  tellDocument(instance.language);
  instance.on('languageChanged', tellDocument);
  return instance;
}

function tellDocument(language: string): void {
  document.documentElement.lang = language;
}

/** @throws TypeError where the language's file cannot be loaded: the former one stays. */
export async function chooseLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, 'translation'))
    instance.addResourceBundle(language, 'translation', await catalogues[language]());
  writePreference(STORAGE_KEY, language);
  await instance.changeLanguage(language);
}

function preferredLanguage(): Language {
  const stored = readPreference(STORAGE_KEY);
  return stored !== undefined && isLanguage(stored) ? stored : bestLanguage(navigator.languages);
}
