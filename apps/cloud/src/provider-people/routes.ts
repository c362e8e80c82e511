import {
  Administrator,
  AdministratorList,
  ConfirmByName,
  ErrorBody,
  InviteAdministrator,
  ProviderSettings,
  UserId,
} from '@offhook/contract';
import * as z from 'zod';
import { actorOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { ProviderPeople } from './service.ts';

/** The provider's own people, for each other. */
export function providerPeopleRoutes(app: App, service: ProviderPeople): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };
  const acting = { ...refusals, 404: ErrorBody, 409: ErrorBody };
  const params = z.object({ userId: UserId });
  const reading = { access: 'provider.people.read' } as const;
  const writing = { access: 'provider.people.write' } as const;

  app.route({
    method: 'GET',
    url: '/api/provider/people',
    config: reading,
    schema: { summary: 'The provider’s own people', response: { 200: AdministratorList, ...refusals } },
    handler: async () => ({ administrators: await service.list() }),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/people',
    config: writing,
    schema: {
      summary: 'Invite somebody to work for the provider',
      body: InviteAdministrator,
      response: { 201: Administrator, ...refusals, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const invited = await service.invite(request.body, actorOf(request));
      return reply.code(201).send(invited);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/provider/people/:userId/invitation',
    config: writing,
    schema: {
      summary: 'Invite somebody of the provider again',
      params,
      response: { 200: Administrator, ...acting },
    },
    handler: (request) => service.inviteAgain(request.params.userId, actorOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/people/:userId/password-reset',
    config: writing,
    schema: {
      summary: 'Send somebody of the provider a link for a new password',
      params,
      response: { 204: z.null(), ...acting },
    },
    handler: async (request, reply) => {
      await service.sendReset(request.params.userId, actorOf(request));
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/provider/people/:userId/remove',
    config: writing,
    schema: {
      summary: 'Somebody works for the provider no more; not oneself, nor the last one',
      params,
      body: ConfirmByName,
      response: { 204: z.null(), ...acting },
    },
    handler: async (request, reply) => {
      await service.remove(request.params.userId, request.body.name, actorOf(request));
      request.log.info({ userId: request.params.userId }, 'provider account removed');
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/provider/settings',
    config: reading,
    schema: {
      summary: 'What is demanded of the provider’s people',
      response: { 200: ProviderSettings, ...refusals },
    },
    handler: () => service.settings(),
  });

  app.route({
    method: 'PATCH',
    url: '/api/provider/settings',
    config: writing,
    schema: {
      summary: 'Set what is demanded of the provider’s people',
      body: ProviderSettings,
      response: { 200: ProviderSettings, ...refusals },
    },
    handler: (request) => service.changeSettings(request.body, actorOf(request)),
  });
}
