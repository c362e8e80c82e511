import type { titles as english } from '../en/titles.ts';

export const titles: Record<keyof typeof english, string> = {
  'check.title': 'Vérifier le téléphone',
  'check.link': 'Vérifier le téléphone',
  'history.title': 'Journal',
  'history.missed': 'Manqué',
  'history.unseen_one': '{{count}} nouvel appel manqué',
  'history.unseen_other': '{{count}} nouveaux appels manqués',
  'team.title': 'Équipe',
  'contacts.title': 'Contacts',
  'contacts.recent': 'Appel récent',
  'settings.title': 'Réglages du téléphone',
  'settings.tab': 'Réglages',
  'settings.changed': 'Modifié.',
};
