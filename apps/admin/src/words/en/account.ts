export const account = {
  'account.title': 'Account and security',
} as const;
