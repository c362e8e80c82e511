export const sso = {
  'sso.title': 'Single sign-on',
} as const;
