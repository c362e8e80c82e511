import type { Language } from '@offhook/contract';
import { createInstance, type i18n } from 'i18next';
import { readPreference, writePreference } from '../app/preferences.ts';
import { laterWords, startWords } from './catalogues.ts';
import { bestLanguage, isLanguage } from './languages.ts';

const STORAGE_KEY = 'offhook.language';

/** Loads the person's language and no other, as far as the start needs it. */
export async function createI18n(forced?: Language): Promise<i18n> {
  const instance = createInstance();
  const language = forced ?? preferredLanguage();
  await instance.init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await startWords[language]() } },
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

/** The words of the sections, by instance and language: read once. */
const later = new WeakMap<i18n, Map<Language, Promise<void>>>();

/** Instances and languages whose sections can speak. */
const read = new WeakMap<i18n, Set<string>>();

/** What the sections say is here: nobody waits. */
export function haveLaterWords(instance: i18n): boolean {
  return read.get(instance)?.has(instance.language) === true;
}

/** Loads what the sections say, in the language of now. The same promise each time; after a failure the next call tries again. */
export function loadLaterWords(instance: i18n): Promise<void> {
  return laterOf(instance, isLanguage(instance.language) ? instance.language : 'en');
}

function laterOf(instance: i18n, language: Language): Promise<void> {
  const loading = later.get(instance) ?? new Map<Language, Promise<void>>();
  later.set(instance, loading);
  const begun = loading.get(language);
  if (begun !== undefined) return begun;
  const load = async (): Promise<void> => {
    try {
      instance.addResourceBundle(language, 'translation', await laterWords[language](), true);
      read.set(instance, (read.get(instance) ?? new Set()).add(language));
    } catch (error) {
      loading.delete(language);
      throw error;
    }
  };
  const loaded = load();
  loading.set(language, loaded);
  return loaded;
}

/** @throws TypeError where the language's files cannot be loaded: the former one stays. */
export async function chooseLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, 'translation'))
    instance.addResourceBundle(language, 'translation', await startWords[language]());
  // Whoever chooses has a section open, as like as not.
  await laterOf(instance, language);
  writePreference(STORAGE_KEY, language);
  await instance.changeLanguage(language);
}

function preferredLanguage(): Language {
  const stored = readPreference(STORAGE_KEY);
  return stored !== undefined && isLanguage(stored) ? stored : bestLanguage(navigator.languages);
}
