import type { history as english } from '../en/history.ts';

export const history: Record<keyof typeof english, string> = {
  'history.title': 'Anrufliste',
  'history.empty': 'Noch nichts hier',
  'history.empty.hint': 'Hier erscheinen die Menschen, mit denen Sie sprechen.',
  'history.error': 'Die Liste konnte nicht geladen werden',
  'history.more': 'Mehr anzeigen',
  'history.today': 'Heute',
  'history.yesterday': 'Gestern',
  'history.missed': 'Verpasst',
  'history.incoming': 'Eingehend',
  'history.outgoing': 'Ausgehend',
  'history.dial': '{{who}} wählen',
};
