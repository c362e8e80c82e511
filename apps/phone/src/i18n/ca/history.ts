import type { history as english } from '../en/history.ts';

export const history: Record<keyof typeof english, string> = {
  'history.title': 'Recents',
  'history.empty': 'Encara no hi ha res',
  'history.empty.hint': 'Aquí apareixeran les persones amb qui parleu.',
  'history.error': 'No s’ha pogut carregar la llista',
  'history.more': 'Mostra’n més',
  'history.today': 'Avui',
  'history.yesterday': 'Ahir',
  'history.missed': 'Perduda',
  'history.incoming': 'Entrant',
  'history.outgoing': 'Sortint',
  'history.dial': 'Truca a {{who}}',
};
