import type { titles as english } from '../en/titles.ts';

export const titles: Record<keyof typeof english, string> = {
  'check.title': 'Telefon prüfen',
  'check.link': 'Telefon prüfen',
  'history.title': 'Anrufliste',
  'history.missed': 'Verpasst',
  'history.unseen_one': '{{count}} neuer verpasster Anruf',
  'history.unseen_other': '{{count}} neue verpasste Anrufe',
  'team.title': 'Team',
  'contacts.title': 'Kontakte',
  'contacts.recent': 'Kürzlich telefoniert',
  'settings.title': 'Telefoneinstellungen',
  'settings.tab': 'Einstellungen',
  'settings.changed': 'Geändert.',
};
