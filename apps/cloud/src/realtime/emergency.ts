import { bareNumber, PbxConfig, type ConnectorId } from '@offhook/contract';
import type { TenantDirectory } from '../directory/service.ts';

/** Where a connector's configuration cannot be read at the moment. */
const usual = PbxConfig.shape.emergencyNumbers.parse(undefined);

/** Begin a call, or ask for one. What goes on, and what is offered, is not among them. */
const placing: ReadonlySet<string> = new Set(['call.place', 'call.placeAtDesk', 'call.callBack']);

/**
 * Is this refused because the tenant is suspended? Nobody of it calls out but for help; running calls go on, and whoever calls in, such as the
 * emergency services that call back, is answered.
 */
export const isSuspendedCall = (
  directory: TenantDirectory | undefined,
  connectorId: ConnectorId | undefined,
  method: string,
  params: unknown,
): boolean =>
  directory?.status === 'suspended' &&
  placing.has(method) &&
  !isEmergencyCall(directory, connectorId, method, params);

/**
 * Does this request place an emergency call? Such a call is refused for want of a line or a connector, and for nothing
 * else: the limits of sockets and queues let it pass. Whatever will ask whether somebody may telephone asks here first.
 */
export function isEmergencyCall(
  directory: TenantDirectory | undefined,
  connectorId: ConnectorId | undefined,
  method: string,
  params: unknown,
): boolean {
  if (method !== 'call.place' && method !== 'call.placeAtDesk') return false;
  if (typeof params !== 'object' || params === null || !('to' in params)) return false;
  if (typeof params.to !== 'string' || params.to.length > 64) return false;
  const numbers = connectorId === undefined ? undefined : directory?.emergencyNumbers(connectorId);
  return (numbers ?? usual).includes(bareNumber(params.to));
}
