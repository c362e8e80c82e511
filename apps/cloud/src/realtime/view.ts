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
export function viewCall({ clientId, connectorId, directory }: Viewer, call: LinkCall): Call {
  const { members, divertedBy, ...rest } = call;
  const named = {
    ...rest,
    remote: knownParty(directory, connectorId, call.remote),
    ...(members === undefined
      ? {}
      : { members: members.map((member) => knownParty(directory, connectorId, member)) }),
    ...(divertedBy === undefined ? {} : { divertedBy: knownParty(directory, connectorId, divertedBy) }),
  };
  return callForClient(named, clientId);
}
