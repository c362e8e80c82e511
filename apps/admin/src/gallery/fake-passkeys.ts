import type { Passkeys } from '@offhook/sign-in';

/** A device whose owner always says yes. */
export const fakePasskeys: Passkeys = {
  supported: () => true,
  autofill: () => Promise.resolve(false),
  get: () => Promise.resolve({ name: 'given', response: {} }),
  create: () => Promise.resolve({ name: 'given', response: {} }),
  cancel: () => undefined,
};
