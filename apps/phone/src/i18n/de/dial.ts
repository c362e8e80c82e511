import type { dial as english } from '../en/dial.ts';

export const dial: Record<keyof typeof english, string> = {
  'dial.title': 'Wählen',
  'dial.field': 'Name oder Nummer',
  'dial.erase': 'Letztes Zeichen löschen',
  'dial.call': 'Anrufen',
  'dial.suggestions': 'Vorschläge',
  'dial.nobody': 'Niemand gefunden für „{{text}}“.',
  'dial.noNumber': '{{name}} hat keine Nummer.',
  'dial.noNumberShort': 'Keine Nummer',
  'dial.pad': 'Wähltastatur',
  'dial.otherWays': 'Andere Wählarten',
  'dial.atDesk': 'Am Tischtelefon wählen',
  'dial.pickUp': 'Dort klingelnden Anruf heranholen',
  'dial.groupPickUp': 'In meiner Gruppe heranholen',
};
