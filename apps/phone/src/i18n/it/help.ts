import type { help as english } from '../en/help.ts';

export const help: Record<keyof typeof english, string> = {
  'help.title': 'Guida',
  'help.pdf': 'Guida in PDF',
  'help.print': 'Guida da stampare',
};
