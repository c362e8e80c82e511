import { OffhookError, SessionBody, type Me } from '@offhook/contract';
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import type { Api } from '../api/api.ts';

export const sessionKey = ['session'] as const;
/** What a link from a mail says: it is nobody's, and its page is still there when it has let somebody in. */
export const linkKey = ['link'] as const;

/** Who is signed in; `me` null: nobody. */
export const sessionQuery = (api: Api) =>
  queryOptions({
    queryKey: sessionKey,
    staleTime: 5 * 60_000,
    queryFn: (): Promise<SessionBody> => api.get('/api/session', SessionBody),
  });

export function useSession() {
  return useQuery(sessionQuery(useApi()));
}

/** For pages inside the portal, which are only there with a session. */
export function useMe(): Me {
  const { data } = useSession();
  if (data === undefined || data.me === null) throw new OffhookError('unauthenticated');
  return data.me;
}

export const nobody: SessionBody = { me: null };

/** Somebody signed in, or out: nothing of who was there before is kept. Whether a second factor is missing only the service knows. */
export async function enterSession(queries: QueryClient, me: Me | null): Promise<void> {
  const stays: readonly unknown[] = [sessionKey[0], linkKey[0]];
  queries.removeQueries({ predicate: ({ queryKey }) => !stays.includes(queryKey[0]) });
  queries.setQueryData<SessionBody>(sessionKey, { me });
  if (me !== null) await queries.invalidateQueries({ queryKey: sessionKey });
}

/** Where people of a role begin. The phone is another application: a whole page is loaded. */
export function homeOf(role: Me['role']): '/admin/overview' | '/admin/tenants' | '/' {
  switch (role) {
    case 'admin':
      return '/admin/overview';
    case 'provider':
      return '/admin/tenants';
    case 'user':
      return '/';
  }
}
