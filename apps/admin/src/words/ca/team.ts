import type { team as english } from '../en/team.ts';

export const team: Record<keyof typeof english, string> = {
  'team.title': 'Equip',
  'team.hint': 'Qui treballa amb aquesta consola. Hi veuen i hi canvien tot.',
  'team.invite': 'Convida algú',
  'team.invited': 'S’ha convidat {{name}}.',
  'team.last': 'És l’últim compte que pot iniciar la sessió. Convideu abans algú altre.',
  'team.remove': 'Treu de l’equip',
  'team.remove.title': 'Voleu treure {{name}} de l’equip?',
  'team.remove.hint':
    'Se li tanca la sessió de seguida a tot arreu. Si més endavant se’l torna a convidar, configurarà de nou l’accés.',
  'team.removed': '{{name}} ja no forma part de l’equip.',
  'team.empty': 'Encara ningú',
  'team.empty.hint': 'Convideu la primera persona de l’equip.',
  'team.safety': 'Seguretat de l’equip',
  'team.safety.hint':
    'El que aquí cal a tothom per iniciar la sessió. Els clients decideixen per si mateixos.',
  'team.secondFactor': 'Exigeix un segon factor',
  'team.secondFactor.hint':
    'Qui no en tingui configurarà abans una aplicació d’autenticació o una clau d’accés. Val de seguida, també per a vós.',
  'team.secondFactor.on': 'Ara s’exigeix un segon factor.',
  'team.secondFactor.off': 'Ja no s’exigeix un segon factor.',
};
