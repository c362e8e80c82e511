import type { users as english } from '../en/users.ts';

export const users: Record<keyof typeof english, string> = {
  'users.title': 'Usuaris',
};
