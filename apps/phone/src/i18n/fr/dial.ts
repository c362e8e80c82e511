import type { dial as english } from '../en/dial.ts';

export const dial: Record<keyof typeof english, string> = {
  'dial.title': 'Composer',
  'dial.field': 'Nom ou numéro',
  'dial.erase': 'Effacer le dernier caractère',
  'dial.call': 'Appeler',
  'dial.suggestions': 'Suggestions',
  'dial.nobody': 'Personne ne correspond à « {{text}} ».',
  'dial.noNumber': '{{name}} n’a pas de numéro.',
  'dial.noNumberShort': 'Pas de numéro',
  'dial.pad': 'Clavier de numérotation',
  'dial.otherWays': 'Autres façons d’appeler',
  'dial.atDesk': 'Composer sur le téléphone de bureau',
  'dial.pickUp': 'Intercepter l’appel qui sonne chez cette personne',
  'dial.groupPickUp': 'Intercepter dans mon groupe',
};
