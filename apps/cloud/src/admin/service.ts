import {
  OffhookError,
  type ApiKeyId,
  type ConnectorId,
  type ConnectorInfo,
  type NewApiKey,
  type TenantId,
} from '@offhook/contract';
import type { Actor } from '../audit/audit.ts';
import type { Bus } from '../bus/bus.ts';
import { linkStatusTopic } from '../bus/topics.ts';
import { hashToken, newApiKey } from '../secrets/tokens.ts';
import type { AdminStore } from './store.ts';

/** Milliseconds that a node may take to say how its link is. */
const STATUS_TIMEOUT = 1_000;

export type AdminService = ReturnType<typeof createAdminService>;

export function createAdminService(store: AdminStore, bus: Bus) {
  const linkStatus = async (tenantId: TenantId, connectorId: ConnectorId) => {
    try {
      return {
        online: true,
        ...(await bus.request(linkStatusTopic(tenantId, connectorId), {}, STATUS_TIMEOUT)),
      };
    } catch {
      return { online: false };
    }
  };
  return {
    listConnectors: async (tenantId: TenantId): Promise<ConnectorInfo[]> => {
      const connectors = await store.listConnectors(tenantId);
      return Promise.all(
        connectors.map(async (connector) => ({
          ...connector,
          ...(await linkStatus(tenantId, connector.connectorId)),
        })),
      );
    },

    /** @throws OffhookError `not_found` */
    createKey: async (tenantId: TenantId, connectorId: ConnectorId, actor: Actor): Promise<NewApiKey> => {
      const { key, hint } = newApiKey();
      const keyId = await store.addKey(tenantId, connectorId, { hash: hashToken(key), hint }, actor);
      if (keyId === undefined) throw new OffhookError('not_found');
      return { keyId, key };
    },

    /** @throws OffhookError `not_found` */
    revokeKey: async (tenantId: TenantId, keyId: ApiKeyId, actor: Actor): Promise<void> => {
      if (!(await store.revokeKey(tenantId, keyId, actor))) throw new OffhookError('not_found');
    },
  };
}
