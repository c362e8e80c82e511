import type { help as english } from '../en/help.ts';

export const help: Record<keyof typeof english, string> = {
  'help.title': 'Ajuda',
  'help.pdf': 'Guia en PDF (en castellà)',
  'help.print': 'Guia per imprimir (en castellà)',
};
