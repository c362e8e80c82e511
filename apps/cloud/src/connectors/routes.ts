import { createHash } from 'node:crypto';
import {
  ConfirmByName,
  ConnectorChange,
  ConnectorDetail,
  ConnectorId,
  ConnectorState,
  ConnectorStates,
  ErrorBody,
  NewConnector,
} from '@offhook/contract';
import * as z from 'zod';
import { startLine } from '../api-keys/start-line.ts';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { ConnectorService } from './service.ts';

/** Connectors of the tenant, for its administrators. */
export function connectorRoutes(app: App, service: ConnectorService, publicOrigin: string | undefined): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };
  const params = z.object({ connectorId: ConnectorId });

  app.route({
    method: 'GET',
    url: '/api/admin/connectors',
    config: { access: 'connectors.read' },
    schema: {
      summary: 'The connectors of the tenant and how they are',
      response: { 200: ConnectorStates, 304: z.null(), ...refusals },
    },
    handler: async (request, reply) => {
      const states = { connectors: await service.states(personOf(request).tenantId) };
      const tag = `"${createHash('sha256').update(JSON.stringify(states)).digest('base64url')}"`;
      void reply.header('etag', tag);
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(null);
      return states;
    },
  });

  app.route({
    method: 'POST',
    url: '/api/admin/connectors',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'A new connector, for a platform',
      body: NewConnector,
      response: { 201: ConnectorDetail, ...refusals, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const detail = await service.create(tenantId, request.body, actorOf(request));
      request.log.info({ tenantId, userId, connectorId: detail.state.connectorId }, 'connector created');
      return reply.code(201).send({ ...detail, startLine: startLine(request, publicOrigin) });
    },
  });

  app.route({
    method: 'GET',
    url: '/api/admin/connectors/:connectorId',
    config: { access: 'connectors.read' },
    schema: {
      summary: 'One connector, its platform without passwords, and its keys',
      params,
      response: { 200: ConnectorDetail, ...refusals, 404: ErrorBody },
    },
    handler: async (request) => ({
      ...(await service.detail(personOf(request).tenantId, request.params.connectorId)),
      startLine: startLine(request, publicOrigin),
    }),
  });

  app.route({
    method: 'PATCH',
    url: '/api/admin/connectors/:connectorId',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'Change the name or the platform; a password that is absent stays',
      params,
      body: ConnectorChange,
      response: { 200: ConnectorDetail, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId, userId } = personOf(request);
      const { connectorId } = request.params;
      const detail = await service.change(tenantId, connectorId, request.body, actorOf(request));
      request.log.info({ tenantId, userId, connectorId }, 'connector changed');
      return { ...detail, startLine: startLine(request, publicOrigin) };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/connectors/:connectorId',
    config: { access: 'connectors.write' },
    schema: {
      summary: 'Delete a connector without lines, with its keys',
      params,
      body: ConfirmByName,
      response: { 204: z.null(), ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { connectorId } = request.params;
      await service.remove(tenantId, connectorId, request.body.name, actorOf(request));
      request.log.info({ tenantId, userId, connectorId }, 'connector deleted');
      return reply.code(204).send(null);
    },
  });

  const acts = {
    drain: 'Take no new calls; those that run go on',
    resume: 'Take calls again',
  } as const;
  for (const act of ['drain', 'resume'] as const) {
    app.route({
      method: 'POST',
      url: `/api/admin/connectors/:connectorId/${act}`,
      config: { access: 'connectors.write' },
      schema: {
        summary: acts[act],
        params,
        response: { 200: ConnectorState, ...refusals, 404: ErrorBody, 409: ErrorBody },
      },
      handler: async (request) => {
        const { tenantId, userId } = personOf(request);
        const { connectorId } = request.params;
        const state = await service[act](tenantId, connectorId, actorOf(request));
        request.log.info({ tenantId, userId, connectorId, act }, 'new calls of a connector');
        return state;
      },
    });
  }
}
