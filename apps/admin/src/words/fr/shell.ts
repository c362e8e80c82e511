import type { shell as english } from '../en/shell.ts';

export const shell: Record<keyof typeof english, string> = {
  'shell.skip': 'Aller au contenu',
  'shell.menu': 'Menu',
  'shell.navigation': 'Navigation principale',
  'shell.portal': 'Administration',
  'shell.console': 'Console du fournisseur',
  'shell.product': 'Offhook',
  'shell.account': 'Compte',
  'shell.security': 'Compte et sécurité',
  'shell.phone': 'Ouvrir le téléphone',
  'shell.signOut': 'Se déconnecter',
  'shell.theme': 'Apparence',
  'shell.theme.auto': 'Système',
  'shell.theme.light': 'Clair',
  'shell.theme.dark': 'Sombre',
  'shell.language': 'Langue',
  'shell.notFound': 'Cette page n’existe pas',
  'shell.notFound.hint':
    'L’adresse contient peut-être une faute de frappe, ou ce qui était ici n’existe plus.',
  'shell.toStart': 'Aller à la page d’accueil',
  'shell.unreachable': 'Le service est injoignable',
  'shell.broken': 'Cette page a cessé de fonctionner',
  'shell.replaced': 'Une nouvelle version est disponible',
  'shell.replaced.hint': 'Rechargez la page pour continuer.',
  'shell.reload': 'Recharger',
  'shell.live.interrupted': 'Mise à jour en direct interrompue. Les nouveaux états s’affichent avec retard.',
  'shell.reauthenticate.title': 'Confirmez que c’est bien vous',
  'shell.reauthenticate.hint':
    'Cette action modifie la protection de votre compte : nous vérifions donc à nouveau que c’est bien vous.',
  'shell.reauthenticate.password': 'Votre mot de passe',
  'shell.reauthenticate.passkey': 'Utiliser une clé d’accès',
  'shell.reauthenticate.failed': 'La clé d’accès n’a pas pu être utilisée. Réessayez.',
  'shell.reauthenticate.neither':
    'Vous n’avez ni mot de passe ni clé d’accès utilisable ici. Déconnectez-vous, reconnectez-vous, puis recommencez.',
  'shell.reauthenticate.confirm': 'Confirmer',
};
