import {
  BulkAct,
  BulkResult,
  ErrorBody,
  NewUser,
  UserChange,
  UserId,
  UserPage,
  UserQuery,
  UserRow,
} from '@offhook/contract';
import * as z from 'zod';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { UserAct, UserService } from './service.ts';

/** The last word of `POST /api/admin/users/:userId/…`, with what it does. */
const acts = [
  ['disable', 'disable', 'Let somebody in no more: signed out, and the line is not registered'],
  ['enable', 'enable', 'Let a disabled person in again'],
  ['restore', 'restore', 'Take a deletion back, while its grace period lasts'],
  ['invitation', 'invite', 'Send the invitation again; an older one works no more'],
  ['password-reset', 'reset_password', 'Send a link with which a new password is chosen'],
  [
    'second-factor-reset',
    'reset_second_factor',
    'Take away authenticator app, passkeys and recovery codes of somebody who has lost them',
  ],
  ['sign-out', 'sign_out', 'Sign somebody out everywhere'],
] as const satisfies readonly (readonly [string, UserAct, string])[];

/** The people of a tenant, for its administrators. */
export function userRoutes(app: App, service: UserService): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };
  const params = z.object({ userId: UserId });

  app.route({
    method: 'GET',
    url: '/api/admin/users',
    config: { access: 'users.read' },
    schema: {
      summary: 'People of the tenant, a page at a time',
      querystring: UserQuery,
      response: { 200: UserPage, ...refusals },
    },
    handler: (request) => service.list(personOf(request).tenantId, request.query),
  });

  app.route({
    method: 'GET',
    url: '/api/admin/users/:userId',
    config: { access: 'users.read' },
    schema: { summary: 'One person', params, response: { 200: UserRow, ...refusals, 404: ErrorBody } },
    handler: (request) => service.get(personOf(request).tenantId, request.params.userId),
  });

  app.route({
    method: 'POST',
    url: '/api/admin/users',
    config: { access: 'users.write' },
    schema: {
      summary: 'A new person, invited where asked',
      body: NewUser,
      response: { 201: UserRow, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId } = personOf(request);
      return reply.code(201).send(await service.create(tenantId, actorOf(request), request.body));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/api/admin/users/:userId',
    config: { access: 'users.write' },
    schema: {
      summary: 'Change a person; what is not named stays',
      params,
      body: UserChange,
      response: { 200: UserRow, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: (request) =>
      service.change(personOf(request).tenantId, actorOf(request), request.params.userId, request.body),
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/users/:userId',
    config: { access: 'users.write' },
    schema: {
      summary: 'Delete a person; it can be taken back until `goneAt`',
      params,
      response: { 200: UserRow, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: (request) =>
      service.act(personOf(request).tenantId, actorOf(request), request.params.userId, 'delete'),
  });

  for (const [word, act, summary] of acts) {
    app.route({
      method: 'POST',
      url: `/api/admin/users/:userId/${word}`,
      config: { access: 'users.write' },
      schema: { summary, params, response: { 200: UserRow, ...refusals, 404: ErrorBody, 409: ErrorBody } },
      handler: (request) =>
        service.act(personOf(request).tenantId, actorOf(request), request.params.userId, act),
    });
  }

  app.route({
    method: 'POST',
    url: '/api/admin/users/acts',
    config: { access: 'users.write' },
    schema: {
      summary: 'One act on many people; each is done or refused for itself',
      body: BulkAct,
      response: { 200: BulkResult, ...refusals },
    },
    handler: (request) => service.bulk(personOf(request).tenantId, actorOf(request), request.body),
  });
}
