import type { history as english } from '../en/history.ts';

export const history: Record<keyof typeof english, string> = {
  'history.title': 'Journal',
  'history.empty': 'Rien ici pour l’instant',
  'history.empty.hint': 'Les personnes avec qui vous parlez apparaîtront ici.',
  'history.error': 'La liste n’a pas pu être chargée',
  'history.more': 'Afficher plus',
  'history.today': 'Aujourd’hui',
  'history.yesterday': 'Hier',
  'history.missed': 'Manqué',
  'history.incoming': 'Entrant',
  'history.outgoing': 'Sortant',
  'history.dial': 'Appeler {{who}}',
};
