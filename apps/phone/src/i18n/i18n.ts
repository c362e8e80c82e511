import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readPreference, writePreference } from '../app/preferences.ts';
import { bestLanguage, isLanguage, languages, type Language } from './languages.ts';

const STORAGE_KEY = 'offhook.language';

/** All languages are in the bundle: they are small, and switching needs no network. */
export function createI18n(forced?: Language): i18n {
  const instance = createInstance();
  const resources = Object.fromEntries(
    Object.entries(languages).map(([code, { words }]) => [code, { translation: words }]),
  );
  void instance.use(initReactI18next).init({
    lng: forced ?? preferredLanguage(),
    fallbackLng: 'en',
    resources,
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  tellDocument(instance.language);
  instance.on('languageChanged', tellDocument);
  return instance;
}

function tellDocument(language: string): void {
  document.documentElement.lang = language;
}

export async function chooseLanguage(instance: i18n, language: Language): Promise<void> {
  writePreference(STORAGE_KEY, language);
  await instance.changeLanguage(language);
}

function preferredLanguage(): Language {
  const stored = readPreference(STORAGE_KEY);
  return stored !== undefined && isLanguage(stored) ? stored : bestLanguage(navigator.languages);
}
