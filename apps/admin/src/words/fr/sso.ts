import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Authentification unique',
};
