import { callForClient, type Call, type ClientId, type ConnectorId, type LinkCall } from '@offhook/contract';
import type { TenantDirectory } from '../directory/service.ts';
import { knownParty } from '../directory/parties.ts';

/** Who looks: one client of a user whose line hangs on this connector. */
export type Viewer = {
  clientId: ClientId;
  connectorId: ConnectorId;
  directory: TenantDirectory | undefined;
};

/** A call as this client sees it, with the names that its tenant knows. */
export function viewCall(viewer: Viewer, call: LinkCall): Call {
  const remote = knownParty(viewer.directory, viewer.connectorId, call.remote);
  return callForClient({ ...call, remote }, viewer.clientId);
}
