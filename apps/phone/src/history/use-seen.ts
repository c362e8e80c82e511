import { useEffect, useRef, type RefObject } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';

/** Milliseconds for which the list is looked at before its missed calls count as seen. */
const LOOKED_AT = 1_500;

/** Missed calls count as seen once this list is on the screen of a window that somebody uses. */
export function useSeen(): RefObject<HTMLDivElement | null> {
  const { history } = usePhone();
  const missed = usePhoneState((state) => state.missedCalls);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = ref;
    if (missed === 0 || current === null) return undefined;
    let timer = 0;
    let isOnScreen = false;
    const look = (): void => {
      window.clearTimeout(timer);
      if (!isOnScreen || document.visibilityState !== 'visible' || !document.hasFocus()) return;
      timer = window.setTimeout(() => void history.markSeen(), LOOKED_AT);
    };
    const observer = new IntersectionObserver(([entry]) => {
      isOnScreen = entry?.isIntersecting ?? false;
      look();
    });
    observer.observe(current);
    document.addEventListener('visibilitychange', look);
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
    };
  }, [missed, history]);
  return ref;
}
