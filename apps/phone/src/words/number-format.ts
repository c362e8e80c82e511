import { useSyncExternalStore } from 'react';

type Format = (number: string) => string;

/** The metadata of all the world's numbers are 30 KB: they come after the phone is ready to dial. */
let format: Format | undefined;
const listeners = new Set<() => void>();

/** International numbers in groups, as people write them; extensions as they are. All as they are until the format is loaded. */
export function readableNumber(number: string): string {
  return number.startsWith('+') && format !== undefined ? format(number) : number;
}

/** @throws TypeError where it cannot be loaded; numbers stay as they are. */
export async function loadNumberFormat(): Promise<void> {
  if (format !== undefined) return;
  ({ internationalFormat: format } = await import('./international-format.ts'));
  for (const tell of listeners) tell();
}

/** For the root: everything is drawn anew when the format is there. */
export function useNumberFormat(): void {
  useSyncExternalStore(subscribe, () => format !== undefined);
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
