import type { history as english } from '../en/history.ts';

export const history: Record<keyof typeof english, string> = {
  'history.title': 'Recientes',
  'history.empty': 'Todavía no hay nada',
  'history.empty.hint': 'Aquí aparecerán las personas con las que hable.',
  'history.error': 'No se ha podido cargar la lista',
  'history.more': 'Mostrar más',
  'history.today': 'Hoy',
  'history.yesterday': 'Ayer',
  'history.missed': 'Perdida',
  'history.incoming': 'Entrante',
  'history.outgoing': 'Saliente',
  'history.dial': 'Llamar a {{who}}',
};
