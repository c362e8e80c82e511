import { useEffect, useRef, useState } from 'react';

const FRESH_MS = 30_000;

interface Kept<T> {
  readonly value: T;
  readonly at: number;
}

/**
 * The answer to the latest question, while `key` is given; the former one until it is here, and after a failure. An answer is good for half a minute.
 * Small beside the library that the sections use, because the search field is there from the first moment on.
 */
export function useAsked<T>(key: string | undefined, ask: () => Promise<T>): T | undefined {
  const [answer, setAnswer] = useState<T>();
  const kept = useRef(new Map<string, Kept<T>>());
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });

  useEffect(() => {
    if (key === undefined) return undefined;
    let wanted = true;
    const found = async (): Promise<T> => {
      const held = kept.current.get(key);
      if (held !== undefined && Date.now() - held.at < FRESH_MS) return held.value;
      const value = await latest.current();
      for (const [old, { at }] of kept.current) if (Date.now() - at >= FRESH_MS) kept.current.delete(old);
      kept.current.set(key, { value, at: Date.now() });
      return value;
    };
    const tell = async (): Promise<void> => {
      try {
        const value = await found();
        if (wanted) setAnswer(() => value);
      } catch {
        // Suggestions that do not come are none; who presses Call is told why.
      }
    };
    void tell();
    return () => {
      wanted = false;
    };
  }, [key]);
  return answer;
}
