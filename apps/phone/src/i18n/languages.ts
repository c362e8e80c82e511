import { Language } from '@offhook/contract';

export function isLanguage(code: string): code is Language {
  return Language.safeParse(code).success;
}

/** The first of the person's languages that we speak; English where we speak none. */
export function bestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(code)) return code;
  }
  return 'en';
}
