import { ApiKeys, ConnectorDetail, ConnectorStates, type ConnectorId } from '@offhook/contract';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';

/** States change by themselves; while the page is in sight they are asked for so often. */
const LIVE_MS = 4_000;

export const connectorsKey = ['connectors'] as const;
export const keysKey = ['api-keys'] as const;

export const connectorsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...connectorsKey, 'list'],
    refetchInterval: LIVE_MS,
    queryFn: ({ signal }) => api.get('/api/admin/connectors', ConnectorStates, {}, signal),
  });

export const pathOf = (connectorId: ConnectorId | string): string =>
  `/api/admin/connectors/${encodeURIComponent(connectorId)}`;

export const connectorQuery = (api: Api, connectorId: string) =>
  queryOptions({
    queryKey: [...connectorsKey, connectorId],
    refetchInterval: LIVE_MS,
    queryFn: ({ signal }) => api.get(pathOf(connectorId), ConnectorDetail, {}, signal),
  });

export const keysQuery = (api: Api) =>
  queryOptions({
    queryKey: keysKey,
    queryFn: ({ signal }) => api.get('/api/admin/keys', ApiKeys, {}, signal),
  });
