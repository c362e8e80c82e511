import {
  isPermitted,
  OffhookError,
  isForMachines,
  type ApiKeyId,
  type ConnectorId,
  type KeyScope,
  type Me,
  type Permission,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit/audit.ts';
import type { App } from './app.ts';

/** Who a route is for: a permission of the table in the contract, or `anyone`, which every route has to say aloud. */
export type Access = Permission | 'anyone';

/** Who asks. */
export type Principal =
  | {
      kind: 'person';
      tenantId: TenantId;
      userId: UserId;
      sessionId: string;
      me: Me;
      secondFactorMissing: boolean;
    }
  | {
      kind: 'machine';
      tenantId: TenantId;
      keyId: ApiKeyId;
      name: string;
      scopes: KeyScope[];
      connectorId?: ConnectorId;
    };
export type Person = Extract<Principal, { kind: 'person' }>;
export type Machine = Extract<Principal, { kind: 'machine' }>;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Another site's page may send this: what comes proves itself, and no cookie counts. */
    crossSite?: true;
  }
  interface FastifyRequest {
    principal?: Principal;
  }
}

/** How a request proves who it is from. Both throw `unauthenticated` and their like. */
export type Authenticators = {
  person: (request: FastifyRequest) => Promise<Person>;
  machine: (request: FastifyRequest) => Promise<Machine>;
};

/** A route as it was declared, those that the description hides included: what is tried as everybody else. */
export type GuardedRoute = { method: string; url: string; access: Access; crossSite: boolean };

/**
 * One gate for the whole HTTP API, by the table of permissions: a route that names no access is a mistake and does not start. Machines come with
 * `Authorization: Bearer`, people with their session's cookie; neither can take the other's way.
 */
export function guardRoutes(app: App, authenticators: Authenticators): GuardedRoute[] {
  const routes: GuardedRoute[] = [];
  app.decorateRequest('principal');
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/') && route.config?.access === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say whom it is for (config.access).`);
    }
    const { access = 'anyone', crossSite = false } = route.config ?? {};
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, access, crossSite });
  });
  app.addHook('preValidation', async (request) => {
    const access = request.routeOptions.config.access ?? 'anyone';
    if (access === 'anyone') return;
    request.principal = await admit(request, access, authenticators);
  });
  return routes;
}

async function admit(
  request: FastifyRequest,
  access: Permission,
  authenticators: Authenticators,
): Promise<Principal> {
  if (isForMachines(access)) {
    const machine = await authenticators.machine(request);
    if (machine.scopes.some((scope) => isPermitted(`machine:${scope}`, access))) return machine;
    throw new OffhookError('forbidden');
  }
  const person = await authenticators.person(request);
  if (!isPermitted(person.me.role, access)) throw new OffhookError('forbidden');
  if (person.secondFactorMissing && access !== 'account.own')
    throw new OffhookError('second_factor_required');
  return person;
}

/** The person who asks, in a route whose permission only people have. */
export function personOf(request: FastifyRequest): Person {
  const { principal } = request;
  if (principal?.kind !== 'person') throw new OffhookError('unauthenticated');
  return principal;
}

/** The machine that asks, in a route whose permission only machines have. */
export function machineOf(request: FastifyRequest): Machine {
  const { principal } = request;
  if (principal?.kind !== 'machine') throw new OffhookError('unauthenticated');
  return principal;
}

/** Whoever asks, as the audit log names them. */
export function actorOf(request: FastifyRequest): Actor {
  const { principal } = request;
  const from = { address: request.ip, requestId: request.id };
  if (principal === undefined) return { kind: 'system', id: '', name: 'nobody', ...from };
  return principal.kind === 'person'
    ? {
        kind: 'person',
        id: principal.userId,
        name: `${principal.me.name} <${principal.me.email}>`,
        role: principal.me.role,
        ...from,
      }
    : { kind: 'machine', id: principal.keyId, name: principal.name, ...from };
}
