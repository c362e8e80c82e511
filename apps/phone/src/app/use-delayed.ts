import { useEffect, useState } from 'react';

/** True once `value` has been true for `ms` without a break: what passes quickly is not worth a word. */
export function useDelayed(value: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!value) return undefined;
    const timer = window.setTimeout(() => setLate(true), ms);
    return () => {
      window.clearTimeout(timer);
      setLate(false);
    };
  }, [value, ms]);
  return value && late;
}
