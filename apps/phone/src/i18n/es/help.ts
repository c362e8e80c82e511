import type { help as english } from '../en/help.ts';

export const help: Record<keyof typeof english, string> = {
  'help.title': 'Ayuda',
  'help.pdf': 'Guía en PDF',
  'help.print': 'Guía para imprimir',
};
