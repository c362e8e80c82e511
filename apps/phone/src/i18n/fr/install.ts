export const install = {
  'install.entry': 'Installer comme application',
  'settings.group.app': 'Application',
  'install.how.installed': 'Cette fenêtre est l’application installée.',
  'install.how.offered':
    'Une application a sa propre fenêtre et sa propre icône, avec le nombre d’appels manqués.',
  'install.how.safari':
    'Dans Safari sur Mac : Fichier, puis « Ajouter au Dock » ; sur iPhone et iPad : Partager, puis « Sur l’écran d’accueil ».',
  'install.how.firefox':
    'Firefox sur ordinateur n’installe pas de pages comme applications. Épinglez cet onglet, ou utilisez Chrome ou Edge.',
  'install.how.menu':
    'Votre navigateur propose l’installation dans son menu ou au bout de la barre d’adresse.',
  'install.login':
    'Aucune page ne peut démarrer d’elle-même avec l’appareil. Dans Chrome, ouvrez chrome://apps, faites un clic droit sur Offhook et choisissez « Démarrer l’application lors de la connexion » ; Edge le demande après l’installation ; sur Mac, ajoutez l’application aux éléments d’ouverture.',
  'install.closed':
    'Si les notifications sont activées, les appels s’affichent même sans fenêtre ouverte, tant que le navigateur lui-même tourne.',
  'links.title': 'Liens téléphoniques',
  'links.hint':
    'Un clic sur un numéro dans une page ou un e-mail ouvre ce téléphone avec le numéro dans le champ de numérotation. Il n’appelle jamais de lui-même : c’est vous qui appuyez sur Appeler.',
  'links.none': 'Ce navigateur ne laisse pas les pages ouvrir les liens téléphoniques.',
  'links.open': 'Ouvrir ici les liens téléphoniques',
  'links.asked':
    'Votre navigateur vous demande maintenant l’autorisation. S’il ne demande rien, vous avez déjà décidé : voyez ses paramètres.',
  'notify.missed': 'Appel manqué : {{who}}',
};
