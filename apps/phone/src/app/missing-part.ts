import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';

const store = createStore<{ readonly missing: boolean }>(() => ({ missing: false }));

/** Whether what was pressed last came. */
export function tellPart(missing: boolean): void {
  store.setState({ missing });
}

export function useMissingPart(): boolean {
  return useStore(store, ({ missing }) => missing);
}
