import {
  BulkResult,
  ConnectorStates,
  Overview,
  UserPage,
  UserRow,
  type BulkAct,
  type UserId,
} from '@offhook/contract';
import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';
import { queryOf, type ListView } from '../shared/list-view.ts';

export const usersKey = ['users'] as const;

export const usersQuery = (api: Api, view: ListView) =>
  queryOptions({
    queryKey: [...usersKey, 'list', queryOf(view)],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get('/api/admin/users', UserPage, queryOf(view), signal),
  });

export const userQuery = (api: Api, userId: string) =>
  queryOptions({
    queryKey: [...usersKey, 'one', userId],
    queryFn: () => api.get(pathOf(userId), UserRow),
  });

/** Where lines can be. */
export const connectorsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['connectors'],
    staleTime: 15_000,
    queryFn: () => api.get('/api/admin/connectors', ConnectorStates),
  });

/** How many seats are taken, of the overview. */
export const seatsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...usersKey, 'seats'],
    queryFn: async () => (await api.get('/api/admin/overview', Overview)).seats,
  });

export const pathOf = (userId: string): string => `/api/admin/users/${encodeURIComponent(userId)}`;

/** After any act on people: lists, details and seats are asked for anew. */
export function useUsersChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: usersKey });
}

const AT_ONCE = 500;

/** One act on any number of people, as many at once as the service takes. */
export async function actOnUsers(
  api: Api,
  userIds: readonly UserId[],
  act: BulkAct['act'],
): Promise<BulkResult> {
  const result: BulkResult = { done: 0, refused: [] };
  for (let first = 0; first < userIds.length; first += AT_ONCE) {
    const body = { userIds: userIds.slice(first, first + AT_ONCE), act } satisfies BulkAct;
    // One after the other: each is a transaction on the same people.
    // oxlint-disable-next-line no-await-in-loop
    const { done, refused } = await api.ask('POST', '/api/admin/users/acts', BulkResult, body);
    result.done += done;
    result.refused.push(...refused);
  }
  return result;
}
