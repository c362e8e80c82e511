import {
  clientMethods,
  OffhookError,
  type ClientMethod,
  type ConnectorId,
  type Params,
  type Result,
  type Snapshot,
} from '@offhook/contract';
import type * as z from 'zod';
import type { Bus } from '../bus/bus.ts';
import type { DirectoryService } from '../directory/service.ts';
import type { FavouriteService } from '../favourites/service.ts';
import type { ClientPresence, PresenceService } from '../presence/service.ts';
import type { SettingsService } from '../settings/service.ts';
import type { Authenticated } from '../sign-in/service.ts';
import { askConnector } from '../connector-link/ask.ts';
import type { MethodLimits } from './method-limits.ts';
import { refusalOfCallOut, type ClientRequest } from './emergency.ts';
import { viewCall, type Viewer } from './view.ts';

/** What the requests of all clients work with. */
export type RequestDependencies = {
  bus: Bus;
  directory: DirectoryService;
  settings: SettingsService;
  presence: PresenceService;
  favourites: FavouriteService;
  limits: MethodLimits;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
};

/** The client that asks. */
export type Asking = {
  session: Authenticated;
  clientId: Viewer['clientId'];
  connectorId: ConnectorId | undefined;
  presence: ClientPresence;
  snapshot: () => Promise<Snapshot>;
};

/** Where each call method goes is the same: to the connector of the user's line, in the user's name. */
type CallMethod = Extract<ClientMethod, `call.${string}`>;
type ClientResult<M extends ClientMethod> = Result<typeof clientMethods, M>;

/** @throws OffhookError of any code of the contract */
export async function answerClient(
  deps: RequestDependencies,
  client: Asking,
  method: string,
  params: unknown,
): Promise<unknown> {
  if (!Object.hasOwn(clientMethods, method)) throw new OffhookError('unknown_method');
  const { session, connectorId, presence } = client;
  const { tenantId } = session;
  const known = method as ClientMethod;
  switch (known) {
    case 'ping':
      return { now: Date.now() } satisfies ClientResult<'ping'>;
    case 'snapshot.get':
      return client.snapshot();
    case 'directory.search': {
      const { query, limit } = parse(clientMethods[known].params, params);
      const directory = await deps.directory.get(tenantId);
      const entries = directory.search(query, limit).map((entry) => {
        const seen = deps.presence.of(tenantId, entry.userId);
        return seen === undefined ? entry : { ...entry, presence: seen };
      });
      return { entries } satisfies ClientResult<'directory.search'>;
    }
    case 'settings.set': {
      const { change } = parse(clientMethods[known].params, params);
      deps.limits.take(known, session);
      refuseCallOut(deps, client, known, { change });
      const settings = await deps.settings.change(session, connectorId, change);
      return { settings } satisfies ClientResult<'settings.set'>;
    }
    case 'presence.set': {
      const { choice } = parse(clientMethods[known].params, params);
      deps.limits.take(known, session);
      await deps.presence.choose(session, connectorId, choice);
      return { presence: presence.own() } satisfies ClientResult<'presence.set'>;
    }
    case 'presence.idle': {
      const { idle } = parse(clientMethods[known].params, params);
      deps.limits.take(known, session);
      presence.idle(idle);
      return {} satisfies ClientResult<'presence.idle'>;
    }
    case 'presence.watch': {
      const { userIds } = parse(clientMethods[known].params, params);
      deps.limits.take(known, session);
      const directory = await deps.directory.get(tenantId);
      const presences = presence.watch(userIds.filter((userId) => directory.user(userId) !== undefined));
      return { presences } satisfies ClientResult<'presence.watch'>;
    }
    case 'favourites.get':
      deps.limits.take(known, session);
      return (await deps.favourites.list(session)) satisfies ClientResult<'favourites.get'>;
    case 'favourites.place': {
      const { userId, before } = parse(clientMethods[known].params, params);
      deps.limits.take(known, session);
      const list = await deps.favourites.place(session, userId, before);
      return list satisfies ClientResult<'favourites.place'>;
    }
    case 'favourites.remove': {
      const { userId } = parse(clientMethods[known].params, params);
      deps.limits.take(known, session);
      return (await deps.favourites.remove(session, userId)) satisfies ClientResult<'favourites.remove'>;
    }
    case 'call.place':
    case 'call.placeAtDesk':
    case 'call.pickUp':
    case 'call.answer':
    case 'call.answerAtDesk':
    case 'call.attach':
    case 'call.candidate':
    case 'call.pull':
    case 'call.push':
    case 'call.deflect':
    case 'call.toVoicemail':
    case 'call.transfer':
    case 'call.completeTransfer':
    case 'call.conference':
    case 'call.alternate':
    case 'call.reconnect':
    case 'call.park':
    case 'call.callBack':
    case 'call.reject':
    case 'call.hangUp':
    case 'call.hold':
    case 'call.retrieve':
    case 'call.mute':
    case 'call.dtmf':
      return callRequest(deps, client, known, parse(clientMethods[known].params, params));
  }
}

/** Nothing is awaited before the request leaves: the connector gets a client's requests in their order. */
async function callRequest(
  deps: RequestDependencies,
  client: Asking,
  method: CallMethod,
  params: Params<typeof clientMethods, CallMethod>,
): Promise<unknown> {
  const { session, clientId, connectorId } = client;
  const { tenantId, userId, sessionId } = session;
  if (connectorId === undefined) throw new OffhookError('no_line');
  refuseCallOut(deps, client, method, params);
  const fields = {
    tenantId,
    userId,
    sessionId,
    clientId,
    method,
    ...('correlationId' in params ? { correlationId: params.correlationId } : {}),
    ...('callId' in params ? { callId: params.callId } : {}),
  };
  if (method === 'call.place') deps.log.info(fields, 'call requested');
  const result = await askConnector(deps.bus, { tenantId, connectorId }, method, {
    ...params,
    userId,
    clientId,
  }).catch((error: unknown) => {
    deps.log.info({ ...fields, code: OffhookError.from(error).code }, 'call request refused');
    throw error;
  });
  if (!('call' in result)) return result;
  const directory = deps.directory.known(tenantId);
  return { ...result, call: viewCall({ clientId, connectorId, directory }, result.call) };
}

/** @throws OffhookError `tenant_suspended`, `unavailable`: see {@link refusalOfCallOut} */
function refuseCallOut<M extends ClientMethod>(
  deps: RequestDependencies,
  { session, connectorId }: Asking,
  method: M,
  params: Params<typeof clientMethods, M>,
): void {
  if (connectorId === undefined) return;
  // Which params belong to which method was parsed by that method's schema.
  const request = { method, params } as ClientRequest;
  const refusal = refusalOfCallOut(deps.directory.known(session.tenantId), connectorId, request);
  if (refusal !== undefined) throw new OffhookError(refusal);
}

function parse<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw OffhookError.from(parsed.error);
}
