import type { administrators as english } from '../en/administrators.ts';

export const administrators: Record<keyof typeof english, string> = {
  'administrators.title': 'Administradors',
  'administrators.hint': 'Veuen i canvien tot el que hi ha en aquestes pàgines. Dos són millor que un.',
  'administrators.empty': 'Cap administrador',
  'administrators.empty.hint': 'Ningú no pot configurar aquesta empresa. Convideu algú.',
  'administrators.invite': 'Convida un administrador',
  'administrators.invite.submit': 'Envia la invitació',
  'administrators.invited': 'S’ha convidat {{name}}.',
  'administrators.email.hint': 'La invitació arriba allà. L’enllaç és vàlid 7 dies.',
  'administrators.expires': 'Enllaç vàlid fins al {{when}}',
  'administrators.last': 'És l’últim administrador. Nomeneu-ne un altre primer.',
  'administrators.self': 'No us podeu treure vós mateix.',
  'administrators.remove': 'Treu l’administrador',
  'administrators.remove.title': 'Voleu treure {{name}} dels administradors?',
  'administrators.remove.hint':
    'La sessió es tanca a l’instant. Qui té línia telefònica continua com a usuari; qui no en té s’elimina passat el termini.',
  'administrators.removed': '{{name}} ja no és administrador.',
};
