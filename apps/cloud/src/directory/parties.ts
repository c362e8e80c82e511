import type { ConnectorId, Party } from '@offhook/contract';
import type { TenantDirectory } from './service.ts';

/**
 * The other side of a call with what the tenant knows of it: where the number belongs to a user, that user and
 * their name. What the peer says of users is not believed.
 */
export function knownParty(
  directory: TenantDirectory | undefined,
  connectorId: ConnectorId,
  party: Party,
): Party {
  const { number, name } = party;
  const user = number === '' ? undefined : directory?.byNumber(connectorId, number);
  if (user !== undefined) return { number, name: user.name, userId: user.userId };
  return { number, ...(name === undefined ? {} : { name }) };
}
