import {
  ApplyImport,
  ConnectorId,
  ErrorBody,
  HeaderMapping,
  Import,
  ImportList,
  ImportRowPage,
  ImportRowQuery,
  OffhookError,
} from '@offhook/contract';
import type { Readable } from 'node:stream';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { ImportService } from './service.ts';

const access = { access: 'imports.write' } as const;
const refusals = { 401: ErrorBody, 403: ErrorBody };
const params = z.object({ importId: z.string().min(1).max(64) });

const UploadQuery = z.object({
  name: z.string().trim().min(1).max(200).default('import'),
  connectorId: ConnectorId.optional(),
  mapping: z.string().max(4_000).optional(),
});

/** Imports of many people; see the contract's `imports.ts`. */
export function importRoutes(app: App, service: ImportService): void {
  uploadRoute(app, service);

  app.route({
    method: 'GET',
    url: '/api/admin/imports',
    config: access,
    schema: {
      summary: 'The imports of the tenant, the latest first',
      response: { 200: ImportList, ...refusals },
    },
    handler: async (request) => ({ imports: await service.list(personOf(request).tenantId) }),
  });

  app.route({
    method: 'GET',
    url: '/api/admin/imports/:importId',
    config: access,
    schema: {
      summary: 'An import and how far it is',
      params,
      response: { 200: Import, ...refusals, 404: ErrorBody },
    },
    handler: async (request) => service.get(personOf(request).tenantId, request.params.importId),
  });

  app.route({
    method: 'GET',
    url: '/api/admin/imports/:importId/rows',
    config: access,
    schema: {
      summary: 'What an import would do, or did, row by row',
      params,
      querystring: ImportRowQuery,
      response: { 200: ImportRowPage, ...refusals, 404: ErrorBody },
    },
    handler: async (request) =>
      service.rows(personOf(request).tenantId, request.params.importId, request.query),
  });

  app.route({
    method: 'POST',
    url: '/api/admin/imports/:importId/mapping',
    config: access,
    schema: {
      summary: 'Say which column is what; the file is read anew',
      params,
      body: HeaderMapping,
      response: { 202: Import, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) =>
      reply
        .code(202)
        .send(await service.map(personOf(request).tenantId, request.params.importId, request.body)),
  });

  app.route({
    method: 'POST',
    url: '/api/admin/imports/:importId/apply',
    config: access,
    schema: {
      summary: 'Do what the preview says, all of it or nothing',
      params,
      body: ApplyImport,
      response: { 202: Import, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { importId } = request.params;
      const { invite } = request.body;
      const begun = await service.apply(tenantId, importId, actorOf(request), invite);
      request.log.info({ tenantId, userId, importId, invite }, 'an import is to be applied');
      return reply.code(202).send(begun);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/admin/imports/:importId/undo',
    config: access,
    schema: {
      summary: 'Put back what an import changed, within 24 hours',
      params,
      response: { 202: Import, ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const { importId } = request.params;
      const begun = await service.undo(tenantId, importId, actorOf(request));
      request.log.info({ tenantId, userId, importId }, 'an import is to be undone');
      return reply.code(202).send(begun);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/imports/:importId',
    config: access,
    schema: {
      summary: 'Discard an import that was not applied',
      params,
      response: { 204: z.null(), ...refusals, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      await service.discard(personOf(request).tenantId, request.params.importId);
      return reply.code(204).send(null);
    },
  });
}

/** The one route whose body is a file: it is read as it comes, whatever it says that it is, and bounded while it does. */
function uploadRoute(app: App, service: ImportService): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: 'POST',
      url: '/api/admin/imports',
      config: access,
      schema: {
        summary:
          'Upload a file of people: delimited text, or the versioned JSON. Nothing is changed before it is applied.',
        querystring: UploadQuery,
        response: {
          202: Import,
          ...refusals,
          400: ErrorBody,
          404: ErrorBody,
          409: ErrorBody,
          413: ErrorBody,
        },
      },
      handler: async (request, reply) => {
        const { tenantId, userId } = personOf(request);
        const { name, connectorId, mapping } = request.query;
        const begun = await service.upload(tenantId, actorOf(request), {
          fileName: name,
          connectorId,
          mapping: mappingOf(mapping),
          body: (request.body ?? []) as Readable,
        });
        request.log.info({ tenantId, userId, importId: begun.importId }, 'a file was uploaded for an import');
        return reply.code(202).send(begun);
      },
    });
  });
}

function mappingOf(text: string | undefined): HeaderMapping | 'ask' | undefined {
  if (text === undefined || text === 'ask') return text;
  try {
    return HeaderMapping.parse(JSON.parse(text));
  } catch (error) {
    throw new OffhookError('bad_request', { cause: error, fields: ['mapping'] });
  }
}
