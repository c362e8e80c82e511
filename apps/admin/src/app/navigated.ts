import { createContext, useContext } from 'react';

/** Whether people came to this page from another one of ours, rather than by opening it. */
export const NavigatedContext = createContext<() => boolean>(() => false);

export const useNavigated = (): (() => boolean) => useContext(NavigatedContext);
