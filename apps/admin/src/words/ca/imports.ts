import type { imports as english } from '../en/imports.ts';

export const imports: Record<keyof typeof english, string> = {
  'imports.title': 'Importació',
};
