import type { team as english } from '../en/team.ts';

export const team: Record<keyof typeof english, string> = {
  'team.title': 'Équipe',
  'team.hint': 'Ceux qui travaillent avec cette console. Ils y voient et modifient tout.',
  'team.invite': 'Inviter quelqu’un',
  'team.invited': '{{name}} a reçu une invitation.',
  'team.last': 'C’est le dernier compte qui peut se connecter. Invitez d’abord quelqu’un d’autre.',
  'team.remove': 'Retirer de l’équipe',
  'team.remove.title': 'Retirer {{name}} de l’équipe ?',
  'team.remove.hint':
    'Déconnexion immédiate, partout. Une personne réinvitée plus tard configure de nouveau sa connexion.',
  'team.removed': '{{name}} ne fait plus partie de l’équipe.',
  'team.empty': 'Personne pour l’instant',
  'team.empty.hint': 'Invitez la première personne de votre équipe.',
  'team.safety': 'Sécurité de l’équipe',
  'team.safety.hint': 'Ce dont chacun a besoin ici pour se connecter. Les clients décident pour eux-mêmes.',
  'team.secondFactor': 'Exiger un second facteur',
  'team.secondFactor.hint':
    'Qui n’en a pas configure d’abord une application d’authentification ou une clé d’accès. Effectif immédiatement, pour vous aussi.',
  'team.secondFactor.on': 'Un second facteur est désormais exigé.',
  'team.secondFactor.off': 'Un second facteur n’est plus exigé.',
};
