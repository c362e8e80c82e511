import type { help as english } from '../en/help.ts';

export const help: Record<keyof typeof english, string> = {
  'help.title': 'Hilfe',
  'help.pdf': 'Anleitung als PDF',
  'help.print': 'Anleitung zum Drucken',
};
