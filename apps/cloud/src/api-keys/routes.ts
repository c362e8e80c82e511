import { ApiKeyId, ApiKeys, CreatedKey, ErrorBody, NewKeyRequest, Regenerate } from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { startLine } from './start-line.ts';
import type { ApiKeyStore, FreshKey } from './store.ts';

/** API keys of the tenant, for its administrators. */
export function apiKeyRoutes(app: App, store: ApiKeyStore, publicOrigin: string | undefined): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };
  const params = z.object({ keyId: ApiKeyId });
  const created = (request: FastifyRequest, { key, secret }: FreshKey): CreatedKey => ({
    key,
    secret,
    ...(key.scopes.includes('connector') ? { startLine: startLine(request, publicOrigin) } : {}),
  });

  app.route({
    method: 'GET',
    url: '/api/admin/keys',
    config: { access: 'connectors.read' },
    schema: {
      summary: 'The API keys of the tenant, without their secrets',
      response: { 200: ApiKeys, ...refusals },
    },
    handler: async (request) => ({ keys: await store.list(personOf(request).tenantId) }),
  });

  app.route({
    method: 'POST',
    url: '/api/admin/keys',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'A new API key, shown this once',
      body: NewKeyRequest,
      response: { 201: CreatedKey, ...refusals, 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const fresh = await store.create(tenantId, request.body, actorOf(request));
      request.log.info({ tenantId, userId, keyId: fresh.key.keyId }, 'API key created');
      return reply.code(201).send(created(request, fresh));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/admin/keys/:keyId/regenerate',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'A new key in the place of one that is good for some hours yet',
      params,
      body: Regenerate,
      response: { 201: CreatedKey, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { keyId } = request.params;
      const { graceHours } = request.body;
      const fresh = await store.regenerate(tenantId, keyId, graceHours, actorOf(request));
      request.log.info({ tenantId, userId, keyId, newKeyId: fresh.key.keyId }, 'API key regenerated');
      return reply.code(201).send(created(request, fresh));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/keys/:keyId',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'Revoke an API key; a link that uses it is closed at once',
      params,
      response: { 204: z.null(), ...refusals, 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { keyId } = request.params;
      await store.revoke(tenantId, keyId, actorOf(request));
      request.log.info({ tenantId, userId, keyId }, 'API key revoked');
      return reply.code(204).send(null);
    },
  });
}
