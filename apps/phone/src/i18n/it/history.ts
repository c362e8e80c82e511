import type { history as english } from '../en/history.ts';

export const history: Record<keyof typeof english, string> = {
  'history.title': 'Recenti',
  'history.empty': 'Ancora niente qui',
  'history.empty.hint': 'Qui compariranno le persone con cui parla.',
  'history.error': 'Non è stato possibile caricare l’elenco',
  'history.more': 'Mostra altro',
  'history.today': 'Oggi',
  'history.yesterday': 'Ieri',
  'history.missed': 'Persa',
  'history.incoming': 'In entrata',
  'history.outgoing': 'In uscita',
  'history.dial': 'Chiama {{who}}',
};
