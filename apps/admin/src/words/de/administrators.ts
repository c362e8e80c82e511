import type { administrators as english } from '../en/administrators.ts';

export const administrators: Record<keyof typeof english, string> = {
  'administrators.title': 'Administratoren',
  'administrators.hint': 'Sie sehen und ändern alles auf diesen Seiten. Zwei sind besser als einer.',
  'administrators.empty': 'Niemand in der Administration',
  'administrators.empty.hint': 'Niemand kann dieses Unternehmen einrichten. Laden Sie jemanden ein.',
  'administrators.invite': 'Administrator einladen',
  'administrators.invite.submit': 'Einladung senden',
  'administrators.invited': '{{name}} wurde eingeladen.',
  'administrators.email.hint': 'Dorthin geht die Einladung. Ihr Link gilt 7 Tage.',
  'administrators.expires': 'Link gilt bis {{when}}',
  'administrators.last':
    'Das ist die letzte Administratorin oder der letzte Administrator. Benennen Sie zuerst jemand anderen.',
  'administrators.self': 'Sich selbst können Sie nicht entfernen.',
  'administrators.remove': 'Administrator entfernen',
  'administrators.remove.title': '{{name}} aus der Administration entfernen?',
  'administrators.remove.hint':
    'Wird sofort abgemeldet. Wer einen Telefonanschluss hat, bleibt als Benutzer; wer keinen hat, wird nach der Frist gelöscht.',
  'administrators.removed': '{{name}} gehört nicht mehr zur Administration.',
};
