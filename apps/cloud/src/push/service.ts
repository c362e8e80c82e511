import {
  OffhookError,
  pushClientId,
  type CallId,
  type ConnectorId,
  type LinkCall,
  type PushMessage,
  type PushOffer,
  type PushSubscription,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { createAttempts } from '../attempts.ts';
import type { Bus } from '../bus/bus.ts';
import { linkControlTopic } from '../bus/topics.ts';
import { askConnector } from '../connector-link/ask.ts';
import { knownParty } from '../directory/parties.ts';
import type { DirectoryService } from '../directory/service.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import type { Outbound } from '../sso/outbound.ts';
import { createRinging } from './ringing.ts';
import { sendPush } from './sender.ts';
import type { PushStore, Subscribed } from './store.ts';

export type PushOptions = {
  bus: Bus;
  store: PushStore;
  directory: DirectoryService;
  outbound: Outbound;
  /** Absent: this installation sends no pushes. */
  subject: string | undefined;
  /** Milliseconds after which a session that nobody uses is over. */
  idleMs: number;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
};

type Session = { tenantId: TenantId; userId: UserId; sessionId: string };
type Place = { tenantId: TenantId; connectorId: ConnectorId };

export type PushService = {
  offer: (tenantId: TenantId) => Promise<PushOffer>;
  /** @throws OffhookError `not_found` push is switched off, `bad_request` the endpoint is none, `rate_limited` */
  subscribe: (session: Session, subscription: PushSubscription) => Promise<void>;
  unsubscribe: (session: Session) => Promise<void>;
  /** @throws OffhookError as `call.reject`, `rate_limited` */
  reject: (session: Session, callId: CallId) => Promise<void>;
  /** A connector has stated a call of a user: at the node that holds its link, and there alone. */
  callChanged: (place: Place, userId: UserId, call: LinkCall) => void;
  /** Who of a connector's users can be reached without a client. */
  reachable: (place: Place) => Promise<UserId[]>;
  /** Resolves when nothing is on its way any more. */
  settled: () => Promise<void>;
};

/** Pushes of one person a minute, to all their browsers; whoever is called more often sees the rest in the window. */
const perUser = { limit: 60, windowMs: 60_000, keys: 50_000 };
/** What one person may ask for a minute. */
const asked = { limit: 30, windowMs: 60_000, keys: 50_000 };
/** Calls whose pushes are on their way at a time; beyond them none is told to ring. */
const ON_THE_WAY = 200;

export function createPushService(options: PushOptions): PushService {
  const { bus, store, directory, outbound, subject, idleMs, metrics, log } = options;
  const ringing = createRinging();
  const pushes = createAttempts(perUser);
  const requests = createAttempts(asked);
  const onTheWay = new Set<Promise<void>>();
  /** What is said of one call is sent in its order. */
  const lastOf = new Map<string, Promise<void>>();

  const take = (limits: typeof requests, { tenantId, userId }: Pick<Session, 'tenantId' | 'userId'>) => {
    const wait = limits.take(`${tenantId} ${userId}`);
    if (wait === 0) return;
    countLimit(metrics, 'push_rate');
    throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
  };

  const connectorOf = async (tenantId: TenantId, userId: UserId) =>
    (await directory.get(tenantId)).user(userId)?.connectorId;

  /** The connector lets a call ring for whoever has a client: being reachable by push is one. */
  const announce = async (kind: 'client.joined' | 'client.left', tenantId: TenantId, userId: UserId) => {
    const connectorId = await connectorOf(tenantId, userId);
    if (connectorId === undefined) return;
    bus.publish(linkControlTopic(tenantId, connectorId), { kind, userId, clientId: pushClientId(userId) });
  };

  const drop = async (session: Session) => {
    const left = await store.unsubscribe(session.tenantId, session.userId, session.sessionId);
    if (!left) await announce('client.left', session.tenantId, session.userId);
  };

  const send = async (tenantId: TenantId, userId: UserId, message: PushMessage): Promise<void> => {
    if (subject === undefined) return;
    const subscribed = await store.of(tenantId, userId, idleMs);
    if (subscribed.length === 0) return;
    // That it rings no more is always said: the notification would stay.
    if (message.kind === 'ringing') take(pushes, { tenantId, userId });
    const keys = await store.keys(tenantId);
    const one = async (to: Subscribed) => {
      const outcome = await sendPush(outbound, subject, keys, to, message).catch(() => 'failed' as const);
      metrics.pushes.inc({ kind: message.kind, outcome });
      if (outcome === 'gone' && !(await store.gone(tenantId, userId, to)))
        await announce('client.left', tenantId, userId);
      if (outcome === 'failed') log.warn({ tenantId, userId, kind: message.kind }, 'a push was not taken');
    };
    await Promise.all(subscribed.map(one));
  };

  return {
    offer: async (tenantId) =>
      subject === undefined ? {} : { publicKey: (await store.keys(tenantId)).publicKey },

    subscribe: async (session, subscription) => {
      if (subject === undefined) throw new OffhookError('not_found');
      take(requests, session);
      if (outbound.refusalOf(subscription.endpoint) !== undefined) throw new OffhookError('bad_request');
      await store.subscribe(session, subscription);
      await announce('client.joined', session.tenantId, session.userId);
    },

    unsubscribe: drop,

    reject: async (session, callId) => {
      take(requests, session);
      const { tenantId, userId } = session;
      const connectorId = await connectorOf(tenantId, userId);
      if (connectorId === undefined) throw new OffhookError('no_line');
      await askConnector(bus, { tenantId, connectorId }, 'call.reject', {
        userId,
        clientId: pushClientId(userId),
        callId,
      });
    },

    callChanged: ({ tenantId, connectorId }, userId, call) => {
      if (subject === undefined) return;
      const remote = knownParty(directory.known(tenantId), connectorId, call.remote);
      const message = ringing.changed(userId, { ...call, remote });
      if (message === undefined) return;
      if (message.kind === 'ringing' && onTheWay.size >= ON_THE_WAY) return countLimit(metrics, 'push_rate');
      const key = `${tenantId}\n${userId}\n${call.callId}`;
      const sending = (lastOf.get(key) ?? Promise.resolve())
        .then(() => send(tenantId, userId, message))
        .catch((err: unknown) => log.warn({ tenantId, userId, err }, 'nothing was pushed'));
      onTheWay.add(sending);
      lastOf.set(key, sending);
      void sending.finally(() => {
        onTheWay.delete(sending);
        if (lastOf.get(key) === sending) lastOf.delete(key);
      });
    },

    reachable: async ({ tenantId, connectorId }) =>
      subject === undefined ? [] : store.reachable(tenantId, connectorId),

    settled: async () => void (await Promise.all(onTheWay)),
  };
}
