import { TenantDetail, TenantPage } from '@offhook/contract';
import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';
import { queryOf, type ListView } from '../shared/list-view.ts';

const tenantsKey = ['tenants'] as const;
export const PATH = '/api/provider/tenants';
export const pathOf = (tenantId: string): string => `${PATH}/${encodeURIComponent(tenantId)}`;

export const tenantsQuery = (api: Api, view: ListView) =>
  queryOptions({
    queryKey: [...tenantsKey, 'list', queryOf(view)],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get(PATH, TenantPage, queryOf(view), signal),
  });

export const tenantQuery = (api: Api, tenantId: string) =>
  queryOptions({
    queryKey: [...tenantsKey, 'one', tenantId],
    queryFn: () => api.get(pathOf(tenantId), TenantDetail),
  });

/** After any act on a customer: lists and details are asked for anew. */
export function useTenantsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: tenantsKey });
}
