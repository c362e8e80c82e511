import type { help as english } from '../en/help.ts';

export const help: Record<keyof typeof english, string> = {
  'help.title': 'Help',
  'help.pdf': 'Handleiding als pdf',
  'help.print': 'Handleiding om af te drukken',
};
