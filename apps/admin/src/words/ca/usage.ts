import type { usage as english } from '../en/usage.ts';

export const usage: Record<keyof typeof english, string> = {
  'usage.title': 'Ús',
};
