import { useCallback, useState } from 'react';
import { flushSync } from 'react-dom';
import { tellPart } from './missing-part.ts';

/** A piece of the program that is loaded when it is wanted; once for the page. */
export interface Part<T> {
  /** Absent until it is here. */
  readonly current: () => T | undefined;
  /** @throws TypeError where it cannot be loaded (no network, or a newer build took its place); the next call tries again. */
  readonly load: () => Promise<T>;
}

export function part<T>(fetchIt: () => Promise<T>): Part<T> {
  let here: T | undefined;
  return {
    current: () => here,
    load: async () => (here ??= await fetchIt()),
  };
}

/**
 * The part, and how to ask for it: the answer is whether it came, and what it draws is on the page then. A part that does not come is told of
 * at the top of the page.
 */
export function usePart<T>(wanted: Part<T>): {
  readonly loaded: T | undefined;
  readonly ask: () => Promise<boolean>;
} {
  const [loaded, setLoaded] = useState(() => wanted.current());
  const ask = useCallback(async () => {
    try {
      const arrived = await wanted.load();
      tellPart(false);
      flushSync(() => setLoaded(() => arrived));
      return true;
    } catch {
      tellPart(true);
      return false;
    }
  }, [wanted]);
  return { loaded, ask };
}
