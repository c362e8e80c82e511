import { browserPasskeys, type Passkeys } from '@offhook/sign-in';
import { createContext, useContext } from 'react';

/** The passkeys of this device; a gallery puts others here. */
export const PasskeysContext = createContext<Passkeys>(browserPasskeys);
export const usePasskeys = (): Passkeys => useContext(PasskeysContext);
