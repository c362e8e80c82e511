import type { headset as english } from '../en/headset.ts';

export const headset: Record<keyof typeof english, string> = {
  'headset.title': 'Casque',
  'headset.hint':
    'Décrochez, raccrochez et coupez le micro avec les touches de votre casque. Ses voyants suivent les appels.',
  'headset.way': 'Connecté par',
  'headset.way.webhid': 'Ce navigateur',
  'headset.way.hub': 'Poly ou Plantronics Hub',
  'headset.way.jabra': 'Bibliothèque Jabra',
  'headset.hub.hint':
    'Le programme « Plantronics Hub » doit être lancé sur cet ordinateur. Le navigateur peut demander si cette page a le droit de s’y connecter.',
  'headset.connect': 'Connecter un casque',
  'headset.forget': 'Oublier',
  'headset.off': 'Aucun casque connecté',
  'headset.asking': 'Choisissez votre casque dans la fenêtre du navigateur…',
  'headset.absent': 'Votre casque n’est pas branché',
  'headset.absent.hub': 'Aucun casque : le Hub n’est pas lancé ou n’en voit aucun',
  'headset.failed':
    'Le casque ne répond pas. Un autre programme l’utilise peut-être ; débranchez-le puis rebranchez-le.',
  'headset.failed.jabra':
    'La bibliothèque Jabra ne fonctionne pas ici. Adressez-vous à votre administrateur.',
  'headset.elsewhere': 'Une autre fenêtre du téléphone utilise le casque',
  'headset.unsupported':
    'Ce navigateur n’a pas accès aux touches des casques. Chrome et Edge sur ordinateur l’ont. Le son fonctionne quand même.',
};
