import type { dial as english } from '../en/dial.ts';

export const dial: Record<keyof typeof english, string> = {
  'dial.title': 'Bellen',
  'dial.field': 'Naam of nummer',
  'dial.erase': 'Laatste teken wissen',
  'dial.call': 'Bellen',
  'dial.suggestions': 'Suggesties',
  'dial.nobody': 'Niemand gevonden voor ‘{{text}}’.',
  'dial.noNumber': '{{name}} heeft geen nummer.',
  'dial.noNumberShort': 'Geen nummer',
  'dial.pad': 'Kiestoetsen',
  'dial.otherWays': 'Andere manieren om te bellen',
  'dial.atDesk': 'Via de bureautelefoon bellen',
  'dial.pickUp': 'De oproep daar overnemen',
  'dial.groupPickUp': 'Overnemen in mijn groep',
};
