import type { Me } from '@offhook/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { enterSession, homeOf } from '../app/session.ts';

/** Somebody has just signed in: on to where they wanted to go. The phone is another application, loaded as a page. */
export function useEntered(): (me: Me, wanted?: string) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (me, wanted) => {
    await enterSession(queries, me);
    const to = wanted ?? homeOf(me.role);
    if (to === '/') window.location.assign('/');
    else router.history.push(to);
  };
}
