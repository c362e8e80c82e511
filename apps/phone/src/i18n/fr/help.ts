import type { help as english } from '../en/help.ts';

export const help: Record<keyof typeof english, string> = {
  'help.title': 'Aide',
  'help.pdf': 'Guide en PDF',
  'help.print': 'Guide à imprimer',
};
