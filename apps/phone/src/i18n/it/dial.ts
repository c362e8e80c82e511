import type { dial as english } from '../en/dial.ts';

export const dial: Record<keyof typeof english, string> = {
  'dial.title': 'Componi',
  'dial.field': 'Nome o numero',
  'dial.erase': 'Cancella l’ultimo carattere',
  'dial.call': 'Chiama',
  'dial.suggestions': 'Suggerimenti',
  'dial.nobody': 'Nessuno trovato per «{{text}}».',
  'dial.noNumber': '{{name}} non ha un numero.',
  'dial.noNumberShort': 'Nessun numero',
  'dial.pad': 'Tastierino numerico',
  'dial.otherWays': 'Altri modi di chiamare',
  'dial.atDesk': 'Componi dal telefono da scrivania',
  'dial.pickUp': 'Rispondi al suo telefono che squilla',
  'dial.groupPickUp': 'Rispondi per il mio gruppo',
};
