import {
  CloseCode,
  connectorEvents,
  connectorMethods,
  HEARTBEAT_SECONDS,
  LinkHello,
  type linkEvents,
  linkMethods,
  OffhookError,
  PROTOCOL_VERSION,
  type ConnectorMethod,
  type LinkEvent,
  type LinkMethod,
  type EventData,
} from '@offhook/contract';
import type { WebSocket } from 'ws';
import * as z from 'zod';
import type { Bus, Unsubscribe } from '../bus/bus.ts';
import {
  connectorStateTopic,
  connectorTopic,
  linkControlTopic,
  linkStatusTopic,
  rollCallTopic,
  type LinkControl,
  type LinkStatus,
} from '../bus/topics.ts';
import type { ConnectorRecorder, LinkRecord } from '../connectors/recorder.ts';
import type { DirectoryService } from '../directory/service.ts';
import type { HistoryStore } from '../history/store.ts';
import { newId } from '../ids.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { LinkPresence, PresenceService } from '../presence/service.ts';
import { watchReachable } from '../push/roll.ts';
import type { PushService } from '../push/service.ts';
import { isEmergencyCall } from '../realtime/emergency.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { pagesOf } from '../wire/pages.ts';
import { createPeer, type Peer, type PeerTimings } from '../wire/peer.ts';
import { configPage } from './config.ts';
import { createFactHandler, learnFromAnswer } from './facts.ts';
import { watchKeyEnd } from './key-end.ts';
import { appendRecords } from './records.ts';
import type { LinkStore, LinkKey } from './store.ts';

export type LinkDependencies = {
  bus: Bus;
  store: LinkStore;
  history: HistoryStore;
  directory: DirectoryService;
  presence: Pick<PresenceService, 'link'>;
  recorder: ConnectorRecorder;
  push: Pick<PushService, 'callChanged' | 'reachable'>;
  secrets: SecretBox;
  metrics: Metrics;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  timings?: Partial<PeerTimings> & { requestTimeout?: number };
};

/** One live connector link, from its handshake to its end. */
export type Link = {
  key: LinkKey;
  close: (code: number, reason: string) => void;
  refuse: (error: OffhookError, code: number) => void;
  /** Things may have changed unheard: is the key still good, what is the revision of the configuration, are new calls wanted? */
  recheck: () => Promise<void>;
};

/** Milliseconds that a connector may take for an answer, and that nodes may take at a roll call. */
const REQUEST_TIMEOUT = 10_000;
const ROLL_CALL_TIMEOUT = 500;
/** Joins and leaves that may wait behind the roll of clients; more, and the connector is sent to reconnect. */
const HELD_CONTROLS = 10_000;

export function openLink(
  deps: LinkDependencies,
  socket: WebSocket,
  { key, address }: { key: LinkKey; address: string },
  onClosed: (link: Link) => void,
): Link {
  const { bus, store, metrics } = deps;
  const { tenantId, connectorId, keyId } = key;
  const linkId = newId('lnk');
  const fields = { tenantId, connectorId, keyId, linkId };
  const subscriptions: Unsubscribe[] = [];
  /** There after hello. */
  let status: LinkStatus | undefined;
  let record: LinkRecord | undefined;
  /** There after hello, as events are. */
  let presence: LinkPresence | undefined;
  let replaced = false;
  /** Until the snapshot of clients has been sent, joins and leaves wait behind it. */
  let held: LinkControl[] | undefined = [];

  const event = <E extends LinkEvent>(name: E, data: EventData<typeof linkEvents, E>) =>
    peer.event(name, data);

  const onHello = (hello: LinkHello) => {
    status = {
      version: hello.version,
      since: Date.now(),
      address,
      canDrain: hello.canDrain === true,
      keyId,
      ...(key.expiresAt === null ? {} : { keyExpiresAt: key.expiresAt }),
    };
    const known = status;
    bus.publish(linkControlTopic(tenantId, connectorId), { kind: 'link.claimed', linkId });
    subscriptions.push(
      bus.subscribe(linkControlTopic(tenantId, connectorId), onControl),
      bus.respond(linkStatusTopic(tenantId, connectorId), async () => status ?? known),
      bus.respond(connectorTopic(tenantId, connectorId), ({ method, params }) => toConnector(method, params)),
    );
    peer.welcome({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      connectorId,
      tenantId,
      heartbeatSeconds: HEARTBEAT_SECONDS,
    });
    metrics.links.inc();
    deps.log.info({ ...fields, version: hello.version, epoch: hello.epoch }, 'connector link up');
    presence = deps.presence.link(tenantId, connectorId, linkId);
    record = deps.recorder.open({ tenantId, connectorId }, status);
    bus.publish(connectorStateTopic(tenantId, connectorId), { online: true });
    subscriptions.push(deps.directory.watch(tenantId, () => {}));
    deps.directory.get(tenantId).catch(() => {});
    void callRoll();
    // It may have been revoked between the handshake and our listening for that. Away: looked at when it is back.
    keyEnd.check().catch(() => {});
    announceDrain().catch(() => {});
  };

  const learn = (news: Partial<LinkStatus>) => {
    if (status === undefined) return;
    status = { ...status, ...news };
    record?.changed(status);
  };

  const keyEnd = watchKeyEnd({
    tenantId,
    keyId,
    expiresAt: key.expiresAt,
    keyEnd: store.keyEnd,
    onExpiry: (expiresAt) => {
      if (expiresAt !== null) learn({ keyExpiresAt: expiresAt });
    },
    onOver: () => link.refuse(new OffhookError('api_key_revoked'), CloseCode.Unauthenticated),
  });

  /** One after the other, so that what is read last is said last. */
  let draining: Promise<void> = Promise.resolve();
  const sayDrain = async () => {
    if (status?.canDrain !== true) return;
    event('drain.changed', { draining: await store.isDraining(tenantId, connectorId) });
  };
  const announceDrain = (): Promise<void> => {
    draining = draining.then(sayDrain, sayDrain);
    return draining;
  };

  const callRoll = async () => {
    const [lists, byPush] = await Promise.all([
      bus.gather(rollCallTopic(tenantId), { connectorId }, ROLL_CALL_TIMEOUT),
      reachable.first(),
    ]);
    const pages = pagesOf([...lists.flatMap((list) => list.clients), ...byPush]);
    for (const [index, clients] of pages.entries()) {
      event('clients.snapshot', { clients, more: index < pages.length - 1 });
      await peer.flushed(); // So that a long roll does not count as a slow reader's.
    }
    const waiting = held ?? [];
    held = undefined;
    waiting.forEach(onControl);
  };

  const announceConfig = async () => {
    const revision = await store.configRevision(tenantId, connectorId);
    if (revision !== undefined) event('config.changed', { revision });
  };

  /** Whoever is reached by push rings without a client. */
  const reachable = watchReachable({
    read: () => deps.push.reachable({ tenantId, connectorId }),
    onChange: (kind, client) => onControl({ kind, ...client }),
    onFailed: (err) => deps.log.warn({ ...fields, err }, 'who is reached by push not read'),
  });

  const warn = (message: string) => (err: unknown) => deps.log.warn({ ...fields, err }, message);

  const onControl = (control: LinkControl): void => {
    switch (control.kind) {
      case 'client.joined':
      case 'client.left': {
        if (held !== undefined) {
          held.push(control);
          if (held.length > HELD_CONTROLS) link.close(CloseCode.TooSlow, 'too much happened meanwhile');
          return;
        }
        const { userId, clientId } = control;
        reachable.noted(control.kind, { userId, clientId });
        return event(control.kind, { userId, clientId });
      }
      case 'config.changed':
        return void announceConfig().catch(warn('configuration not announced'));
      case 'key.revoked':
        if (control.keyId === keyId)
          link.refuse(new OffhookError('api_key_revoked'), CloseCode.Unauthenticated);
        return;
      case 'key.expires':
        if (control.keyId === keyId) void keyEnd.check().catch(warn('end of the key not read'));
        return;
      case 'drain.changed':
        return void announceDrain().catch(warn('whether it shall drain not read'));
      case 'link.claimed':
        if (control.linkId === linkId) return;
        replaced = true;
        return link.close(CloseCode.Replaced, 'replaced by a newer link');
    }
  };

  /** A request of a client's on its way to the connector; both shapes are checked here. */
  const toConnector = async (method: string, params: unknown): Promise<unknown> => {
    if (!isConnectorMethod(method)) throw new OffhookError('unknown_method');
    const urgent = isEmergencyCall(deps.directory.known(tenantId), connectorId, method, params);
    const timeout = deps.timings?.requestTimeout ?? REQUEST_TIMEOUT;
    const result = await peer.request(method, params, timeout, urgent);
    const checked = connectorMethods[method].result.safeParse(result);
    if (checked.success) {
      if (presence !== undefined) await learnFromAnswer(presence, method, params, checked.data);
      return checked.data;
    }
    deps.log.warn(
      { ...fields, method, problem: z.prettifyError(checked.error) },
      'bad answer from connector',
    );
    throw new OffhookError('internal');
  };

  const onRequest = async (method: string, params: unknown): Promise<unknown> => {
    if (!isLinkMethod(method)) throw new OffhookError('unknown_method');
    switch (method) {
      case 'config.get': {
        const { cursor } = parse(linkMethods[method].params, params);
        return configPage(store, deps.secrets, key, cursor);
      }
      case 'records.append':
        return appendRecords(deps, key, parse(linkMethods[method].params, params));
    }
  };

  const onEvent = createFactHandler({
    tenantId,
    connectorId,
    bus,
    directory: deps.directory,
    push: deps.push,
    presence: {
      activity: (activity) => presence?.activity(activity),
      activities: (page) => presence?.activities(page),
      learn: async (userId, said) => presence?.learn(userId, said),
    },
    onStatus: (told) => learn({ status: told }),
    onControl: (told) => learn({ control: told }),
    log: deps.log,
    fields,
  });

  const ended = (code: number) => {
    subscriptions.splice(0).forEach((unsubscribe) => unsubscribe());
    keyEnd.stop();
    reachable.stop();
    record?.down(replaced);
    if (status !== undefined) {
      metrics.links.dec();
      deps.log.info({ ...fields, code }, 'connector link down');
      presence?.down();
      if (!replaced) bus.publish(connectorStateTopic(tenantId, connectorId), { online: false });
    }
    onClosed(link);
  };

  const peer: Peer = createPeer({
    socket,
    side: 'connector',
    hello: LinkHello,
    methods: linkMethods,
    events: connectorEvents,
    metrics,
    log: deps.log,
    ...(deps.timings === undefined ? {} : { timings: deps.timings }),
    onHello,
    onRequest,
    onEvent,
    onClosed: ended,
  });

  const link: Link = {
    key,
    close: peer.close,
    refuse: peer.refuse,
    recheck: async () => {
      await keyEnd.check();
      await announceConfig();
      await announceDrain();
    },
  };
  return link;
}

const isLinkMethod = (method: string): method is LinkMethod => Object.hasOwn(linkMethods, method);
const isConnectorMethod = (method: string): method is ConnectorMethod =>
  Object.hasOwn(connectorMethods, method);

function parse<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw OffhookError.from(parsed.error);
}
