import type { titles as english } from '../en/titles.ts';

export const titles: Record<keyof typeof english, string> = {
  'check.title': 'Telefoon controleren',
  'check.link': 'Telefoon controleren',
  'history.title': 'Recent',
  'history.missed': 'Gemist',
  'history.unseen_one': '{{count}} nieuwe gemiste oproep',
  'history.unseen_other': '{{count}} nieuwe gemiste oproepen',
  'team.title': 'Team',
  'contacts.title': 'Contacten',
  'contacts.recent': 'Onlangs gebeld',
  'settings.title': 'Telefooninstellingen',
  'settings.tab': 'Instellingen',
  'settings.changed': 'Gewijzigd.',
};
