import type { history as english } from '../en/history.ts';

export const history: Record<keyof typeof english, string> = {
  'history.title': 'Recent',
  'history.empty': 'Nog niets te zien',
  'history.empty.hint': 'Hier verschijnen de mensen met wie u spreekt.',
  'history.error': 'De lijst kon niet worden geladen',
  'history.more': 'Meer tonen',
  'history.today': 'Vandaag',
  'history.yesterday': 'Gisteren',
  'history.missed': 'Gemist',
  'history.incoming': 'Inkomend',
  'history.outgoing': 'Uitgaand',
  'history.dial': '{{who}} bellen',
};
