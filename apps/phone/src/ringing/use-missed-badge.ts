import { useEffect } from 'react';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { showBadge } from '../browser/badge.ts';
import { useLeads } from '../windows/leader.ts';

/** Missed calls that nobody has looked at, as a number at the icon of the installed app; one window shows it for all. */
export function useMissedBadge(): void {
  const missed = usePhoneState((state) => state.missedCalls);
  const leads = useLeads();
  useEffect(() => {
    if (leads) showBadge(missed);
  }, [leads, missed]);
}
