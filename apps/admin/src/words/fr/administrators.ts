import type { administrators as english } from '../en/administrators.ts';

export const administrators: Record<keyof typeof english, string> = {
  'administrators.title': 'Administrateurs',
  'administrators.hint': 'Ils voient et modifient tout sur ces pages. Mieux vaut en avoir deux.',
  'administrators.empty': 'Aucun administrateur',
  'administrators.empty.hint': 'Personne ne peut configurer cette entreprise. Invitez quelqu’un.',
  'administrators.invite': 'Inviter un administrateur',
  'administrators.invite.submit': 'Envoyer l’invitation',
  'administrators.invited': '{{name}} a été invité.',
  'administrators.email.hint': 'L’invitation y est envoyée. Son lien est valable 7 jours.',
  'administrators.expires': 'Lien valable jusqu’au {{when}}',
  'administrators.last': 'C’est le dernier administrateur. Nommez-en d’abord un autre.',
  'administrators.self': 'Vous ne pouvez pas vous retirer vous-même.',
  'administrators.remove': 'Retirer l’administrateur',
  'administrators.remove.title': 'Retirer {{name}} des administrateurs ?',
  'administrators.remove.hint':
    'Déconnexion immédiate. Qui a une ligne téléphonique reste utilisateur ; qui n’en a pas est supprimé après le délai.',
  'administrators.removed': '{{name}} n’est plus administrateur.',
};
