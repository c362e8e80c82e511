import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { actorOf, machineOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { limitKeys } from '../http/key-limits.ts';
import type { Metrics } from '../operations/metrics.ts';
import { errorBody, ScimError } from './errors.ts';
import type { ScimGroups } from './groups.ts';
import { listResponse, ListQuery, project, ProjectionQuery } from './list.ts';
import { isObject, PatchRequest, type PatchOperation, type Resource } from './patch.ts';
import { resourceTypes, schemas, serviceProviderConfig } from './schemas.ts';
import type { ScimMeta } from './user-resource.ts';
import type { ScimCaller, ScimUsers } from './users.ts';
import { isNamed } from './version.ts';

const SCIM = '/api/scim/v2';
const MEDIA_TYPE = 'application/scim+json';
/** A first synchronisation asks for each person several times. */
const PER_MINUTE = 3_000;
/** A group of 10,000 has less than half of it. */
const BODY_BYTES = 2 * 1024 * 1024;

type ResourceWithMeta = Resource & { id: string; meta: ScimMeta };

/** What both kinds of resources can. */
type Endpoint = {
  list: (caller: ScimCaller, query: ListQuery) => Promise<Resource>;
  get: (caller: ScimCaller, id: string, query: z.infer<typeof ProjectionQuery>) => Promise<ResourceWithMeta>;
  create: (caller: ScimCaller, resource: Resource) => Promise<ResourceWithMeta>;
  replace: (
    caller: ScimCaller,
    id: string,
    ifMatch: string | undefined,
    resource: Resource,
  ) => Promise<ResourceWithMeta>;
  patch: (
    caller: ScimCaller,
    id: string,
    ifMatch: string | undefined,
    operations: readonly PatchOperation[],
  ) => Promise<ResourceWithMeta>;
  remove: (caller: ScimCaller, id: string, ifMatch: string | undefined) => Promise<void>;
};

export type ScimParts = {
  users: ScimUsers;
  groups: ScimGroups;
  metrics: Metrics;
  /** Of this service, for locations. */
  origin: () => string;
};

/** SCIM 2.0 (RFC 7643, RFC 7644) for identity providers, in a scope of its own: its media type, its errors. Bulk and `/Me` are not offered. */
export function scimRoutes(app: App, parts: ScimParts): void {
  void app.register(async (scope) => {
    const parseJson = scope.getDefaultJsonParser('error', 'error');
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser(
      [MEDIA_TYPE, 'application/json'],
      { parseAs: 'string', bodyLimit: BODY_BYTES },
      (request, body: string, done) => {
        // Identity providers name a type also where they send nothing: with a DELETE.
        if (body === '') done(null);
        else void parseJson(request, body, done);
      },
    );
    scope.setErrorHandler(async (thrown, request, reply) => {
      const { status, body, error } = errorBody(thrown);
      parts.metrics.httpErrors.inc({ code: error?.code ?? 'bad_request' });
      if (error?.code === 'internal')
        request.log.error({ err: thrown, route: request.routeOptions.url }, 'request failed');
      if (error?.retryAfter !== undefined) void reply.header('retry-after', error.retryAfter);
      if (status === 401) void reply.header('www-authenticate', 'Bearer realm="Offhook SCIM"');
      return answer(reply.code(status), body);
    });
    scope.addHook('preValidation', limitKeys(parts.metrics, PER_MINUTE));
    endpoint(scope, parts, 'Users', parts.users);
    endpoint(scope, parts, 'Groups', parts.groups);
    discovery(scope, parts);
  });
}

const answer = (reply: FastifyReply, body: unknown): FastifyReply =>
  reply.type(MEDIA_TYPE).send(JSON.stringify(body));

type Ask = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  summary: string;
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
};

function route(scope: FastifyInstance, { method, path, summary, handler }: Ask): void {
  scope.route({
    method,
    url: `${SCIM}${path}`,
    config: { access: 'scim' },
    bodyLimit: BODY_BYTES,
    schema: { summary, tags: ['scim'], produces: [MEDIA_TYPE] },
    handler,
  });
}

function shown(request: FastifyRequest, reply: FastifyReply, resource: ResourceWithMeta): FastifyReply {
  void reply.header('etag', resource.meta.version).header('location', resource.meta.location);
  return answer(reply, project(resource, read(ProjectionQuery, request.query)));
}

/** The routes of one kind of resources. */
function endpoint(scope: FastifyInstance, parts: ScimParts, name: 'Users' | 'Groups', of: Endpoint): void {
  const callerOf = (request: FastifyRequest): ScimCaller => {
    const { tenantId, connectorId } = machineOf(request);
    return { tenantId, connectorId, actor: actorOf(request), base: parts.origin() + SCIM };
  };
  const what = name === 'Users' ? 'person' : 'group';
  route(scope, {
    method: 'GET',
    path: `/${name}`,
    summary: `SCIM: ${name.toLowerCase()} that match a filter, sorted, page by page`,
    handler: async (request, reply) => {
      const query = read(ListQuery, request.query);
      const list = await of.list(callerOf(request), query);
      const resources = (list['Resources'] as Resource[]).map((one) => project(one, query));
      return answer(reply, { ...list, Resources: resources });
    },
  });
  route(scope, {
    method: 'POST',
    path: `/${name}`,
    summary: `SCIM: a new ${what}`,
    handler: async (request, reply) =>
      shown(request, reply.code(201), await of.create(callerOf(request), bodyOf(request))),
  });
  route(scope, {
    method: 'GET',
    path: `/${name}/:id`,
    summary: `SCIM: one ${what}`,
    handler: async (request, reply) => {
      const resource = await of.get(callerOf(request), idOf(request), read(ProjectionQuery, request.query));
      const known = request.headers['if-none-match'];
      if (known !== undefined && isNamed(known, resource.meta.version))
        return reply.header('etag', resource.meta.version).code(304).send();
      return shown(request, reply, resource);
    },
  });
  route(scope, {
    method: 'PUT',
    path: `/${name}/:id`,
    summary: `SCIM: what a ${what} is to be`,
    handler: async (request, reply) => {
      const { 'if-match': ifMatch } = request.headers;
      const resource = await of.replace(callerOf(request), idOf(request), ifMatch, bodyOf(request));
      return shown(request, reply, resource);
    },
  });
  route(scope, {
    method: 'PATCH',
    path: `/${name}/:id`,
    summary: `SCIM: change a ${what}`,
    handler: async (request, reply) => {
      const { 'if-match': ifMatch } = request.headers;
      const { Operations } = read(PatchRequest, bodyOf(request), 'invalidSyntax');
      const resource = await of.patch(callerOf(request), idOf(request), ifMatch, Operations);
      // A group without its members says little; whoever wants it asks for it.
      if (name === 'Groups') return reply.header('etag', resource.meta.version).code(204).send();
      return shown(request, reply, resource);
    },
  });
  route(scope, {
    method: 'DELETE',
    path: `/${name}/:id`,
    summary:
      name === 'Users'
        ? 'SCIM: delete a person; administrators can take it back while the grace period lasts'
        : 'SCIM: delete a group',
    handler: async (request, reply) => {
      await of.remove(callerOf(request), idOf(request), request.headers['if-match']);
      return reply.code(204).send();
    },
  });
}

/** RFC 7644 §4: what this service can, for clients to read. */
function discovery(scope: FastifyInstance, parts: ScimParts): void {
  const base = () => parts.origin() + SCIM;
  route(scope, {
    method: 'GET',
    path: '/ServiceProviderConfig',
    summary: 'SCIM: what this service can',
    handler: async (_request, reply) => answer(reply, serviceProviderConfig(base())),
  });
  for (const [path, what, all] of [
    ['/ResourceTypes', 'kinds of resources', resourceTypes],
    ['/Schemas', 'attributes of the resources', schemas],
  ] as const) {
    route(scope, {
      method: 'GET',
      path,
      summary: `SCIM: the ${what}`,
      handler: async (_request, reply) => {
        const found = all(base());
        return answer(reply, listResponse(found, { total: found.length, startIndex: 1 }));
      },
    });
    route(scope, {
      method: 'GET',
      path: `${path}/:id`,
      summary: `SCIM: one of the ${what}`,
      handler: async (request, reply) => {
        const found = all(base()).find(({ id }) => id === idOf(request));
        if (found === undefined) throw new ScimError(404, undefined, 'There is none of this name.');
        return answer(reply, found);
      },
    });
  }
}

/** @throws ScimError */
function read<T extends z.ZodType>(
  schema: T,
  value: unknown,
  type: 'invalidValue' | 'invalidSyntax' = 'invalidValue',
): z.infer<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ScimError(400, type, `“${where}” is not what it has to be.`);
}

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

/** @throws ScimError */
function bodyOf(request: FastifyRequest): Resource {
  if (isObject(request.body)) return request.body;
  throw new ScimError(400, 'invalidSyntax', 'The body has to be a JSON object.');
}
