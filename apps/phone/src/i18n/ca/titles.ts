import type { titles as english } from '../en/titles.ts';

export const titles: Record<keyof typeof english, string> = {
  'check.title': 'Comprova el telèfon',
  'check.link': 'Comprova el telèfon',
  'history.title': 'Recents',
  'history.missed': 'Perduda',
  'history.unseen_one': '{{count}} trucada perduda nova',
  'history.unseen_other': '{{count}} trucades perdudes noves',
  'team.title': 'Equip',
  'contacts.title': 'Contactes',
  'contacts.recent': 'Trucada recent',
  'settings.title': 'Configuració del telèfon',
  'settings.tab': 'Configuració',
  'settings.changed': 'Canviat.',
};
