import type { usage as english } from '../en/usage.ts';

export const usage: Record<keyof typeof english, string> = {
  'usage.title': 'Utilisation',
  'usage.hint':
    'Un mois-utilisateur est une licence utilisée un mois entier ; chaque jour d’utilisation compte au prorata.',
  'usage.zone': 'Les jours sont ceux de {{zone}}.',
  'usage.provider.hint': 'Ce que chaque client a utilisé en un mois, dans son propre fuseau horaire.',
  'usage.chart': 'Mois-utilisateurs',
  'usage.chart.summary': 'Mois-utilisateurs par mois ; {{used}} pour le plus récent.',
  'usage.largest': 'Principaux clients',
  'usage.largest.summary': 'Mois-utilisateurs des principaux clients ; le plus : {{name}}.',
  'usage.month': 'Mois',
  'usage.month.all': 'Tous les mois',
  'usage.tenant': 'Client',
  'usage.state': 'État',
  'usage.closed': 'Clôturé',
  'usage.running': 'En cours',
  'usage.platform': 'Plateforme',
  'usage.seats': 'Licences',
  'usage.userDays': 'Jours-utilisateurs',
  'usage.userMonths': 'Mois-utilisateurs',
  'usage.price': 'Prix',
  'usage.amount': 'Montant',
  'usage.total': 'Total',
  'usage.export.csv': 'Exporter en CSV',
  'usage.export.json': 'Exporter en JSON',
  'usage.none': 'Aucune utilisation pour l’instant',
  'usage.none.hint':
    'Elle est enregistrée jour après jour dès le début de l’abonnement, pour tous ceux qui ont une ligne.',
};
