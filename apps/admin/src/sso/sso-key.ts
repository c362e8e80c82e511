/** Under which the settings of single sign-on are kept. */
export const ssoKey = ['sso'] as const;
