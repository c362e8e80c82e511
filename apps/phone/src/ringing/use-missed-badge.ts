import { useEffect } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { showBadge } from '../browser/badge.ts';
import { kindOf } from '../history/kind.ts';
import { useLeads } from '../windows/leader.ts';

/** Calls that were missed while the window that leads was out of sight, as a number at the icon of the installed app. */
export function useMissedBadge(): void {
  const phone = usePhone();
  const leads = useLeads();
  useEffect(() => {
    if (!leads) return undefined;
    let missed = 0;
    const seen = (): void => {
      if (document.hidden) return;
      missed = 0;
      showBadge(0);
    };
    seen();
    document.addEventListener('visibilitychange', seen);
    const stop = phone.onHistoryAdded((entry) => {
      if (!document.hidden || kindOf(entry) !== 'missed') return;
      missed += 1;
      showBadge(missed);
    });
    return () => {
      document.removeEventListener('visibilitychange', seen);
      stop();
    };
  }, [phone, leads]);
}
