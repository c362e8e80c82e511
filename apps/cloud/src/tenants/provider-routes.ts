import {
  Administrator,
  ConfirmByName,
  ErrorBody,
  InviteAdministrator,
  NewTenant,
  Suspend,
  TenantChange,
  TenantDetail,
  TenantId,
  TenantPage,
  TenantQuery,
  UserId,
} from '@offhook/contract';
import * as z from 'zod';
import { actorOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { ProviderService } from './provider-service.ts';

/** Tenants, for whoever runs the service. */
export function providerRoutes(app: App, service: ProviderService): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };
  const acting = { ...refusals, 404: ErrorBody, 409: ErrorBody };
  const params = z.object({ tenantId: TenantId });
  const access = 'provider.tenants.write';

  app.route({
    method: 'GET',
    url: '/api/provider/tenants',
    config: { access: 'provider.tenants.read' },
    schema: { summary: 'Tenants', querystring: TenantQuery, response: { 200: TenantPage, ...refusals } },
    handler: (request) => service.list(request.query),
  });

  app.route({
    method: 'GET',
    url: '/api/provider/tenants/:tenantId',
    config: { access: 'provider.tenants.read' },
    schema: {
      summary: 'A tenant with its administrators',
      params,
      response: { 200: TenantDetail, ...refusals, 404: ErrorBody },
    },
    handler: (request) => service.detail(request.params.tenantId),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants',
    config: { access },
    schema: {
      summary: 'A new tenant, and an invitation for its administrator',
      body: NewTenant,
      response: { 201: TenantDetail, ...refusals, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const tenant = await service.create(request.body, actorOf(request));
      request.log.info({ tenantId: tenant.tenantId }, 'tenant created');
      return reply.code(201).send(tenant);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/api/provider/tenants/:tenantId',
    config: { access },
    schema: {
      summary: 'Change a tenant or its subscription',
      params,
      body: TenantChange,
      response: { 200: TenantDetail, ...acting },
    },
    handler: (request) => service.change(request.params.tenantId, request.body, actorOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/suspend',
    config: { access },
    schema: {
      summary: 'Suspend a tenant: emergency calls and administrators stay',
      params,
      body: Suspend,
      response: { 200: TenantDetail, ...acting },
    },
    handler: (request) => {
      request.log.info({ tenantId: request.params.tenantId }, 'tenant suspended');
      return service.suspend(request.params.tenantId, request.body.reason, actorOf(request));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/resume',
    config: { access },
    schema: {
      summary: 'End the suspension of a tenant',
      params,
      response: { 200: TenantDetail, ...acting },
    },
    handler: (request) => service.resume(request.params.tenantId, actorOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/delete',
    config: { access },
    schema: {
      summary: 'Delete a tenant, after 30 days for good',
      params,
      body: ConfirmByName,
      response: { 200: TenantDetail, ...acting },
    },
    handler: (request) => {
      request.log.info({ tenantId: request.params.tenantId }, 'tenant deleted');
      return service.remove(request.params.tenantId, request.body.name, actorOf(request));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/restore',
    config: { access },
    schema: {
      summary: 'Take back the deletion of a tenant',
      params,
      response: { 200: TenantDetail, ...acting },
    },
    handler: (request) => service.restore(request.params.tenantId, actorOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/administrators',
    config: { access },
    schema: {
      summary: 'Invite an administrator of a tenant',
      params,
      body: InviteAdministrator,
      response: { 201: Administrator, ...acting },
    },
    handler: async (request, reply) => {
      const invited = await service.invite(request.params.tenantId, request.body, actorOf(request));
      return reply.code(201).send(invited);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/administrators/:userId/invitation',
    config: { access },
    schema: {
      summary: 'Invite an administrator of a tenant again',
      params: params.extend({ userId: UserId }),
      response: { 200: Administrator, ...acting },
    },
    handler: (request) => service.reinvite(request.params.tenantId, request.params.userId, actorOf(request)),
  });
}
