import type { team as english } from '../en/team.ts';

export const team: Record<keyof typeof english, string> = {
  'team.title': 'Equipo',
  'team.hint': 'Quienes trabajan con esta consola. Aquí ven y cambian todo.',
  'team.invite': 'Invitar a alguien',
  'team.invited': 'Se ha invitado a {{name}}.',
  'team.last': 'Es la última cuenta que puede iniciar sesión. Invite antes a otra persona.',
  'team.remove': 'Quitar del equipo',
  'team.remove.title': '¿Quitar a {{name}} del equipo?',
  'team.remove.hint':
    'Se cerrará su sesión de inmediato en todas partes. Si más adelante se le vuelve a invitar, configurará de nuevo su acceso.',
  'team.removed': '{{name}} ya no forma parte del equipo.',
  'team.empty': 'Nadie todavía',
  'team.empty.hint': 'Invite a la primera persona de su equipo.',
  'team.safety': 'Seguridad del equipo',
  'team.safety.hint': 'Lo que aquí necesitan todos para iniciar sesión. Los clientes deciden por sí mismos.',
  'team.secondFactor': 'Exigir un segundo factor',
  'team.secondFactor.hint':
    'Quien no lo tenga configurará antes una aplicación de autenticación o una llave de acceso. Vale de inmediato, también para usted.',
  'team.secondFactor.on': 'Ahora se exige un segundo factor.',
  'team.secondFactor.off': 'Ya no se exige un segundo factor.',
};
