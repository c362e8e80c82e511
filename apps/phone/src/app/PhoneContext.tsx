import type { Phone, PhoneState } from '@offhook/phone-core';
import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';

const PhoneContext = createContext<Phone | undefined>(undefined);

export function PhoneProvider({ phone, children }: { readonly phone: Phone; readonly children: ReactNode }) {
  return <PhoneContext value={phone}>{children}</PhoneContext>;
}

export function usePhone(): Phone {
  const phone = useContext(PhoneContext);
  if (phone === undefined) throw new Error('usePhone is for components inside PhoneProvider.');
  return phone;
}

/** `select` gives a part of the state itself, or a primitive: never an object made anew. */
export function usePhoneState<T>(select: (state: PhoneState) => T): T {
  return useStore(usePhone().store, select);
}
