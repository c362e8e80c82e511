import { ApiKeyId, ConnectorId, ConnectorList, ErrorBody, NewApiKey } from '@offhook/contract';
import * as z from 'zod';
import type { App } from '../http/app.ts';
import { actorOf, personOf } from '../http/access.ts';
import type { AdminService } from './service.ts';

/** Connectors and their API keys, for administrators of the tenant. */
export function adminRoutes(app: App, service: AdminService): void {
  const refusals = { 401: ErrorBody, 403: ErrorBody };

  app.route({
    method: 'GET',
    url: '/api/admin/connectors',
    config: { access: 'connectors.read' },
    schema: { summary: 'The connectors of the tenant', response: { 200: ConnectorList, ...refusals } },
    handler: async (request) => {
      const { tenantId } = personOf(request);
      return { connectors: await service.listConnectors(tenantId) };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/admin/connectors/:connectorId/keys',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'A new API key, shown this once',
      params: z.object({ connectorId: ConnectorId }),
      response: { 201: NewApiKey, ...refusals, 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { connectorId } = request.params;
      const key = await service.createKey(tenantId, connectorId, actorOf(request));
      request.log.info({ tenantId, userId, connectorId, keyId: key.keyId }, 'API key created');
      return reply.code(201).send(key);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/keys/:keyId',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'Revoke an API key; a link that uses it is closed at once',
      params: z.object({ keyId: ApiKeyId }),
      response: { 204: z.null(), ...refusals, 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { keyId } = request.params;
      await service.revokeKey(tenantId, keyId, actorOf(request));
      request.log.info({ tenantId, userId, keyId }, 'API key revoked');
      return reply.code(204).send(null);
    },
  });
}
