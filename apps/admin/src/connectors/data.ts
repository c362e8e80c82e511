import { ApiKeys, ConnectorDetail, ConnectorStates, type ConnectorId } from '@offhook/contract';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';

export const connectorsKey = ['connectors'] as const;
export const keysKey = ['api-keys'] as const;

export const connectorsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...connectorsKey, 'list'],
    queryFn: ({ signal }) => api.get('/api/admin/connectors', ConnectorStates, {}, signal),
  });

export const pathOf = (connectorId: ConnectorId | string): string =>
  `/api/admin/connectors/${encodeURIComponent(connectorId)}`;

export const connectorQuery = (api: Api, connectorId: string) =>
  queryOptions({
    queryKey: [...connectorsKey, connectorId],
    queryFn: ({ signal }) => api.get(pathOf(connectorId), ConnectorDetail, {}, signal),
  });

export const keysQuery = (api: Api) =>
  queryOptions({
    queryKey: keysKey,
    queryFn: ({ signal }) => api.get('/api/admin/keys', ApiKeys, {}, signal),
  });
