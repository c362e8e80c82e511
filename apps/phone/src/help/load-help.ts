import type { HelpLanguage } from './contents.ts';
import type { Help } from './help-page.ts';

/** The help of a language is loaded when somebody reads it. */
export const loadHelp: Readonly<Record<HelpLanguage, () => Promise<{ readonly default: Help }>>> = {
  en: () => import('virtual:help/en'),
  de: () => import('virtual:help/de'),
  fr: () => import('virtual:help/fr'),
  es: () => import('virtual:help/es'),
  it: () => import('virtual:help/it'),
  nl: () => import('virtual:help/nl'),
};
