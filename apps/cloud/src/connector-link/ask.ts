import {
  connectorMethods,
  OffhookError,
  type ConnectorId,
  type ConnectorMethod,
  type Params,
  type Result,
  type TenantId,
} from '@offhook/contract';
import { NoResponder, type Bus } from '../bus/bus.ts';
import { connectorTopic } from '../bus/topics.ts';

/** Milliseconds: the node that holds the link gives up first, so that its answer says why. */
const REQUEST_TIMEOUT = 11_000;

/**
 * Ask a connector, wherever its link ends.
 * @throws OffhookError what the connector answered, `connector_offline`, `timeout`
 */
export async function askConnector<M extends ConnectorMethod>(
  bus: Bus,
  { tenantId, connectorId }: { tenantId: TenantId; connectorId: ConnectorId },
  method: M,
  params: Params<typeof connectorMethods, M>,
  timeoutMs = REQUEST_TIMEOUT,
): Promise<Result<typeof connectorMethods, M>> {
  try {
    const result = await bus.request(connectorTopic(tenantId, connectorId), { method, params }, timeoutMs);
    return connectorMethods[method].result.parse(result) as Result<typeof connectorMethods, M>;
  } catch (error) {
    if (error instanceof NoResponder) throw new OffhookError('connector_offline', { cause: error });
    throw error;
  }
}
