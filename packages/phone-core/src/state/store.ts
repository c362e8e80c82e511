import { createStore, type StoreApi } from 'zustand/vanilla';
import { initialState, type PhoneState } from './state.ts';

export type PhoneStore = StoreApi<PhoneState>;

/** The state of one window. Shells read and subscribe; only this package's managers write. */
export function createPhoneStore(from: Partial<PhoneState> = {}): PhoneStore {
  return createStore<PhoneState>(() => ({ ...initialState, ...from }));
}
