import type { IncomingMessage } from 'node:http';
import { fastifyCookie } from '@fastify/cookie';
import {
  CLIENT_SOCKET_PATH,
  CloseCode,
  isPermitted,
  Limits,
  OffhookError,
  SESSION_COOKIE,
  type ClientId,
  type TenantId,
} from '@offhook/contract';
import type { WebSocket } from 'ws';
import type { Unsubscribe } from '../bus/bus.ts';
import { rollCallTopic } from '../bus/topics.ts';
import { countLimit } from '../operations/metrics.ts';
import { untilDone, type RetryOptions } from '../retry.ts';
import type { SignInService } from '../sign-in/service.ts';
import type { SignInStore } from '../sign-in/store.ts';
import type { Admission, Upgrades } from '../wire/upgrades.ts';
import { openClientSession, type ClientSession, type ClientSessionDependencies } from './session.ts';

export type RealtimeDependencies = Admission &
  Omit<ClientSessionDependencies, 'touch' | 'exists'> & {
    signIn: Pick<SignInService, 'authenticate' | 'touch'>;
    sessions: Pick<SignInStore, 'existingSessions'>;
    isOriginAllowed: (request: IncomingMessage) => boolean;
  };

/** The realtime sockets that end at this node. */
export type ClientHub = {
  /** Changes may have been missed: end what belongs to sessions that are gone, until every tenant has been seen. */
  recheck: (options: RetryOptions) => Promise<void>;
  close: () => void;
};

export function realtimeRoutes(upgrades: Upgrades, deps: RealtimeDependencies): ClientHub {
  /** Sockets by tenant, each tenant with its answer to roll calls. */
  const tenants = new Map<TenantId, { sockets: Set<ClientSession>; unsubscribe: Unsubscribe }>();

  upgrades.add(CLIENT_SOCKET_PATH, async (request, decision) => {
    if (!deps.isOriginAllowed(request)) return decision.refuse(403, new OffhookError('forbidden'));
    const token = fastifyCookie.parse(request.headers.cookie ?? '')[SESSION_COOKIE];
    // A browser shows its page nothing of an HTTP refusal: the socket is opened to say why, then closed.
    const address = deps.addressOf(request);
    const wait = deps.failures.take(address);
    if (wait > 0) {
      countLimit(deps.metrics, 'upgrade_rate');
      const retryAfter = Math.ceil(wait / 1000);
      return decision.refuse(429, new OffhookError('rate_limited', { retryAfter }));
    }
    const session = await deps.signIn.authenticate(token).catch((error: unknown) => OffhookError.from(error));
    if (!(session instanceof OffhookError) || session.code === 'unavailable') deps.failures.giveBack(address);
    decision.accept((socket) => {
      if (session instanceof OffhookError) return refuse(socket, session);
      if (!isPermitted(session.me.role, 'telephone')) return refuse(socket, new OffhookError('forbidden'));
      if (session.secondFactorMissing) return refuse(socket, new OffhookError('second_factor_required'));
      const ofUser = [...(tenants.get(session.tenantId)?.sockets ?? [])].filter(
        (other) => other.session.userId === session.userId,
      );
      // Twice as many as may join: room for newcomers whose predecessors have not been missed yet.
      if (ofUser.length >= 2 * Limits.socketsPerUser) return refuse(socket, tooMany());
      const { touch } = deps.signIn;
      socketsOf(session.tenantId).add(
        openClientSession({ ...deps, touch, exists }, socket, session, { onJoin, onClosed }),
      );
    });
  });

  const exists: ClientSessionDependencies['exists'] = async ({ tenantId, sessionId }) =>
    (await deps.sessions.existingSessions(tenantId, [sessionId])).has(sessionId);

  const tooMany = () => {
    countLimit(deps.metrics, 'sockets_per_user');
    return new OffhookError('rate_limited', { message: 'Too many windows are open. Close one of them.' });
  };

  const onJoin = ({ session }: ClientSession, clientId: ClientId): OffhookError | undefined => {
    const others = [...socketsOf(session.tenantId)].filter(
      (other) =>
        other.session.userId === session.userId &&
        other.clientId() !== undefined &&
        other.clientId() !== clientId,
    );
    return others.length >= Limits.socketsPerUser ? tooMany() : undefined;
  };

  const onClosed = (socket: ClientSession) => {
    const tenant = tenants.get(socket.session.tenantId);
    tenant?.sockets.delete(socket);
    if (tenant?.sockets.size !== 0) return;
    tenant.unsubscribe();
    tenants.delete(socket.session.tenantId);
  };

  const socketsOf = (tenantId: TenantId): Set<ClientSession> => {
    const found = tenants.get(tenantId);
    if (found !== undefined) return found.sockets;
    const sockets = new Set<ClientSession>();
    const unsubscribe = deps.bus.respond(rollCallTopic(tenantId), async ({ connectorId }) => ({
      clients: [...sockets].flatMap((socket) => {
        const clientId = socket.clientId();
        if (clientId === undefined || socket.connectorId() !== connectorId) return [];
        return [{ userId: socket.session.userId, clientId }];
      }),
    }));
    tenants.set(tenantId, { sockets, unsubscribe });
    return sockets;
  };

  return {
    recheck: (options) =>
      untilDone(
        tenants.keys(),
        async (tenantId) => {
          const sockets = tenants.get(tenantId)?.sockets ?? [];
          const ids = [...new Set([...sockets].map((socket) => socket.session.sessionId))];
          if (ids.length === 0) return;
          const existing = await deps.sessions.existingSessions(tenantId, ids);
          const asked = new Set(ids);
          for (const socket of sockets) {
            const { sessionId } = socket.session;
            if (asked.has(sessionId) && !existing.has(sessionId)) socket.end('revoked');
          }
        },
        options,
      ),
    close: () => {
      for (const { sockets } of tenants.values()) {
        for (const socket of sockets) socket.close(CloseCode.GoingAway, 'stopping');
      }
    },
  };
}

/** Say why in a frame, then close: the way of refusing that a page can read. */
function refuse(socket: WebSocket, error: OffhookError): void {
  const isSession =
    error.code === 'unauthenticated' ||
    error.code === 'session_expired' ||
    error.code === 'second_factor_required' ||
    error.code === 'forbidden';
  socket.on('error', () => {});
  socket.send(JSON.stringify({ type: 'refused', error: error.toWire() }));
  socket.close(isSession ? CloseCode.Unauthenticated : CloseCode.GoingAway, error.code);
  setTimeout(() => socket.terminate(), 5_000).unref();
}
