export const administrators = {
  'administrators.title': 'Administrators',
} as const;
