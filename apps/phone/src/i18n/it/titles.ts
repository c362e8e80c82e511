import type { titles as english } from '../en/titles.ts';

export const titles: Record<keyof typeof english, string> = {
  'check.title': 'Controlla il telefono',
  'check.link': 'Controlla il telefono',
  'history.title': 'Recenti',
  'history.missed': 'Persa',
  'history.unseen_one': '{{count}} nuova chiamata persa',
  'history.unseen_other': '{{count}} nuove chiamate perse',
  'team.title': 'Team',
  'contacts.title': 'Contatti',
  'contacts.recent': 'Chiamata recente',
  'settings.title': 'Impostazioni del telefono',
  'settings.tab': 'Impostazioni',
  'settings.changed': 'Modificato.',
};
