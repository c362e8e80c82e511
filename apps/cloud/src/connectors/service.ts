import {
  OffhookError,
  type ApiKey,
  type ConnectorChange,
  type ConnectorDetail,
  type ConnectorId,
  type ConnectorState,
  type NewConnector,
  type TenantId,
} from '@offhook/contract';
import type { ApiKeyStore } from '../api-keys/store.ts';
import type { Actor } from '../audit/audit.ts';
import type { Bus } from '../bus/bus.ts';
import { linkStatusTopic, type LinkStatus } from '../bus/topics.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { viewPbx } from './pbx.ts';
import { stateOf } from './state.ts';
import type { ConnectorStore, StoredConnector } from './store.ts';

/** Milliseconds that a node may take to say how its link is. */
const STATUS_TIMEOUT = 1_000;

export type ConnectorService = ReturnType<typeof createConnectorService>;

export type ConnectorServiceDependencies = {
  store: ConnectorStore;
  keys: Pick<ApiKeyStore, 'list'>;
  bus: Pick<Bus, 'request'>;
  secrets: SecretBox;
};

export function createConnectorService({ store, keys, bus, secrets }: ConnectorServiceDependencies) {
  const liveOf = (tenantId: TenantId, connectorId: ConnectorId): Promise<LinkStatus | undefined> =>
    bus.request(linkStatusTopic(tenantId, connectorId), {}, STATUS_TIMEOUT).catch((): undefined => undefined);
  const stateOfStored = async (tenantId: TenantId, stored: StoredConnector): Promise<ConnectorState> =>
    stateOf({ ...stored, live: await liveOf(tenantId, stored.connectorId) }, Date.now());
  const found = async (tenantId: TenantId, connectorId: ConnectorId): Promise<StoredConnector> => {
    const stored = await store.find(tenantId, connectorId);
    if (stored === undefined) throw new OffhookError('not_found');
    return stored;
  };
  const setDraining = async (
    tenantId: TenantId,
    connectorId: ConnectorId,
    draining: boolean,
    actor: Actor,
  ): Promise<ConnectorState> => {
    const live = await liveOf(tenantId, connectorId);
    if (draining && live?.canDrain === false) throw new OffhookError('feature_unsupported');
    await store.setDraining(tenantId, connectorId, draining, actor);
    return stateOfStored(tenantId, await found(tenantId, connectorId));
  };

  const service = {
    states: async (tenantId: TenantId, stored?: StoredConnector[]): Promise<ConnectorState[]> =>
      Promise.all((stored ?? (await store.list(tenantId))).map((one) => stateOfStored(tenantId, one))),

    /** Undefined where there is none any more. */
    state: async (tenantId: TenantId, connectorId: ConnectorId): Promise<ConnectorState | undefined> => {
      const stored = await store.find(tenantId, connectorId);
      return stored === undefined ? undefined : stateOfStored(tenantId, stored);
    },

    /** @throws OffhookError `not_found` */
    detail: async (
      tenantId: TenantId,
      connectorId: ConnectorId,
    ): Promise<Omit<ConnectorDetail, 'startLine'>> => {
      const stored = await found(tenantId, connectorId);
      const state = await stateOfStored(tenantId, stored);
      const pbx = await store.pbx(tenantId, connectorId);
      const held: ApiKey[] = await keys.list(tenantId, connectorId);
      return {
        state,
        keys: held,
        ...(pbx === undefined ? {} : { pbx: viewPbx(secrets, { tenantId, connectorId }, pbx) }),
      };
    },

    create: async (tenantId: TenantId, connector: NewConnector, actor: Actor) =>
      service.detail(tenantId, await store.create(tenantId, connector, actor)),

    change: async (tenantId: TenantId, connectorId: ConnectorId, change: ConnectorChange, actor: Actor) => {
      await store.change(tenantId, connectorId, change, actor);
      return service.detail(tenantId, connectorId);
    },

    remove: store.remove,

    /** New calls are neither placed nor taken; running ones go on. @throws OffhookError `not_found`, `feature_unsupported` */
    drain: (tenantId: TenantId, connectorId: ConnectorId, actor: Actor) =>
      setDraining(tenantId, connectorId, true, actor),

    /** @throws OffhookError `not_found` */
    resume: (tenantId: TenantId, connectorId: ConnectorId, actor: Actor) =>
      setDraining(tenantId, connectorId, false, actor),
  };
  return service;
}
