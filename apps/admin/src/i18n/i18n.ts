import { Language } from '@offhook/contract';
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readPreference, writePreference } from '../app/preferences.ts';
import { catalogues } from '../words/catalogues.ts';

/** The phone's own key: who chose a language there has it here. */
const STORAGE_KEY = 'offhook.language';

export async function createI18n(forced?: Language): Promise<i18n> {
  const language = forced ?? preferredLanguage();
  const instance = createInstance();
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

export async function chooseLanguage(instance: i18n, language: Language): Promise<void> {
  writePreference(STORAGE_KEY, language);
  await showLanguage(instance, language);
}

/** For this visit: the language of an invitation, before anything has been chosen. */
export async function showLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, 'translation')) {
    instance.addResourceBundle(language, 'translation', await catalogues[language]());
  }
  await instance.changeLanguage(language);
}

export function hasChosenLanguage(): boolean {
  return Language.safeParse(readPreference(STORAGE_KEY)).success;
}

function tellDocument(language: string): void {
  document.documentElement.lang = language;
}

function preferredLanguage(): Language {
  const stored = Language.safeParse(readPreference(STORAGE_KEY));
  return stored.success ? stored.data : bestLanguage(navigator.languages);
}

/** The first of the person's languages that we speak; English where we speak none. */
export function bestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = Language.safeParse(tag.toLowerCase().split('-')[0]);
    if (code.success) return code.data;
  }
  return 'en';
}
