import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';

const store = createStore<{ readonly missing: boolean }>(() => ({ missing: false }));

/** Something that was pressed did not come. */
export function reportMissingPart(): void {
  store.setState({ missing: true });
}

export function useMissingPart(): boolean {
  return useStore(store, ({ missing }) => missing);
}
