import type { tenants as english } from '../en/tenants.ts';

export const tenants: Record<keyof typeof english, string> = {
  'tenants.title': 'Klanten',
};
