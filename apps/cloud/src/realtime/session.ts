import {
  ClientHello,
  clientMethods,
  CloseCode,
  HEARTBEAT_SECONDS,
  OffhookError,
  PROTOCOL_VERSION,
  type ClientEvent,
  type clientEvents,
  type ClientId,
  type ConnectorId,
  type EventData,
  type Me,
  type OwnPresence,
  type Presence,
  type Snapshot,
  type UserId,
} from '@offhook/contract';
import type { WebSocket } from 'ws';
import type { Unsubscribe } from '../bus/bus.ts';
import { connectorStateTopic, linkControlTopic, userTopic, type UserMessage } from '../bus/topics.ts';
import { askWithin, type TenantDirectory } from '../directory/service.ts';
import { newId } from '../ids.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { ClientPresence } from '../presence/service.ts';
import type { Authenticated } from '../sign-in/service.ts';
import { createPeer, type Peer, type PeerTimings } from '../wire/peer.ts';
import { isEmergencyCall } from './emergency.ts';
import { answerClient, type RequestDependencies } from './requests.ts';
import { connectorPart } from './snapshot.ts';
import { viewCall, type Viewer } from './view.ts';

export type ClientSessionDependencies = RequestDependencies & {
  metrics: Metrics;
  /** The session is in use. */
  touch: (session: Authenticated) => Promise<void>;
  /** Is the session still there? */
  exists: (session: Authenticated) => Promise<boolean>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  timings?: Partial<PeerTimings>;
};

/** One realtime socket of a client, from its handshake to its end. */
export type ClientSession = {
  readonly session: Authenticated;
  /** Known after `hello`. */
  clientId: () => ClientId | undefined;
  connectorId: () => ConnectorId | undefined;
  close: (code: number, reason: string) => void;
  end: (reason: EventData<typeof clientEvents, 'session.ended'>['reason']) => void;
};

export type ClientSessionCallbacks = {
  /** Hello has come. @returns why this client may not come in */
  onJoin: (session: ClientSession, clientId: ClientId) => OffhookError | undefined;
  onClosed: (session: ClientSession) => void;
};

/** Milliseconds. */
const SNAPSHOT_RETRY = 5_000;
const TOUCH_EVERY = 5 * 60_000;
const LONGEST_TIMER = 2_000_000_000;
/** Events that may wait behind a snapshot; more, and the client is sent to reconnect. */
const HELD_EVENTS = 1_000;

export function openClientSession(
  deps: ClientSessionDependencies,
  socket: WebSocket,
  session: Authenticated,
  callbacks: ClientSessionCallbacks,
): ClientSession {
  const { bus, directory, metrics } = deps;
  const { tenantId, userId, sessionId } = session;
  const socketId = newId('skt');
  const timers: { expiry?: NodeJS.Timeout; retry?: NodeJS.Timeout; touch?: NodeJS.Timeout } = {};
  const subscriptions: Unsubscribe[] = [];
  let me: Me = session.me;
  let clientId: ClientId | undefined;
  let connector: { id: ConnectorId; unsubscribe: Unsubscribe } | undefined;
  let replaced = false;
  let presence: ClientPresence | undefined;
  /** Before the first snapshot nothing is told. */
  let introduced = false;
  /** The user's line is known. */
  const ready = Promise.withResolvers<void>();
  /** Messages wait while a snapshot is being made, so that none overtakes the snapshot that it is newer than. */
  let snapshotsInWork = 0;
  const held: UserMessage[] = [];

  const event = <E extends ClientEvent>(name: E, data: EventData<typeof clientEvents, E>) => {
    if (!peer.isOpen()) return;
    metrics.events.inc({ from: 'cloud', name });
    peer.event(name, data);
  };
  const fields = () => ({ tenantId, userId, sessionId, clientId, socketId });

  const onHello = (hello: ClientHello) => {
    const refusal = callbacks.onJoin(self, hello.clientId);
    if (refusal !== undefined) return peer.refuse(refusal, CloseCode.GoingAway);
    clientId = hello.clientId;
    subscriptions.push(
      bus.subscribe(userTopic(tenantId, userId), onMessage),
      directory.watch(tenantId, onDirectory),
    );
    bus.publish(userTopic(tenantId, userId), { kind: 'client.claimed', clientId, socketId });
    const listener = { userId, onOwn: onOwnPresence, onPresence };
    presence = deps.presence.join(tenantId, listener, clientId, socketId);
    peer.welcome({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      tenantId,
      userId,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      now: Date.now(),
    });
    metrics.clientSockets.inc();
    deps.log.info({ ...fields(), agent: hello.agent }, 'client joined');
    void begin();
  };

  const begin = async () => {
    snapshotsInWork += 1;
    try {
      onDirectory(await directory.get(tenantId), 'first');
      ready.resolve();
      await presence?.ready();
    } catch (error) {
      deps.log.warn({ ...fields(), err: error }, 'directory not read');
      peer.refuse(OffhookError.from(error), CloseCode.GoingAway);
      return;
    } finally {
      snapshotsInWork -= 1;
    }
    await sendSnapshot();
    // It may have been ended between the handshake and our listening for that.
    const valid = await deps.exists(session).catch(() => true); // Away: looked at when it is back.
    if (!valid) self.end('revoked');
  };

  /** Users and lines of the tenant have been read: follow the user's own line, wherever it hangs now. */
  const onDirectory = (people: TenantDirectory, occasion: 'first' | 'changed' = 'changed') => {
    if (!peer.isOpen()) return;
    if (people.status === 'deleting') return self.end('revoked');
    const user = people.user(userId);
    if (user === undefined) {
      // At first it may be newer than what was read; once known and then gone, it was deleted.
      if (occasion === 'changed') self.end('revoked');
      return;
    }
    const { number: _, ...rest } = me;
    const now: Me = {
      ...rest,
      name: user.name,
      email: user.email,
      ...(user.number === undefined ? {} : { number: user.number }),
    };
    const changed = JSON.stringify(now) !== JSON.stringify(me) || connector?.id !== user.connectorId;
    me = now;
    if (connector?.id !== user.connectorId) {
      leaveConnector();
      if (user.connectorId !== undefined) joinConnector(user.connectorId);
    }
    if (changed && occasion === 'changed') void sendSnapshot();
    if (introduced && occasion === 'changed')
      event('directory.changed', { within: askWithin(people.people) });
  };

  const joinConnector = (id: ConnectorId) => {
    if (clientId === undefined) return;
    const unsubscribe = bus.subscribe(connectorStateTopic(tenantId, id), ({ online }) => {
      event('connector.changed', { connector: online ? 'online' : 'offline' });
      if (online) void sendSnapshot();
    });
    connector = { id, unsubscribe };
    bus.publish(linkControlTopic(tenantId, id), { kind: 'client.joined', userId, clientId });
  };

  const leaveConnector = () => {
    if (connector === undefined || clientId === undefined) return;
    connector.unsubscribe();
    if (!replaced) {
      bus.publish(linkControlTopic(tenantId, connector.id), { kind: 'client.left', userId, clientId });
    }
    connector = undefined;
  };

  /** Make a snapshot and hand it on; what happened meanwhile follows it. */
  const withSnapshot = async (use: (snapshot: Snapshot) => void): Promise<void> => {
    snapshotsInWork += 1;
    try {
      use(await makeSnapshot());
    } finally {
      // After the answer of a `snapshot.get` has left.
      setImmediate(() => {
        snapshotsInWork -= 1;
        if (snapshotsInWork === 0) held.splice(0).forEach(tell);
      });
    }
  };

  const takeSnapshot = () => new Promise<Snapshot>((done, failed) => void withSnapshot(done).catch(failed));

  const sendSnapshot = () =>
    withSnapshot((snapshot) => {
      event('snapshot', snapshot);
      introduced = true;
    });

  const makeSnapshot = async (): Promise<Snapshot> => {
    const part = await connectorPart({
      bus,
      tenantId,
      userId,
      viewer,
      onFailed: ({ code }) => {
        deps.log.warn({ ...fields(), code }, 'snapshot of calls not answered');
        retrySnapshot();
      },
    });
    return { me, presence: ownPresence(), ...part };
  };

  const viewer = (): Viewer | undefined =>
    connector === undefined || clientId === undefined
      ? undefined
      : { clientId, connectorId: connector.id, directory: directory.known(tenantId) };

  const ownPresence = (): OwnPresence =>
    presence?.own() ?? { state: 'offline', line: 'unknown', choice: 'automatic' };
  const onOwnPresence = (own: OwnPresence) => {
    // A snapshot that is being made has it.
    if (introduced) event('ownPresence.changed', { presence: own });
  };
  const onPresence = (of: UserId, shown: Presence) =>
    event('presence.changed', { userId: of, presence: shown });

  const retrySnapshot = () => {
    clearTimeout(timers.retry);
    if (peer.isOpen())
      timers.retry = setTimeout(() => void sendSnapshot(), SNAPSHOT_RETRY * (0.5 + Math.random()));
  };

  const onMessage = (message: UserMessage): void => {
    switch (message.kind) {
      case 'session.ended':
        if (message.sessionId === undefined || message.sessionId === sessionId) self.end(message.reason);
        return;
      case 'client.claimed':
        if (message.clientId !== clientId || message.socketId === socketId) return;
        replaced = true;
        return self.close(CloseCode.Replaced, 'replaced by a newer socket');
      case 'call.changed':
      case 'media.reattach':
      case 'line.changed':
      case 'settings.changed':
      case 'abilities.changed':
      case 'history.added':
      case 'favourites.changed':
      case 'history.changed':
      case 'history.removed':
      case 'history.missed':
        if (snapshotsInWork === 0) return tell(message);
        held.push(message);
        if (held.length > HELD_EVENTS) self.close(CloseCode.TooSlow, 'too much happened meanwhile');
    }
  };

  const tell = (message: UserMessage): void => {
    switch (message.kind) {
      case 'call.changed': {
        const as = viewer();
        if (as === undefined) return;
        const { revision, call } = message.data;
        return event('call.changed', { revision, call: viewCall(as, call) });
      }
      case 'media.reattach': {
        const { callId, reason } = message;
        if (message.clientId === clientId) event('media.reattach', { callId, reason });
        return;
      }
      case 'line.changed':
        return event('line.changed', { line: message.line });
      case 'settings.changed':
        return event('settings.changed', { settings: message.settings });
      case 'abilities.changed':
        return event('abilities.changed', { abilities: message.abilities });
      case 'history.added':
        return event('history.added', { entry: message.entry });
      case 'favourites.changed':
        return event('favourites.changed', {});
      case 'history.changed':
        return event('history.changed', { entry: message.entry });
      case 'history.removed':
        return event('history.removed', { recordId: message.recordId });
      case 'history.missed':
        return event('history.missed', { count: message.count });
      case 'session.ended':
      case 'client.claimed':
    }
  };

  const peer: Peer = createPeer({
    socket,
    side: 'client',
    hello: ClientHello,
    methods: clientMethods,
    metrics,
    log: deps.log,
    ...(deps.timings === undefined ? {} : { timings: deps.timings }),
    onHello,
    isUrgent: (method, params) => isEmergencyCall(directory.known(tenantId), connector?.id, method, params),
    onRequest: async (method, params) => {
      // All wait alike, so that they stay in their order.
      await ready.promise;
      if (clientId === undefined || presence === undefined) throw new OffhookError('bad_request');
      const self = { session, clientId, connectorId: connector?.id, presence, snapshot: takeSnapshot };
      return answerClient(deps, self, method, params);
    },
    onClosed: (code) => {
      clearTimeout(timers.expiry);
      clearTimeout(timers.retry);
      clearInterval(timers.touch);
      leaveConnector();
      presence?.leave();
      subscriptions.splice(0).forEach((unsubscribe) => unsubscribe());
      if (clientId !== undefined) {
        metrics.clientSockets.dec();
        deps.log.info({ ...fields(), code }, 'client left');
      }
      callbacks.onClosed(self);
    },
  });

  const self: ClientSession = {
    session,
    clientId: () => clientId,
    connectorId: () => connector?.id,
    close: peer.close,
    end: (reason) => {
      if (!peer.isOpen()) return peer.refuse(new OffhookError('session_expired'), CloseCode.Unauthenticated);
      event('session.ended', { reason });
      peer.close(CloseCode.Unauthenticated, reason);
    },
  };

  const expire = () => {
    const left = session.expiresAt - Date.now();
    if (left <= 0) return self.end('expired');
    timers.expiry = setTimeout(expire, Math.min(left, LONGEST_TIMER));
  };
  timers.touch = setInterval(() => void deps.touch(session).catch(() => {}), TOUCH_EVERY);
  expire();

  return self;
}
