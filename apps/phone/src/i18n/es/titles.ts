import type { titles as english } from '../en/titles.ts';

export const titles: Record<keyof typeof english, string> = {
  'check.title': 'Comprobar el teléfono',
  'check.link': 'Comprobar el teléfono',
  'history.title': 'Recientes',
  'history.missed': 'Perdida',
  'history.unseen_one': '{{count}} llamada perdida nueva',
  'history.unseen_other': '{{count}} llamadas perdidas nuevas',
  'team.title': 'Equipo',
  'contacts.title': 'Contactos',
  'contacts.recent': 'Llamada reciente',
  'settings.title': 'Ajustes del teléfono',
  'settings.tab': 'Ajustes',
  'settings.changed': 'Cambiado.',
};
