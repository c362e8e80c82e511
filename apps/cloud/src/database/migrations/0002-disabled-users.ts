/** A user who may not sign in and whose line is not registered, until enabled again. */
export const name = '0002-disabled-users';

export const up = `
  ALTER TABLE users ADD COLUMN disabled_at bigint;
`;
