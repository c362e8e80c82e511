import type { administrators as english } from '../en/administrators.ts';

export const administrators: Record<keyof typeof english, string> = {
  'administrators.title': 'Administradores',
  'administrators.hint': 'Ven y cambian todo en estas páginas. Dos son mejor que uno.',
  'administrators.empty': 'Ningún administrador',
  'administrators.empty.hint': 'Nadie puede configurar esta empresa. Invite a alguien.',
  'administrators.invite': 'Invitar a un administrador',
  'administrators.invite.submit': 'Enviar invitación',
  'administrators.invited': 'Se ha invitado a {{name}}.',
  'administrators.email.hint': 'Allí llega la invitación. Su enlace es válido 7 días.',
  'administrators.expires': 'Enlace válido hasta el {{when}}',
  'administrators.last': 'Es el último administrador. Nombre a otro primero.',
  'administrators.self': 'No puede quitarse a sí mismo.',
  'administrators.remove': 'Quitar administrador',
  'administrators.remove.title': '¿Quitar a {{name}} de los administradores?',
  'administrators.remove.hint':
    'La sesión se cierra al instante. Quien tiene línea telefónica sigue como usuario; quien no la tiene se elimina tras el plazo.',
  'administrators.removed': '{{name}} ya no es administrador.',
};
