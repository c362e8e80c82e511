import type { connectors as english } from '../en/connectors.ts';

export const connectors: Record<keyof typeof english, string> = {
  'connectors.title': 'Systèmes téléphoniques',
};
