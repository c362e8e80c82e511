import { Overview } from '@offhook/contract';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';

export const overviewKey = ['overview'] as const;

/** Events tell of telephone systems and people; what the charts draw grows by the hour. */
const CHARTS_EVERY_MS = 5 * 60_000;

export const overviewQuery = (api: Api) =>
  queryOptions({
    queryKey: overviewKey,
    refetchInterval: CHARTS_EVERY_MS,
    queryFn: ({ signal }) => api.get('/api/admin/overview', Overview, {}, signal),
  });
