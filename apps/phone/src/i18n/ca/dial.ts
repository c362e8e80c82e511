import type { dial as english } from '../en/dial.ts';

export const dial: Record<keyof typeof english, string> = {
  'dial.title': 'Marca',
  'dial.field': 'Nom o número',
  'dial.erase': 'Esborra l’últim caràcter',
  'dial.call': 'Truca',
  'dial.suggestions': 'Suggeriments',
  'dial.nobody': 'No s’ha trobat ningú amb «{{text}}».',
  'dial.noNumber': '{{name}} no té número.',
  'dial.noNumberShort': 'Sense número',
  'dial.pad': 'Teclat de marcatge',
  'dial.otherWays': 'Altres maneres de trucar',
  'dial.atDesk': 'Marca al telèfon de taula',
  'dial.pickUp': 'Captura la trucada que li sona',
  'dial.groupPickUp': 'Captura al meu grup',
};
