import {
  AdminLimits,
  EmailAddress,
  ErrorBody,
  ProvisioningBatch,
  ProvisioningResult,
  ProvisioningUsers,
  Subscriber,
  UserRow,
} from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { actorOf, machineOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { limitKeys } from '../http/key-limits.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Caller, ProvisioningService } from './service.ts';

const PER_MINUTE = 600;
/** 500 people with every field as long as it may be have less. */
const BATCH_BYTES = 2 * 1024 * 1024;

const anna = {
  email: 'anna.berger@example.com',
  name: 'Anna Berger',
  language: 'de',
  number: '101',
  password: 'the line’s SIP password',
  shortNumber: '1',
  deskPhone: '201',
};

const ListQuery = z.object({
  after: z.string().max(64).default('').describe('`after` of the page before; absent: the first page'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
/** The address is the path's: a body may name it once more, and nothing else. */
const PutBody = Subscriber.partial({ email: true }).meta({
  examples: [{ name: anna.name, number: anna.number, password: anna.password }],
});
const Batch = ProvisioningBatch.meta({
  examples: [{ dryRun: true, users: [anna, { email: 'ben.carter@example.com', name: 'Ben Carter' }] }],
});
const Result = ProvisioningResult.meta({
  examples: [
    {
      results: [
        { email: anna.email, outcome: 'created' },
        { email: 'ben.carter@example.com', outcome: 'refused', problem: 'seats_exhausted' },
      ],
    },
  ],
});

const tags = ['provisioning'];

/** The provisioning API, version 1; see the contract's `provisioning.ts`. */
export function provisioningRoutes(app: App, service: ProvisioningService, metrics: Metrics): void {
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 429: ErrorBody };
  const params = z.object({
    email: EmailAddress.meta({ description: 'The e-mail address, percent-encoded', examples: [anna.email] }),
  });
  const preValidation = limitKeys(metrics, PER_MINUTE);
  const config = { access: 'provisioning' } as const;

  app.route({
    method: 'GET',
    url: '/api/provisioning/v1/users',
    config,
    preValidation,
    schema: {
      summary: 'People of the tenant, page by page',
      description: 'Ask again with `after` of the answer until it has none.',
      tags,
      querystring: ListQuery,
      response: { 200: ProvisioningUsers, ...refusals },
    },
    handler: (request) => service.list(machineOf(request).tenantId, request.query.after, request.query.limit),
  });

  app.route({
    method: 'PUT',
    url: '/api/provisioning/v1/users/:email',
    config,
    preValidation,
    schema: {
      summary: 'Make a person what the body says; what it does not say stays',
      description:
        'People are known by their e-mail address. The same request again changes nothing. `number` gives a line at the connector of the key, ' +
        'and takes a seat; `password` is that of the line, needed for a new one unless the connector is attached by a trunk. ' +
        'Nobody is invited or made an administrator by this: administrators do that.',
      tags,
      params,
      body: PutBody,
      response: {
        200: UserRow.describe('Changed, or as it was'),
        201: UserRow.describe('Created'),
        ...refusals,
        409: ErrorBody,
      },
    },
    handler: async (request, reply) => {
      const { email } = request.params;
      const { user, created } = await service.put(callerOf(request), { ...request.body, email });
      return reply.code(created ? 201 : 200).send(user);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/provisioning/v1/users/:email',
    config,
    preValidation,
    schema: {
      summary: 'Delete a person; administrators can take it back while the grace period lasts',
      tags,
      params,
      response: { 204: z.null(), ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      await service.remove(callerOf(request), request.params.email);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/provisioning/v1/users/batch',
    config,
    preValidation,
    bodyLimit: BATCH_BYTES,
    schema: {
      summary: `Up to ${AdminLimits.provisioningBatch} people at once; each is written, or refused for itself`,
      description:
        'Answers in the order asked. With `dryRun` nothing is changed, and the answer is what it would be.',
      tags,
      body: Batch,
      response: { 200: Result, ...refusals, 413: ErrorBody },
    },
    handler: (request) => service.batch(callerOf(request), request.body.users, request.body.dryRun),
  });
}

function callerOf(request: FastifyRequest): Caller {
  const { tenantId, connectorId } = machineOf(request);
  return { tenantId, connectorId, actor: actorOf(request) };
}
