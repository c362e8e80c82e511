import { Account, SessionList } from '@offhook/contract';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';
import { sessionKey } from '../app/session.ts';

const accountKey = ['account'] as const;
const sessionsKey = ['account', 'sessions'] as const;

export const accountQuery = (api: Api) =>
  queryOptions({ queryKey: accountKey, queryFn: () => api.get('/api/account', Account) });

export const sessionsQuery = (api: Api) =>
  queryOptions({ queryKey: sessionsKey, queryFn: () => api.get('/api/account/sessions', SessionList) });

/** After a change of the account: it is asked for anew, and so is whether a second factor is still missing. */
export function useAccountChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: accountKey }),
      queries.invalidateQueries({ queryKey: sessionKey }),
    ]);
  };
}
