import {
  Administrator,
  AdministratorList,
  ErrorBody,
  InviteAdministrator,
  TenantSettings,
  TenantSettingsChange,
  UserId,
} from '@offhook/contract';
import * as z from 'zod';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { OwnTenantService } from './own.ts';

/** The own tenant and its administrators, for administrators. */
export function ownTenantRoutes(app: App, service: OwnTenantService): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };
  const params = z.object({ userId: UserId });

  app.route({
    method: 'GET',
    url: '/api/admin/tenant',
    config: { access: 'tenant.read' },
    schema: { summary: 'The own tenant', response: { 200: TenantSettings, ...refusals } },
    handler: (request) => service.settings(personOf(request).tenantId),
  });

  app.route({
    method: 'PATCH',
    url: '/api/admin/tenant',
    config: { access: 'tenant.write' },
    schema: {
      summary: 'Set up the own tenant',
      body: TenantSettingsChange,
      response: { 200: TenantSettings, ...refusals, 409: ErrorBody },
    },
    handler: (request) => service.change(personOf(request).tenantId, request.body, actorOf(request)),
  });

  app.route({
    method: 'GET',
    url: '/api/admin/administrators',
    config: { access: 'tenant.read' },
    schema: { summary: 'The administrators', response: { 200: AdministratorList, ...refusals } },
    handler: async (request) => ({
      administrators: await service.administrators(personOf(request).tenantId),
    }),
  });

  app.route({
    method: 'POST',
    url: '/api/admin/administrators',
    config: { access: 'administrators.write' },
    schema: {
      summary: 'Invite an administrator',
      body: InviteAdministrator,
      response: { 201: Administrator, ...refusals, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const invited = await service.invite(personOf(request).tenantId, request.body, actorOf(request));
      return reply.code(201).send(invited);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/administrators/:userId',
    config: { access: 'administrators.write' },
    schema: {
      summary: 'Somebody administers no more; the last one cannot be removed',
      params,
      response: { 204: z.null(), ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      await service.remove(personOf(request).tenantId, request.params.userId, actorOf(request));
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/admin/administrators/:userId/invitation',
    config: { access: 'administrators.write' },
    schema: {
      summary: 'Invite an administrator again',
      params,
      response: { 200: Administrator, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: (request) =>
      service.inviteAgain(personOf(request).tenantId, request.params.userId, actorOf(request)),
  });
}
