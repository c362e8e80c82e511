import { ErrorBody, Overview, type ConnectorState, type TenantId } from '@offhook/contract';
import type { StoredConnector } from '../connectors/store.ts';
import { personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { OverviewStore } from './store.ts';

/** How the tenant is, at a glance: what is left to set up, and what the charts draw. */
export function overviewRoutes(
  app: App,
  store: OverviewStore,
  statesOf: (tenantId: TenantId, stored: StoredConnector[]) => Promise<ConnectorState[]>,
): void {
  app.route({
    method: 'GET',
    url: '/api/admin/overview',
    config: { access: 'tenant.read' },
    schema: {
      summary: 'The set-up guide, connectors, seats and the charts',
      response: { 200: Overview, 401: ErrorBody, 403: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId } = personOf(request);
      const { connectors, ...rest } = await store.read(tenantId, Date.now());
      return { ...rest, connectors: await statesOf(tenantId, connectors) };
    },
  });
}
